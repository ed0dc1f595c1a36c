"""Markdown: CommonMark with tables, and front matter."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.encoding import decode
from parsers.tables import markdown_table
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Metadata, OutlineEntry, Source
from schemas.registry import parsers

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.S)
_MAX_FRONT_MATTER = 100_000


def parse_markdown(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the document in a Markdown file, without its markup but for tables."""
    text = decode(content)
    front = _FRONT_MATTER.match(text)
    facts = _facts(front["yaml"]) if front else {}
    draft = Draft()
    outline = add_markdown(draft, text[front.end() :] if front else text)
    return draft.document(
        source, metadata=_metadata(facts), outline=tuple(outline), language=facts.get("lang")
    )


def add_markdown(draft: Draft, text: str, page: int | None = None) -> list[OutlineEntry]:
    """Append the blocks of Markdown, all on one page, and return its headings."""
    from markdown_it import MarkdownIt

    walk = _Walk(draft, page)
    walk.blocks(MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text))
    return walk.outline


@dataclass(slots=True)
class _Walk:
    """Turns a flat list of tokens into blocks."""

    draft: Draft
    page: int | None = None
    outline: list[OutlineEntry] = field(default_factory=list)
    _depth: int = -1
    _counters: list[int | None] = field(default_factory=list)
    _marker: str = ""

    def blocks(self, tokens: Sequence["Token"]) -> None:
        """Add the blocks that the tokens stand for."""
        index = 0
        while index < len(tokens):
            token = tokens[index]
            if token.type == "table_open":
                end = _closing(tokens, index)
                self._add(BlockKind.TABLE, markdown_table(_rows(tokens[index:end])))
                index = end
            self._block(tokens, index)
            index += 1

    def _block(self, tokens: Sequence["Token"], index: int) -> None:
        token = tokens[index]
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._counters.append(int(token.attrGet("start") or 1) if token.tag == "ol" else None)
            case "bullet_list_close" | "ordered_list_close":
                self._counters.pop()
            case "list_item_open":
                self._marker = self._next_marker(token.markup)
            case "fence" | "code_block":
                self._add(BlockKind.CODE, token.content)
            case "html_block":
                self._add(BlockKind.PARAGRAPH, _without_tags(token.content))
            case "inline":
                self._inline(token, tokens[index - 1])

    def _inline(self, token: "Token", opener: "Token") -> None:
        text = _inline_text(token.children or ())
        if opener.type == "heading_open":
            level = int(opener.tag[1])
            self._add(BlockKind.HEADING, " ".join(text.split()), level=level)
            self.outline.append(OutlineEntry(" ".join(text.split()), level, self.page))
        elif self._counters:
            self._add(BlockKind.LIST_ITEM, self._marker + text, level=len(self._counters) - 1)
            self._marker = ""
        else:
            self._add(BlockKind.PARAGRAPH, text)

    def _add(self, kind: BlockKind, text: str, level: int = 0) -> None:
        self.draft.add(kind, text, page=self.page, level=level)

    def _next_marker(self, markup: str) -> str:
        number = self._counters[-1]
        if number is None:
            return "- "
        self._counters[-1] = number + 1
        return f"{number}{markup} "


def _closing(tokens: Sequence["Token"], start: int) -> int:
    return next(i for i in range(start, len(tokens)) if tokens[i].type == "table_close")


def _rows(tokens: Iterable["Token"]) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_inline_text(token.children or ()))
    return rows


def _inline_text(children: Iterable["Token"]) -> str:
    parts: list[str] = []
    for child in children:
        if child.type in ("text", "code_inline"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append("\n")
        elif child.type == "image":
            parts.append(child.content)
        elif child.type == "html_inline" and child.content.lower().startswith("<br"):
            parts.append("\n")
    return "".join(parts)


def _without_tags(html: str) -> str:
    from html import unescape

    return unescape(_TAG.sub("", html))


def _facts(yaml_text: str) -> dict[str, str]:
    """Return what front matter states, as text; nothing if it is no YAML mapping."""
    import yaml

    if len(yaml_text) > _MAX_FRONT_MATTER or ("&" in yaml_text and "*" in yaml_text):
        return {}
    try:
        loaded = yaml.safe_load(yaml_text)
    except (yaml.YAMLError, ValueError):  # the 31st of a 13th month is no YAML error
        return {}
    if not isinstance(loaded, dict):
        return {}
    return {str(key).lower(): _shown(value) for key, value in loaded.items() if value is not None}


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _metadata(facts: dict[str, str]) -> Metadata:
    return Metadata(
        title=facts.get("title", ""),
        author=facts.get("author", facts.get("authors", "")),
        created=facts.get("date", ""),
        modified=facts.get("updated", facts.get("lastmod", "")),
        canonical_url=facts.get("canonical_url", facts.get("url", "")),
    )


parsers.add(
    "markdown",
    ParserEntry(parse_markdown, ("text/markdown",), (".md", ".markdown", ".mdown"), "CommonMark with tables"),
)
