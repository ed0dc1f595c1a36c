"""Documents written for tests, and replies to scripted requests."""

from typing import Any

from pydantic import BaseModel

from parsers.draft import Draft
from schemas.contracts import Options, RecipeSetup
from schemas.documents import BlockKind, Document, Passage, Source
from schemas.requests import Reply, Request, Sampling

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (480).to_bytes(4, "big") + b"\b\2\0\0\0"
SAMPLING = Sampling("scripted", temperature=0.7)


def written(*blocks: tuple[BlockKind, str] | str, title: str = "Pumps", language: str = "en") -> Document:
    """Return a document of blocks; text alone is a paragraph, `# text` a heading, `| text` a table."""
    draft = Draft()
    for page, block in enumerate(blocks, start=1):
        kind, text = (_kind(block), block.lstrip("# ")) if isinstance(block, str) else block
        level = len(block) - len(block.lstrip("#")) if isinstance(block, str) else 0
        draft.add(kind, text, page=page, level=level)
    source = Source(f"{title}.md", "text/markdown", "0" * 64, 1, title)
    return draft.document(source, language=language, page_count=len(blocks))


def whole(document: Document, tokens: int = 500) -> Passage:
    """Return all of a document as one passage."""
    return Passage(document, 0, len(document.text), (), tokens)


def setup(count: int = 2, options: Options | None = None, **changes: Any) -> RecipeSetup:
    """Return what recipes are built with."""
    return RecipeSetup(count, SAMPLING, options or Options(), **changes)


def reply(request: Request, answer: BaseModel | None, text: str = "") -> Reply:
    """Return a model's answer to `request`."""
    return Reply(request.id, text or (answer.model_dump_json() if answer else ""), "scripted", answer)


def _kind(text: str) -> BlockKind:
    marks = {"#": BlockKind.HEADING, "|": BlockKind.TABLE, "-": BlockKind.LIST_ITEM, "`": BlockKind.CODE}
    return marks.get(text[0], BlockKind.PARAGRAPH)
