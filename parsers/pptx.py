"""PowerPoint presentations: slides as pages, with tables, charts' figures and speaker notes."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.draft import Draft
from parsers.ooxml.mathematics import M, linear
from parsers.ooxml.package import Package, R, Relation
from parsers.ooxml.pictures import Pictures
from parsers.tables import markdown_table
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Figure, OutlineEntry, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from lxml.etree import _Element

P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_OFFICE = "application/vnd.openxmlformats-officedocument.presentationml."
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})
_TITLES = frozenset({"title", "ctrTitle"})


def parse_pptx(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the presentation, one page per slide, in the order in which it is shown."""
    package = Package(content, source.uri)
    main = package.main_part()
    root = package.tree(main)
    if root is None:
        raise UnreadableDocument(source.uri, "damaged", "it has no presentation")
    relations = package.relations(main)
    ids = [entry.get(f"{R}id", "") for entry in root.iter(f"{P}sldId")]
    slides = _Slides(package)
    names = [relations[i].target for i in ids if i in relations and not relations[i].external]
    for page, name in enumerate(names, start=1):
        slides.add(name, page)
    return slides.draft.document(
        source,
        metadata=package.metadata(),
        figures=tuple(slides.figures),
        outline=tuple(slides.outline),
        page_count=len(names),
    )


@dataclass(slots=True)
class _Slides:
    """Adds one slide after the other."""

    package: Package
    draft: Draft = field(default_factory=Draft)
    figures: list[Figure] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)
    _relations: Mapping[str, Relation] = field(default_factory=dict)
    _page: int = 0

    def add(self, name: str, page: int) -> None:
        """Append a slide's blocks: its title, its shapes in their order, its notes."""
        root = self.package.tree(name)
        if root is None:
            return
        self._relations, self._page = self.package.relations(name), page
        shapes = list(_shapes(root))
        hidden = " (hidden slide)" if root.get("show") in ("0", "false") else ""
        for shape in sorted(shapes, key=lambda shape: _placeholder(shape) not in _TITLES):
            self._add_shape(shape, hidden)
        self._add_notes()

    def _add_shape(self, shape: "_Element", hidden: str) -> None:
        kind = _placeholder(shape)
        if kind in _FURNITURE:
            return
        if kind in _TITLES:
            title = " ".join(" ".join(_lines(shape)).split())
            if title:
                self.draft.add(BlockKind.HEADING, title + hidden, page=self._page, level=1)
                self.outline.append(OutlineEntry(title + hidden, 1, self._page))
        elif shape.tag == f"{P}pic":
            self._add_picture(shape)
        elif shape.tag == f"{P}graphicFrame":
            self._add_frame(shape)
        else:
            self._add_text(shape, kind)

    def _add_text(self, shape: "_Element", kind: str | None) -> None:
        for paragraph in shape.iter(f"{A}p"):
            text = _paragraph_text(paragraph)
            depth = _bullet_depth(paragraph, in_body=kind in ("body", "obj", ""))
            if depth is None:
                self.draft.add(BlockKind.PARAGRAPH, text, page=self._page)
            elif text.strip():
                self.draft.add(BlockKind.LIST_ITEM, f"- {text.strip()}", page=self._page, level=depth)

    def _add_picture(self, shape: "_Element") -> None:
        blip = next(shape.iter(f"{A}blip"), None)
        described = next(shape.iter(f"{P}cNvPr"), None)
        alt = "" if described is None else described.get("descr", "")
        relation = "" if blip is None else blip.get(f"{R}embed", "")
        pictures = Pictures(self.package, self._relations)
        if figure := pictures.figure(relation, len(self.figures), alt, self._page):
            self.figures.append(figure)

    def _add_frame(self, shape: "_Element") -> None:
        """Append a table, a chart's figures, or a diagram's words."""
        for table in shape.iter(f"{A}tbl"):
            rows = [[_cell_text(cell) for cell in row.iter(f"{A}tc")] for row in table.iter(f"{A}tr")]
            self.draft.add(BlockKind.TABLE, markdown_table(rows), page=self._page)
        for chart in shape.iter(f"{C}chart"):
            self._add_chart(self._part(chart.get(f"{R}id", "")))
        for diagram in shape.iter("{http://schemas.openxmlformats.org/drawingml/2006/diagram}relIds"):
            part = self._part(diagram.get(f"{R}dm", ""))
            for paragraph in part.iter(f"{A}p") if part is not None else ():
                self.draft.add(BlockKind.PARAGRAPH, _paragraph_text(paragraph), page=self._page)

    def _add_chart(self, part: "_Element | None") -> None:
        if part is None:
            return
        title = next(part.iter(f"{C}title"), None)
        if title is not None:
            self.draft.add(BlockKind.CAPTION, " ".join(_lines(title)), page=self._page)
        series = list(part.iter(f"{C}ser"))
        columns = [_cached(next(iter(series), None), "cat"), *(_cached(one, "val") for one in series)]
        names = ["", *(" ".join(_cached(one, "tx").values()) for one in series)]
        points = sorted({index for column in columns for index in column})
        rows = [names, *([column.get(index, "") for column in columns] for index in points)]
        self.draft.add(BlockKind.TABLE, markdown_table(rows) if points else "", page=self._page)

    def _add_notes(self) -> None:
        for relation in self._relations.values():
            root = self.package.tree(relation.target) if relation.kind == "notesSlide" else None
            for shape in _shapes(root) if root is not None else ():
                if _placeholder(shape) == "body" and (text := "\n".join(_lines(shape)).strip()):
                    self.draft.add(BlockKind.FOOTNOTE, f"Speaker notes: {text}", page=self._page)

    def _part(self, relation_id: str) -> "_Element | None":
        relation = self._relations.get(relation_id)
        return None if relation is None or relation.external else self.package.tree(relation.target)


def _shapes(root: "_Element") -> Iterator["_Element"]:
    """Yield a slide's shapes, out of groups too, each way of writing one down only once."""
    tree = root.find(f"{P}cSld/{P}spTree")
    stack = [] if tree is None else list(reversed(tree))
    while stack:
        element = stack.pop()
        if element.tag in (f"{P}sp", f"{P}pic", f"{P}graphicFrame"):
            yield element
        elif element.tag == f"{P}grpSp":
            stack.extend(reversed(element))
        elif element.tag == f"{MC}AlternateContent":
            stack.extend(reversed(element.find(f"{MC}Choice") or ()))


def _placeholder(shape: "_Element") -> str | None:
    """Return the kind of placeholder that a shape fills, empty for a plain one, None for none."""
    found = next(shape.iter(f"{P}ph"), None)
    return None if found is None else found.get("type", "")


def _lines(shape: "_Element") -> list[str]:
    return [text for part in shape.iter(f"{A}p") if (text := _paragraph_text(part).strip())]


def _paragraph_text(paragraph: "_Element") -> str:
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if element.tag == f"{A}t":
            parts.append(element.text or "")
        elif element.tag == f"{A}br":
            parts.append("\n")
        elif element.tag == f"{M}oMath":
            parts.append(linear(element))
        elif element.tag == f"{MC}AlternateContent":
            stack.extend(reversed(element.find(f"{MC}Choice") or ()))
        else:
            stack.extend(reversed(element))
    return "\n".join(" ".join(line.split()) for line in "".join(parts).split("\n"))


def _bullet_depth(paragraph: "_Element", *, in_body: bool) -> int | None:
    """Return a paragraph's depth in a list, None for no list. A body's paragraphs have bullets by default."""
    properties = paragraph.find(f"{A}pPr")
    level = 0 if properties is None else int(properties.get("lvl", "0") or 0)
    if properties is not None:
        if properties.find(f"{A}buNone") is not None:
            return None
        if properties.find(f"{A}buChar") is not None or properties.find(f"{A}buAutoNum") is not None:
            return level
    return level if in_body else None


def _cell_text(cell: "_Element") -> str:
    if cell.get("hMerge") in ("1", "true") or cell.get("vMerge") in ("1", "true"):
        return ""
    return " ".join(_lines(cell))


def _cached(series: "_Element | None", name: str) -> dict[int, str]:
    """Return a series' stored points by index."""
    part = None if series is None else series.find(f"{C}{name}")
    points = () if part is None else part.iter(f"{C}pt")
    return {int(point.get("idx", "0")): point.findtext(f"{C}v") or "" for point in points}


parsers.add(
    "pptx",
    ParserEntry(
        parse_pptx,
        (f"{_OFFICE}presentation", f"{_OFFICE}slideshow"),
        (".pptx", ".ppsx"),
        "PowerPoint presentations, with charts' figures and speaker notes",
    ),
)
