"""From the body of a Word file to blocks, in the order in which it is read."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from parsers.docx.chunks import Chunks
from parsers.docx.names import VAL, W
from parsers.docx.numbering import Numbering
from parsers.docx.runs import NoteNumbers, Runs, paragraph_runs
from parsers.docx.styles import Style, Styles
from parsers.draft import Draft
from parsers.ooxml.package import R
from parsers.ooxml.pictures import Pictures
from parsers.tables import markdown_table
from schemas.documents import BlockKind, Figure, OutlineEntry

if TYPE_CHECKING:
    from lxml.etree import _Element

_PARAGRAPH, _TABLE, _CHUNK, _CONTROL = f"{W}p", f"{W}tbl", f"{W}altChunk", f"{W}sdt"
_LEFT_OUT = frozenset({f"{W}del", f"{W}moveFrom", f"{W}sectPr", f"{W}sdtPr", f"{W}pPr", f"{W}tblPr"})
_DEEPEST_TABLE = 20


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a body refers to. Notes and comments are elements by kind and id."""

    styles: Styles
    numbering: Numbering
    notes: Mapping[tuple[str, str], "_Element"]
    comments: Mapping[str, "_Element"]
    pictures: Pictures
    chunks: Chunks


@dataclass(slots=True)
class Body:
    """Adds what a Word body holds to `draft`."""

    draft: Draft
    around: Surroundings
    figures: list[Figure] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    _numbers: NoteNumbers = field(default_factory=NoteNumbers)
    _code: list[str] = field(default_factory=list)
    _loose_figure: bool = False

    def add(self, container: "_Element", depth: int = 0) -> None:
        """Append the blocks of a body, cell or text box."""
        for element in _content(container):
            if element.tag == _PARAGRAPH:
                self._add_paragraph(element)
            elif element.tag == _CHUNK:
                self._end_code()
                self.around.chunks.add(self.draft, self.outline, element.get(f"{R}id", ""))
            else:
                self._end_code()
                self._add_table(element, depth)
        self._end_code()

    def _add_paragraph(self, paragraph: "_Element") -> None:
        runs = paragraph_runs(paragraph, self._numbers)
        style, level, marker = self._described(paragraph, bool(runs.text.strip()))
        if style.index:
            return
        if style.code and not marker:
            self._code.append(runs.text)
        else:
            self._end_code()
            self._add_text(runs.text, style, level, marker)
        self._add_pictures(runs)
        for box in runs.boxes:
            self.add(box)
        self._add_notes([runs])

    def _add_text(self, text: str, style: Style, list_level: int | None, marker: str) -> None:
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")]).strip()
        if not text:
            return
        if style.level:
            text = " ".join(f"{marker if marker != '- ' else ''}{text}".split())
            self.draft.add(BlockKind.HEADING, text, level=style.level)
            self.outline.append(OutlineEntry(text, style.level))
        elif list_level is not None:
            self.draft.add(BlockKind.LIST_ITEM, marker + text, level=list_level)
        elif style.caption:
            self.draft.add(BlockKind.CAPTION, text)
            if self._loose_figure:
                self.figures[-1] = replace(self.figures[-1], caption=text)
        else:
            self.draft.add(BlockKind.PARAGRAPH, text)
        self._loose_figure = False

    def _described(self, paragraph: "_Element", counts: bool) -> tuple[Style, int | None, str]:
        """Return a paragraph's style, its depth in a list or None, and its label."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return self.around.styles.get(None), None, ""
        style_id = properties.find(f"{W}pStyle")
        style = self.around.styles.get(None if style_id is None else style_id.get(VAL))
        outline = properties.find(f"{W}outlineLvl")
        if outline is not None and (outline.get(VAL) or "9") in "012345":
            style = replace(style, level=int(outline.get(VAL, "0")) + 1)
        list_id, level = _list_place(properties, style)
        if list_id in (None, "0") or not counts:
            return style, None, ""
        label = self.around.numbering.label(list_id or "", level)
        return (style, None, "") if label is None else (style, max(level, style.depth), label)

    def _add_pictures(self, runs: Runs) -> None:
        for picture in runs.pictures:
            figure = self.around.pictures.figure(picture.relation, len(self.figures), picture.alt)
            if figure:
                self.figures.append(figure)
                self._loose_figure = True

    def _add_notes(self, all_runs: Iterable[Runs]) -> None:
        """Append the notes that were just referred to, each behind its mark."""
        for runs in all_runs:
            for kind, note_id in runs.notes:
                note = self.around.notes.get((kind, note_id))
                text = "" if note is None else _flat_text(note, self._numbers)
                if text:
                    mark = self._numbers.number(kind, note_id)
                    self.draft.add(BlockKind.FOOTNOTE, f"[{mark}] {text}")
            for comment_id in runs.comments:
                if (comment := self.around.comments.get(comment_id)) is not None:
                    author = comment.get(f"{W}author") or "a reader"
                    text = _flat_text(comment, self._numbers)
                    self.draft.add(BlockKind.FOOTNOTE, f"Comment by {author}: {text}")

    def _end_code(self) -> None:
        if self._code:
            self.draft.add(BlockKind.CODE, "\n".join(self._code))
            self._code.clear()

    def _add_table(self, table: "_Element", depth: int) -> None:
        rows = [list(_cells(row)) for row in _children(table, f"{W}tr")]
        if sum(map(len, rows)) == 1 or depth >= _DEEPEST_TABLE:
            for row in rows:
                for cell in row:
                    self.add(cell, depth + 1)
            return
        grid: list[list[str]] = []
        inner: list[_Element] = []
        found: list[Runs] = []
        for row in rows:
            line: list[str] = []
            for cell in row:
                text = "" if _continues(cell) else self._cell_text(cell, inner, found)
                line += [text, *[""] * (_width(cell) - 1)]
            grid.append(line)
        self.draft.add(BlockKind.TABLE, markdown_table([line for line in grid if any(line)]))
        for runs in found:
            self._add_pictures(runs)
            for box in runs.boxes:
                self.add(box, depth + 1)
        self._add_notes(found)
        for nested in inner:
            self._add_table(nested, depth + 1)

    def _cell_text(self, cell: "_Element", inner: list["_Element"], found: list[Runs]) -> str:
        """Return a cell's text. Tables inside it, and what hangs on its text, are put aside."""
        texts: list[str] = []
        for element in _content(cell):
            if element.tag == _TABLE:
                inner.append(element)
            if element.tag != _PARAGRAPH:
                continue
            runs = paragraph_runs(element, self._numbers)
            _, _, marker = self._described(element, bool(runs.text.strip()))
            texts.append(marker + runs.text)
            found.append(runs)
        return " ".join(filter(None, texts))


def _content(container: "_Element") -> Iterator["_Element"]:
    """Yield paragraphs, tables and foreign chunks, out of content controls and tracked insertions too."""
    stack = list(reversed(container))
    while stack:
        element = stack.pop()
        if element.tag in (_PARAGRAPH, _TABLE, _CHUNK):
            yield element
        elif element.tag not in _LEFT_OUT and not _is_index(element):
            stack.extend(reversed(element))


def _is_index(element: "_Element") -> bool:
    """Whether a content control holds a table of contents that the program made."""
    gallery = element.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery") if element.tag == _CONTROL else None
    return gallery is not None and gallery.get(VAL) == "Table of Contents"


def _children(container: "_Element", tag: str) -> Iterator["_Element"]:
    """Yield what has this tag and is not inside another of them, whatever is wrapped around it."""
    stack = list(reversed(container))
    while stack:
        element = stack.pop()
        if element.tag == tag:
            if not _is_deleted_row(element):
                yield element
        elif element.tag not in _LEFT_OUT and element.tag not in (_PARAGRAPH, _TABLE):
            stack.extend(reversed(element))


def _is_deleted_row(element: "_Element") -> bool:
    return element.find(f"{W}trPr/{W}del") is not None


def _cells(row: "_Element") -> Iterator["_Element"]:
    yield from _children(row, f"{W}tc")


def _width(cell: "_Element") -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    stated = "" if span is None else span.get(VAL, "")
    return min(max(int(stated), 1), 1000) if stated.isdecimal() and len(stated) < 9 else 1


def _continues(cell: "_Element") -> bool:
    merge = cell.find(f"{W}tcPr/{W}vMerge")
    return merge is not None and merge.get(VAL, "continue") == "continue"


def _list_place(properties: "_Element", style: Style) -> tuple[str | None, int]:
    """Return a paragraph's list and its depth there: its own, else its style's."""
    own_id, own_level = properties.find(f"{W}numPr/{W}numId"), properties.find(f"{W}numPr/{W}ilvl")
    list_id = style.list_id if own_id is None else own_id.get(VAL)
    stated = str(style.list_level) if own_level is None else own_level.get(VAL, "0")
    return list_id, int(stated) if stated.isdecimal() and len(stated) < 3 else 0


def _flat_text(note: "_Element", numbers: NoteNumbers) -> str:
    texts = (paragraph_runs(paragraph, numbers).text for paragraph in note.iter(_PARAGRAPH))
    return " ".join(" ".join(texts).split())
