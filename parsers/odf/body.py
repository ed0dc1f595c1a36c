"""From the elements of an OpenDocument text or slide to blocks, in the order in which they are read."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.odf.inline import Inline, NoteMarks, flat, inline
from parsers.odf.lists import Counter
from parsers.odf.names import DC, DRAW, HREF, MATH, OFFICE, SVG, TABLE, TEXT
from parsers.odf.package import OpenDocument
from parsers.odf.styles import Styles, number
from parsers.tables import markdown_table
from schemas.documents import BlockKind, Figure, OutlineEntry

if TYPE_CHECKING:
    from lxml.etree import _Element

_PARAGRAPHS = frozenset({f"{TEXT}p", f"{TEXT}h"})
_ID = "{http://www.w3.org/XML/1998/namespace}id"
_ITEM, _HEADER = f"{TEXT}list-item", f"{TEXT}list-header"
_MADE_BY_THE_PROGRAM = frozenset(
    f"{TEXT}{name}"
    for name in [
        "table-of-content",
        "alphabetical-index",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "tracked-changes",
        "sequence-decls",
        "variable-decls",
    ]
)
_DEEPEST_TABLE = 20
_MOST_COLUMNS = 1000
_MOST_REPEATED_ROWS = 1000


@dataclass(slots=True)
class Body:
    """Adds what an OpenDocument file holds to `draft`."""

    draft: Draft
    file: OpenDocument
    styles: Styles
    comments: bool = False
    page: int | None = None
    figures: list[Figure] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    _marks: NoteMarks = field(default_factory=NoteMarks)
    _lists: dict[str, Counter] = field(default_factory=dict)
    _headings: Counter | None = None
    _code: list[str] = field(default_factory=list)
    _loose_figure: bool = False

    def add(self, container: "_Element", depth: int = 0) -> None:
        """Append the blocks of a body, a section, a cell or a text box."""
        for element in container:
            tag = str(element.tag)
            if tag in _PARAGRAPHS:
                self._add_paragraph(element)
                continue
            self._end_code()
            if tag == f"{TEXT}list":
                self._add_list(element, 0, element.get(f"{TEXT}style-name"), None)
            elif tag == f"{TABLE}table":
                self._add_table(element, depth)
            elif tag.startswith(DRAW):
                self.add_frame(element, depth)
            elif tag not in _MADE_BY_THE_PROGRAM:
                self.add(element, depth)
        self._end_code()

    def add_frame(self, frame: "_Element", depth: int = 0) -> None:
        """Append what a frame shows: a picture, a text box, a table, a formula, a chart's figures."""
        if depth > _DEEPEST_TABLE:
            return
        title = frame.findtext(f"{SVG}desc") or frame.findtext(f"{SVG}title") or ""
        kinds = [part.tag for part in frame]
        for part in frame:
            if part.tag == f"{DRAW}image":
                if f"{DRAW}object" not in kinds:  # there it shows what the object is
                    self._add_picture(part, title)
            elif part.tag == f"{DRAW}object":
                self._add_object(part)
            elif part.tag in _PARAGRAPHS or part.tag == f"{TEXT}list":
                self.add(frame, depth + 1)
                return
            elif part.tag == f"{TABLE}table":
                self._add_table(part, depth + 1)
            elif str(part.tag).startswith(DRAW):
                if part.tag == f"{DRAW}text-box":
                    self.add(part, depth + 1)
                else:
                    self.add_frame(part, depth + 1)

    def _add_paragraph(self, paragraph: "_Element") -> None:
        style = self.styles.paragraph(paragraph.get(f"{TEXT}style-name"))
        if style.hidden:
            return
        found = inline(paragraph, self.styles, self._marks)
        stated = number(paragraph.get(f"{TEXT}outline-level"), 0) if paragraph.tag == f"{TEXT}h" else 0
        level = min(stated, 6) or style.level
        if style.code and not level:
            self._code.append(found.text)
        else:
            self._end_code()
            self._add_text(found.text, level, stated, is_caption=style.caption)
        self._add_what_hangs_on(found)

    def _add_text(self, text: str, level: int, counted: int, *, is_caption: bool) -> None:
        text = "\n".join(" ".join(line.split()) for line in text.split("\n")).strip()
        if not text:
            return
        if level:
            self._headings = self._headings or Counter(self.styles.outline)
            label = self._headings.label(counted) if counted else ""
            text = " ".join(f"{label}{text}".split())
            self.draft.add(BlockKind.HEADING, text, level=level, page=self.page)
            self.outline.append(OutlineEntry(text, level, self.page))
        elif is_caption:
            self.draft.add(BlockKind.CAPTION, text, page=self.page)
            if self._loose_figure:
                self.figures[-1] = replace(self.figures[-1], caption=text)
        else:
            self.draft.add(BlockKind.PARAGRAPH, text, page=self.page)
        self._loose_figure = False

    def _add_list(self, element: "_Element", depth: int, style: str | None, counter: Counter | None) -> None:
        counter = counter or self._counter(element, style)
        for item in element:
            if item.tag not in (_ITEM, _HEADER):
                continue
            start = item.get(f"{TEXT}start-value")
            label = counter.label(depth + 1, number(start, 1) if start else None) if item.tag == _ITEM else ""
            for part in item:
                if part.tag in _PARAGRAPHS:
                    label = self._add_item(part, label, depth)
                elif part.tag == f"{TEXT}list":
                    inner = part.get(f"{TEXT}style-name")
                    own = counter if inner in (None, style) else None
                    self._add_list(part, min(depth + 1, _DEEPEST_TABLE), inner or style, own)

    def _counter(self, element: "_Element", style: str | None) -> Counter:
        """Return the count of the list that this one goes on with, else a new count."""
        name, earlier = element.get(_ID), element.get(f"{TEXT}continue-list")
        if earlier is None and element.get(f"{TEXT}continue-numbering") == "true":
            earlier = style
        counter = self._lists.get(earlier or "") or Counter(self.styles.list_levels(style))
        self._lists |= {key: counter for key in (name, style) if key}
        return counter

    def _add_item(self, paragraph: "_Element", label: str, depth: int) -> str:
        """Append a paragraph of an item, and return the label of the next one: none, if this one has it."""
        if paragraph.tag == f"{TEXT}h":
            self._add_paragraph(paragraph)
            return label
        found = inline(paragraph, self.styles, self._marks)
        text = "\n".join(" ".join(line.split()) for line in found.text.split("\n")).strip()
        if text:
            self.draft.add(BlockKind.LIST_ITEM, label + text, level=depth, page=self.page)
        self._add_what_hangs_on(found)
        return "" if text else label

    def _add_what_hangs_on(self, found: Inline) -> None:
        for mark, note in found.notes:
            body = note.find(f"{TEXT}note-body")
            text = "" if body is None else flat(body, self.styles, NoteMarks())
            self.draft.add(BlockKind.FOOTNOTE, f"[{mark}] {text}" if text else "", page=self.page)
        for remark in found.remarks if self.comments else ():
            author = remark.findtext(f"{DC}creator") or "a reader"
            text = flat(remark, self.styles, NoteMarks())
            self.draft.add(BlockKind.FOOTNOTE, f"Comment by {author}: {text}" if text else "", page=self.page)
        for frame in found.frames:
            self._loose_figure = False
            self.add_frame(frame)
            wrapped = (part for part in frame.iter(f"{DRAW}image") if part.getparent() is frame)
            self._loose_figure = next(wrapped, None) is not None and bool(self.figures)

    def _add_picture(self, image: "_Element", title: str) -> None:
        if picture := self.file.picture(image):
            name = f"figure-{len(self.figures) + 1}"
            self.figures.append(Figure(name, *picture, page=self.page, alt=" ".join(title.split())))

    def _add_object(self, element: "_Element") -> None:
        root = next(iter(element), None)
        if root is None:
            root = self.file.inner(element.get(HREF, ""))
        if root is None:
            return
        formula = root if root.tag == f"{MATH}math" else None
        if formula is not None:
            stated = formula.find(f".//{MATH}annotation")
            text = "".join(map(str, formula.itertext())) if stated is None else stated.text or ""
            self.draft.add(BlockKind.PARAGRAPH, " ".join(text.split()), page=self.page)
        for table in root.iter(f"{TABLE}table"):
            self._add_table(table, 1)

    def _end_code(self) -> None:
        if self._code:
            self.draft.add(BlockKind.CODE, "\n".join(self._code), page=self.page)
            self._code.clear()

    def _add_table(self, table: "_Element", depth: int) -> None:
        rows = [list(_cells(row)) for row in table_rows(table)]
        if sum(map(len, rows)) == 1 and depth < _DEEPEST_TABLE:
            self.add(rows[0][0], depth + 1)
            return
        grid: list[list[str]] = []
        inner: list[_Element] = []
        hanging: list[Inline] = []
        for row in rows:
            line: list[str] = []
            for cell in row:
                text = self._cell_text(cell, inner, hanging)
                line += [text] * min(number(cell.get(f"{TABLE}number-columns-repeated"), 1), _MOST_COLUMNS)
            grid.append(line[:_MOST_COLUMNS])
        shown = [line for line in grid if any(line)]
        self.draft.add(BlockKind.TABLE, markdown_table(shown), page=self.page)
        for found in hanging:
            self._add_what_hangs_on(found)
        for nested in inner if depth < _DEEPEST_TABLE else ():
            self._add_table(nested, depth + 1)

    def _cell_text(self, cell: "_Element", inner: list["_Element"], hanging: list[Inline]) -> str:
        texts: list[str] = []
        for element in _content(cell):
            if element.tag == f"{TABLE}table":
                inner.append(element)
                continue
            found = inline(element, self.styles, self._marks)
            texts.append(found.text)
            if found.notes or found.frames or found.remarks:
                hanging.append(found)
        return " ".join(filter(None, (text.strip() for text in texts)))


def table_rows(table: "_Element") -> Iterator["_Element"]:
    """Yield the rows of a table, out of header rows and groups too, those that repeat as often as they do."""
    stack = list(reversed(table))
    while stack:
        element = stack.pop()
        if element.tag == f"{TABLE}table-row":
            for _ in range(min(number(element.get(f"{TABLE}number-rows-repeated"), 1), _MOST_REPEATED_ROWS)):
                yield element
        elif element.tag in (f"{TABLE}table-header-rows", f"{TABLE}table-rows", f"{TABLE}table-row-group"):
            stack.extend(reversed(element))


def _cells(row: "_Element") -> Iterator["_Element"]:
    return row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell")


def _content(cell: "_Element") -> Iterator["_Element"]:
    """Yield a cell's paragraphs and tables, out of lists and sections too."""
    stack = list(reversed(cell))
    while stack:
        element = stack.pop()
        if element.tag in _PARAGRAPHS or element.tag == f"{TABLE}table":
            yield element
        elif element.tag not in (f"{OFFICE}annotation", *_MADE_BY_THE_PROGRAM):
            stack.extend(reversed(element))
