"""From Markdown's tokens to blocks, in document order."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.html.blocks import Walk
from parsers.html.tree import html_tree
from parsers.tables import markdown_table
from schemas.documents import BlockKind, OutlineEntry

if TYPE_CHECKING:
    from markdown_it.token import Token

_TAG = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>", re.S)
_STRUCTURE = re.compile(r"<(?:table|h[1-6]|[uod]l|li|pre|p|br)\b", re.I)
_NOTE = re.compile(r"^\[\^(?P<mark>[^\]\s]+)\]:[ \t]*", re.M)
_NOTE_MARK = re.compile(r"\[\^(?P<mark>[^\]\s]+)\]")
_CALLOUT = re.compile(r"\[!(?P<kind>[A-Za-z]+)\][+-]?[ \t]*(?P<title>[^\n]*)(?:\n|\Z)")
_DIRECTIVE = re.compile(r"\{(?P<kind>[a-z-]+)\}[ \t]*(?P<title>.*)")
_ATTRIBUTES = re.compile(r"[ \t]*\{:?[ \t]*[#.][^{}]*\}$")
_ADMONITIONS = frozenset(
    "admonition attention caution danger dropdown error hint important note seealso tip warning".split()
)


@dataclass(slots=True)
class MarkdownWalk:
    """Turns a flat list of tokens into blocks."""

    draft: Draft
    page: int | None
    read: Callable[[str], Sequence["Token"]]
    outline: list[OutlineEntry] = field(default_factory=list)
    _counters: list[int | None] = field(default_factory=list)
    _marker: str = ""
    _after_note: bool = False

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
                self._code(token)
            case "html_block":
                self._html(token.content)
            case "inline":
                self._inline(token, tokens[index - 1])

    def _inline(self, token: "Token", opener: "Token") -> None:
        text = _inline_text(token.children or ())
        note = _NOTE.match(text)
        self._after_note = note is not None
        text = _NOTE_MARK.sub(r"[\g<mark>]", text[note.end() :] if note else text)
        if opener.type == "heading_open":
            self._heading(_ATTRIBUTES.sub("", " ".join(text.split())), int(opener.tag[1]))
        elif note:
            self._add(BlockKind.FOOTNOTE, f"[{note['mark']}] {text}")
        elif callout := _CALLOUT.match(text):
            self._add(BlockKind.PARAGRAPH, callout["title"] or callout["kind"].capitalize())
            self._add(BlockKind.PARAGRAPH, text[callout.end() :])
        elif self._counters:
            self._add(BlockKind.LIST_ITEM, self._marker + text, level=len(self._counters) - 1)
            self._marker = ""
        else:
            self._add(BlockKind.PARAGRAPH, text)

    def _heading(self, text: str, level: int) -> None:
        self._add(BlockKind.HEADING, text, level=level)
        self.outline.append(OutlineEntry(text, level, self.page))

    def _code(self, token: "Token") -> None:
        """Add code, or what only looks like it: an admonition in a fence, a note's second paragraph."""
        directive = _DIRECTIVE.fullmatch(token.info.strip())
        if directive and directive["kind"] in _ADMONITIONS:
            self._add(BlockKind.PARAGRAPH, directive["title"] or directive["kind"].capitalize())
            self.blocks(self.read(token.content))
        elif token.type == "code_block" and self._after_note:
            self._add(BlockKind.FOOTNOTE, token.content)
        else:
            self._add(BlockKind.CODE, token.content)

    def _html(self, html: str) -> None:
        text = _TAG.sub("", html)
        if not text.strip():
            return
        tree = html_tree(html.encode(), "utf-8") if _STRUCTURE.search(html) else None
        if tree is None:
            self._add(BlockKind.PARAGRAPH, unescape(text))
            return
        walk = Walk(self.draft, page=self.page)
        walk.add(tree)
        self.outline += walk.outline

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
