"""From a tree of HTML elements to blocks: one pass in document order, without recursion."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.html.code import code_table, code_text, is_line_number
from parsers.html.inline import BREAK, note_names, stand_in
from parsers.html.pictures import Picture, addresses, inline_picture
from parsers.html.tables import data_table
from parsers.html.tree import words
from parsers.html.vocabulary import BLOCKS, CREDIT, FOOTNOTE, HEADINGS, NEVER_TEXT, PERMALINK
from schemas.documents import BlockKind, Figure, OutlineEntry

if TYPE_CHECKING:
    from lxml.etree import _Element

_SPACES = re.compile(r"[ \t\n\r\f\xa0\u2000-\u200a\u202f\u3000]+")
_NO_WIDTH = re.compile("[\xad\u200b\u2060]")
_GAP = re.compile(rf"{BREAK}\s*{BREAK}\s*")  # white space takes in further breaks
_NOTE_BACK = re.compile(
    r"(?:^|[\s_-])(?:backlink|cite-backlink|footnote-?backs?|footnote-?backrefs?)(?:[\s_-]|$)", re.I
)
_PERMALINK_SIGN = re.compile(r"(?:\s*[¶§]|\s+#)+$")
_LISTS = frozenset({"ul", "ol", "dl", "menu", "dir"})
_ITEMS = frozenset({"li", "dt", "dd"})
_PICTURES = ("img", "image")


@dataclass(slots=True)
class Walk:
    """Turns elements into blocks of `draft`. `skipped` are elements that are left out with all they hold."""

    draft: Draft
    skipped: Collection["_Element"] = ()
    picture: Callable[[str], Picture | None] = inline_picture
    page: int | None = None
    figures: list[Figure] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _kinds: list[tuple["_Element", BlockKind]] = field(default_factory=list)
    _levels: list["_Element"] = field(default_factory=list)
    _counters: list[int | None] = field(default_factory=list)
    _marker: str = ""
    _captions: set[str] = field(default_factory=set)

    def add(self, root: "_Element") -> None:
        """Append the blocks in `root`, the text behind it left aside."""
        from lxml import etree

        left_out: _Element | None = None
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._enters(element):
                    self._words.append(element.text or "")
                else:
                    left_out = element
                    walk.skip_subtree()
                continue
            if element is not left_out and element.tag in BLOCKS:
                self._leave(element)
            if element is not root:
                self._words.append(element.tail or "")
        self._flush()

    def _enters(self, element: "_Element") -> bool:
        """Note that an element begins. False when all that it holds is dealt with, or left out."""
        tag = element.tag
        if element in self.skipped or _is_gadget(element):
            if tag in BLOCKS:
                self._flush()
            return False
        if tag in _PICTURES:
            self._add_picture(element)
        if (text := stand_in(element)) is not None:
            self._words.append(text)
            return False
        if tag in BLOCKS:
            self._flush()
            return tag not in NEVER_TEXT and self._enters_block(element, tag)
        return tag not in NEVER_TEXT

    def _enters_block(self, element: "_Element", tag: str) -> bool:
        if tag == "pre":
            self._put(BlockKind.CODE, code_text(element))
            return False
        if tag == "table" and (code := code_table(element)):
            self._put(BlockKind.CODE, code)
            return False
        if tag == "table" and (table := data_table(element, self.skipped)):
            self._put(BlockKind.CAPTION, table.caption)
            self._put(BlockKind.TABLE, table.markdown)
            return False
        if tag in _LISTS:
            self._counters.append(_first_number(element) if tag == "ol" else None)
        elif tag in _ITEMS:
            self._enters_item(element, tag)
        if kind := _kind_of(element, tag):
            self._kinds.append((element, kind))
        return True

    def _enters_item(self, element: "_Element", tag: str) -> None:
        """Note an item's marker. A list of notes counts them, but holds no list items."""
        if not self._in_note():
            self._marker = self._next_marker(tag, element)
            self._levels.append(element)
        elif tag == "li" and self._counters and self._counters[-1] is not None:
            self._marker = f"[{self._next_marker(tag, element).removesuffix('. ')}] "

    def _leave(self, element: "_Element") -> None:
        self._flush()
        if element.tag in _LISTS and self._counters:
            self._counters.pop()
        if self._levels and self._levels[-1] is element:
            self._levels.pop()
            self._marker = ""
        if self._kinds and self._kinds[-1][0] is element:
            self._kinds.pop()

    def _flush(self) -> None:
        """End the block in the making: several, where lines are left free in a paragraph."""
        text = "".join(self._words)
        self._words.clear()
        kind = self._kinds[-1][1] if self._kinds else BlockKind.PARAGRAPH
        free = kind is BlockKind.PARAGRAPH and not self._levels
        for part in _GAP.split(text) if free else (text,):
            if shown := folded(part):
                self._add(kind, shown)

    def _add(self, kind: BlockKind, text: str) -> None:
        if kind is BlockKind.HEADING:
            level = HEADINGS[str(self._kinds[-1][0].tag)]
            text = _PERMALINK_SIGN.sub("", " ".join(text.split()))
            self._put(kind, text, level)
            self.outline.append(OutlineEntry(text, level, self.page))
        elif self._levels and kind is BlockKind.PARAGRAPH:
            depth = max(len(self._counters) - 1, 0)
            self._put(BlockKind.LIST_ITEM, self._marker + text, depth)
            self._marker = ""
        elif kind is BlockKind.FOOTNOTE:
            self._put(kind, self._marker + text)
            self._marker = ""
        elif kind is not BlockKind.CAPTION or self._says_something(text):
            self._put(kind, text)

    def _put(self, kind: BlockKind, text: str, level: int = 0) -> None:
        self.draft.add(kind, text, page=self.page, level=level)

    def _says_something(self, caption: str) -> bool:
        """Whether a caption is neither a mere credit nor the same as an earlier one."""
        if caption in self._captions or CREDIT.fullmatch(caption):
            return False
        self._captions.add(caption)
        return True

    def _add_picture(self, element: "_Element") -> None:
        picture = next(filter(None, map(self.picture, addresses(element))), None)
        if picture is not None:
            name, alt = f"figure-{len(self.figures) + 1}", element.get("alt", "")
            caption = _caption_beside(element)
            self.figures.append(Figure(name, picture.media_type, picture.content, alt=alt, caption=caption))

    def _next_marker(self, tag: str, element: "_Element") -> str:
        number = self._counters[-1] if self._counters else None
        if tag == "dt":
            return ""
        if tag == "dd" or number is None:
            return "- " if tag == "li" else ": "
        stated = element.get("value", "")
        number = int(stated) if stated.isdecimal() and len(stated) < 9 else number
        self._counters[-1] = number + 1
        return f"{number}. "

    def _in_note(self) -> bool:
        return bool(self._kinds) and self._kinds[-1][1] is BlockKind.FOOTNOTE


def _caption_beside(picture: "_Element") -> str:
    """Return the caption of the figure that a picture belongs to, as its block has it."""
    around = next(picture.iterancestors("figure"), None)
    caption = None if around is None else next(around.iter("figcaption"), None)
    return "" if caption is None else folded("".join(map(str, caption.itertext())))


def folded(text: str) -> str:
    """Return text as a browser shows it: white space folded, but for the breaks that were asked for."""
    lines = _NO_WIDTH.sub("", text).split(BREAK)
    return "\n".join(filter(None, (_SPACES.sub(" ", line).strip() for line in lines)))


def _is_gadget(element: "_Element") -> bool:
    """Whether an element is a heading's own link, a note's way back, or a column of line numbers."""
    if element.tag in ("a", "span") and _NOTE_BACK.search(note_names(element)):
        return True
    names = element.get("class")
    if not names:
        return False
    if element.tag == "a":
        return bool(PERMALINK.search(names)) and len(words(element)) < 3
    return element.tag in ("td", "div", "span", "pre") and is_line_number(element)


def _kind_of(element: "_Element", tag: str) -> BlockKind | None:
    if tag in HEADINGS:
        return BlockKind.HEADING
    if tag in ("figcaption", "caption"):
        return BlockKind.CAPTION
    if tag == "ol" and "references" in (element.get("class") or "").split():
        return BlockKind.FOOTNOTE
    if tag in ("li", "div", "aside", "section", "p", "dd") and FOOTNOTE.search(note_names(element)):
        return BlockKind.FOOTNOTE
    return None


def _first_number(element: "_Element") -> int:
    stated = element.get("start", "1")
    return int(stated) if stated.isdecimal() and len(stated) < 9 else 1
