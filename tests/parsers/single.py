"""Parses one file in the test's own process, through the registry as a child would."""

import hashlib
from pathlib import Path

from parsers.detection import parser_for
from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Document, Source
from schemas.registry import parsers
from tests.parsers.properties import check

FILES = Path(__file__).parent / "files"
PNG_HEAD = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes((0, 0, 2, 128, 0, 0, 1, 224, 8, 2, 0, 0, 0))  # 640 by 480


def parse(content: bytes, name: str, options: ParseOptions = ParseOptions()) -> Document:  # noqa: B008  # frozen
    """Return the document in `content`, checked for what holds for every document."""
    parser, media_type = parser_for(content, name, "", name)
    source = Source(name, media_type, hashlib.sha256(content).hexdigest(), len(content), Path(name).stem)
    document = parsers.get(parser).parse(content, source, options)
    check(document)
    return document


def texts(document: Document, kind: BlockKind) -> list[str]:
    """Return the texts of all blocks of a kind."""
    return [document.block_text(block) for block in document.blocks if block.kind is kind]


def shapes(document: Document) -> list[tuple[BlockKind, int, str]]:
    """Return kind, level and text of all blocks."""
    return [(block.kind, block.level, document.block_text(block)) for block in document.blocks]
