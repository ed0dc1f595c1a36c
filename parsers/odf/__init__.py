"""OpenDocument files of LibreOffice and others: texts, presentations and spreadsheets, flat ones too."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.odf.body import Body, table_rows
from parsers.odf.inline import NoteMarks, flat
from parsers.odf.names import DC, DRAW, OFFICE, PRESENTATION, TABLE
from parsers.odf.package import OpenDocument
from parsers.odf.styles import Styles, number
from parsers.sheets import Row, add_rows
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, OutlineEntry, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from lxml.etree import _Element

_OASIS = "application/vnd.oasis.opendocument."
_KINDS = ("text", "presentation", "spreadsheet")
_TITLES = frozenset({"title"})
_FURNITURE = frozenset({"header", "footer", "date-time", "page-number", "page", "handout"})


def parse_odf(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the document in a text, one page per slide of a presentation, or the sheets of a workbook."""
    file = OpenDocument(content, source.uri)
    styles = Styles(file.roots)
    body = Body(Draft(), file, styles, options.comments)
    kind = next((kind for kind in _KINDS if file.body(kind) is not None), "")
    root = file.body(kind)
    if root is None:
        raise UnreadableDocument(source.uri, "damaged", "it holds no text, no slides and no sheets")
    pages = None
    if kind == "presentation":
        pages = _add_slides(body, root)
    elif kind == "spreadsheet":
        _add_sheets(body, root)
    else:
        body.add(root)
    return body.draft.document(
        source,
        metadata=file.metadata(),
        figures=tuple(body.figures),
        outline=tuple(body.outline),
        language=styles.language,
        page_count=pages,
    )


def _add_slides(body: Body, root: "_Element") -> int:
    slides = list(root.iterchildren(f"{DRAW}page"))
    for page, slide in enumerate(slides, start=1):
        body.page = page
        hidden = body.styles.is_hidden("drawing-page", slide.get(f"{DRAW}style-name"))
        frames = [part for part in slide if str(part.tag).startswith(DRAW)]
        for frame in sorted(frames, key=lambda frame: _class(frame) not in _TITLES):
            if _class(frame) in _TITLES:
                title = flat(frame, body.styles, NoteMarks()) + (" (hidden slide)" if hidden else "")
                body.draft.add(BlockKind.HEADING, title, level=1, page=page)
                body.outline += [OutlineEntry(title, 1, page)] if title else []
            elif _class(frame) not in _FURNITURE:
                body.add_frame(frame)
        for notes in slide.iterchildren(f"{PRESENTATION}notes"):
            _add_notes(body, notes, page)
    return len(slides)


def _add_notes(body: Body, notes: "_Element", page: int) -> None:
    for frame in notes:
        if _class(frame) == "notes" and (text := flat(frame, body.styles, NoteMarks())):
            body.draft.add(BlockKind.FOOTNOTE, f"Speaker notes: {text}", page=page)


def _class(frame: "_Element") -> str:
    return frame.get(f"{PRESENTATION}class", "")


def _add_sheets(body: Body, root: "_Element") -> None:
    for sheet in root.iterchildren(f"{TABLE}table"):
        hidden = body.styles.is_hidden("table", sheet.get(f"{TABLE}style-name"))
        name = sheet.get(f"{TABLE}name", "") + (" (hidden sheet)" if hidden else "")
        rows = list(_sheet_rows(sheet, body.styles))
        if rows:
            body.draft.add(BlockKind.HEADING, name, level=1)
            body.outline.append(OutlineEntry(name, 1))
            add_rows(body.draft, rows)
        for remark in sheet.iter(f"{OFFICE}annotation") if body.comments else ():
            author, text = (
                remark.findtext(f"{DC}creator") or "a reader",
                flat(remark, body.styles, NoteMarks()),
            )
            body.draft.add(BlockKind.FOOTNOTE, f"Comment by {author}: {text}" if text else "")


def _sheet_rows(sheet: "_Element", styles: Styles) -> Iterator[Row]:
    """Yield the rows that hold something: a sheet's empty end is one row that is repeated a million times."""
    for at, row in enumerate(table_rows(sheet), start=1):
        if cells := _shown_cells(row, styles):
            yield Row(at, cells)


def _shown_cells(row: "_Element", styles: Styles) -> dict[int, str]:
    cells: dict[int, str] = {}
    column = 0
    for cell in row.iterchildren(f"{TABLE}table-cell", f"{TABLE}covered-table-cell"):
        times = number(cell.get(f"{TABLE}number-columns-repeated"), 1)
        text = " ".join(_paragraphs(cell, styles)) or cell.get(f"{OFFICE}value", "")
        for repeated in range(min(times, 1000) if text else 0):
            cells[column + repeated + 1] = text
        column += times
    return cells


def _paragraphs(cell: "_Element", styles: Styles) -> Iterator[str]:
    for part in cell:
        if part.tag != f"{OFFICE}annotation" and (text := flat(part, styles, NoteMarks())):
            yield text


parsers.add(
    "odf",
    ParserEntry(
        parse_odf,
        (
            *(f"{_OASIS}{kind}" for kind in _KINDS),
            *(f"{_OASIS}{kind}-template" for kind in _KINDS),
            *(f"{_OASIS}{kind}-flat-xml" for kind in _KINDS),
        ),
        (".odt", ".odp", ".ods", ".ott", ".otp", ".ots", ".fodt", ".fodp", ".fods"),
        "OpenDocument texts, presentations and spreadsheets",
    ),
)
