"""Excel workbooks: each sheet a heading and its tables, formulas as their stored values."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.ooxml.package import Package, R, Relation
from parsers.sheets import add_rows
from parsers.xlsx.cells import CellFormats, S, shared_strings, sheet_rows
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, OutlineEntry, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE = "application/vnd.openxmlformats-officedocument.spreadsheetml."


def parse_xlsx(content: bytes, source: Source, options: ParseOptions) -> Document:
    """Return the workbook's sheets in order. Hidden ones are read too, and their headings say so."""
    package = Package(content, source.uri)
    main = package.main_part()
    workbook = package.tree(main)
    if workbook is None:
        raise UnreadableDocument(source.uri, "damaged", "it has no workbook")
    relations = package.relations(main)
    strings = shared_strings(_part(package, relations, "sharedStrings"))
    formats = CellFormats(_part(package, relations, "styles"), starts_1904=_starts_1904(workbook))
    draft, outline = Draft(), []
    for sheet in workbook.iter(f"{S}sheet"):
        relation = relations.get(sheet.get(f"{R}id", ""))
        content_part = package.read(relation.target) if relation and relation.kind == "worksheet" else None
        if content_part is None:
            continue
        name = sheet.get("name", "") + (
            " (hidden sheet)" if sheet.get("state", "visible") != "visible" else ""
        )
        rows = list(sheet_rows(content_part, strings, formats, source.uri))
        if rows:
            draft.add(BlockKind.HEADING, name, level=1)
            outline.append(OutlineEntry(name, 1))
            add_rows(draft, rows)
        if options.comments and relation:
            _add_comments(draft, package, relation.target)
    return draft.document(source, metadata=package.metadata(), outline=tuple(outline))


def _part(package: Package, relations: Mapping[str, Relation], kind: str) -> bytes | None:
    found = next((relation for relation in relations.values() if relation.kind == kind), None)
    return package.read(found.target) if found else None


def _starts_1904(workbook: "_Element") -> bool:
    properties = workbook.find(f"{S}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")


def _add_comments(draft: Draft, package: Package, sheet: str) -> None:
    """Add the remarks on a sheet's cells as footnotes."""
    for relation in package.relations(sheet).values():
        root = (
            package.tree(relation.target) if relation.kind == "comments" and not relation.external else None
        )
        if root is None:
            continue
        authors = [author.text or "" for author in root.iter(f"{S}author")]
        places = {str(place) for place in range(len(authors))}
        for comment in root.iter(f"{S}comment"):
            index = comment.get("authorId", "")
            author = authors[int(index)] if index in places else ""
            text = " ".join("".join(part.text or "" for part in comment.iter(f"{S}t")).split())
            by = author or "a reader"
            draft.add(BlockKind.FOOTNOTE, f"Comment by {by} on {comment.get('ref', 'a cell')}: {text}")


parsers.add(
    "xlsx",
    ParserEntry(
        parse_xlsx,
        (f"{_OFFICE}sheet", "application/vnd.ms-excel.sheet.macroEnabled.12"),
        (".xlsx", ".xlsm"),
        "Excel workbooks, hidden sheets included",
    ),
)
