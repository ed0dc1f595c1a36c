"""docutils' tree as blocks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from docutils import nodes

from parsers.draft import Draft
from parsers.tables import markdown_table
from schemas.documents import BlockKind, Document, Metadata, OutlineEntry, Source

_NO_CONTENT = frozenset("comment substitution_definition target pending raw meta image transition".split())
_BULLET = "- "
_ERROR = 3
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def document_of(tree: nodes.document, source: Source) -> Document:
    """Return the document that a tree holds."""
    for reference in (*tree.findall(nodes.footnote_reference), *tree.findall(nodes.citation_reference)):
        reference.parent.replace(reference, nodes.Text(f"[{reference.astext()}]"))
    walk = _Walk(titled=bool(tree.children) and isinstance(tree.children[0], nodes.title))
    walk.blocks(tree)
    return walk.draft.document(source, metadata=_metadata(tree), outline=tuple(walk.outline))


@dataclass(slots=True)
class _Walk:
    """Turns docutils' tree into blocks."""

    titled: bool
    draft: Draft = field(default_factory=Draft)
    outline: list[OutlineEntry] = field(default_factory=list)
    _sections: int = 0
    _lists: int = 0
    _marker: str = ""

    def blocks(self, parent: nodes.Element) -> None:
        """Add what stands in a node."""
        for child in _elements(parent):
            self._block(child)

    def _block(self, node: nodes.Element) -> None:
        match node.tagname:
            case "section":
                self._sections += 1
                self.blocks(node)
                self._sections -= 1
            case "title":
                self._title(node)
            case "literal_block" | "doctest_block" | "math_block":
                self.draft.add(BlockKind.CODE, node.astext())
            case "bullet_list" | "enumerated_list":
                self._list(node)
            case "definition_list_item" | "field" | "option_list_item":
                self._entry(node)
            case "table":
                self._table(node)
            case "footnote" | "citation":
                self._footnote(node)
            case "line_block":
                self._text("\n".join(line.astext() for line in node.findall(nodes.line)))
            case "caption":
                self.draft.add(BlockKind.CAPTION, node.astext())
            case "system_message":
                self._unreadable(node)
            case "topic" if "contents" in node["classes"]:
                pass
            case "docinfo":
                self._facts(node)
            case name if name in _NO_CONTENT:
                pass
            case _ if _holds_blocks(node):
                self.blocks(node)
            case _:
                self._text(node.astext())

    def _title(self, node: nodes.Element) -> None:
        parent = node.parent.tagname
        if parent not in ("section", "document"):
            self._text(node.astext())
            return
        level = 1 if parent == "document" else self._sections + self.titled
        title = " ".join(node.astext().split())
        self.draft.add(BlockKind.HEADING, title, level=min(level, 6))
        self.outline.append(OutlineEntry(title, min(level, 6)))

    def _text(self, text: str) -> None:
        if self._lists:
            self.draft.add(BlockKind.LIST_ITEM, self._marker + text, level=self._lists - 1)
            self._marker = ""
        else:
            self.draft.add(BlockKind.PARAGRAPH, text)

    def _list(self, node: nodes.Element) -> None:
        self._lists += 1
        for marker, item in zip(_markers(node), _elements(node), strict=False):
            self._marker = marker
            self.blocks(item)
        self._lists -= 1
        self._marker = ""

    def _entry(self, node: nodes.Element) -> None:
        """Add a term with what is said of it: `term: definition`, with the definition's first paragraph."""
        *names, body = _elements(node)
        term = ", ".join(name.astext() for name in names if not isinstance(name, nodes.classifier))
        kinds = ", ".join(name.astext() for name in names if isinstance(name, nodes.classifier))
        self._lists += 1
        self._marker = f"{_BULLET}{term}{f' ({kinds})' if kinds else ''}: "
        if not body.children:
            self._text("")
        self.blocks(body)
        self._lists -= 1
        self._marker = ""

    def _table(self, node: nodes.Element) -> None:
        for part in _elements(node):
            if part.tagname == "title":
                self.draft.add(BlockKind.CAPTION, part.astext())
            elif part.tagname == "tgroup":
                self.draft.add(BlockKind.TABLE, markdown_table(_rows(part)))

    def _footnote(self, node: nodes.Element) -> None:
        label, *body = _elements(node)
        text = "\n".join(part.astext() for part in body)
        self.draft.add(BlockKind.FOOTNOTE, f"[{label.astext()}] {text}")

    def _unreadable(self, message: nodes.Element) -> None:
        """Add markup that docutils refuses, as it stands."""
        if message["level"] >= _ERROR:
            for markup in message.findall(nodes.literal_block):
                self.draft.add(BlockKind.CODE, markup.astext())

    def _facts(self, node: nodes.Element) -> None:
        for fact in _elements(node):
            if fact.tagname == "field":
                self._entry(fact)
            elif fact.tagname == "authors":
                self._fact("authors", ", ".join(author.astext() for author in fact.children))
            else:
                self._fact(fact.tagname, fact.astext())

    def _fact(self, name: str, text: str) -> None:
        self.draft.add(BlockKind.LIST_ITEM, f"{_BULLET}{name.capitalize()}: {text}")


def _elements(node: nodes.Element) -> Iterator[nodes.Element]:
    return (child for child in node.children if isinstance(child, nodes.Element))


def _holds_blocks(node: nodes.Element) -> bool:
    return not isinstance(node, nodes.TextElement) and any(_elements(node))


def _markers(node: nodes.Element) -> Iterator[str]:
    """Yield what stands before each item of a list."""
    for number in count(int(node.get("start", 1))):
        yield _BULLET if node.tagname == "bullet_list" else f"{_ordinal(node, number)}{node['suffix']} "


def _ordinal(node: nodes.Element, number: int) -> str:
    letters = {"loweralpha": "a", "upperalpha": "A"}
    first = letters.get(node["enumtype"])
    return f"{node['prefix']}{chr(ord(first) + number - 1) if first and number <= 26 else number}"


def _rows(group: nodes.Element) -> list[list[str]]:
    """Return a table's rows, a merged cell with its text where it begins and blanks where it goes on."""
    rows: list[list[str]] = []
    reaching: dict[int, int] = {}  # column: further rows that a cell above reaches into
    for row in (row for part in _elements(group) if part.tagname != "colspec" for row in _elements(part)):
        cells: list[str] = []
        for entry in _elements(row):
            cells += _reached(reaching, len(cells))
            for offset in range(1 + entry.get("morecols", 0)):
                reaching[len(cells)] = entry.get("morerows", 0)
                cells.append("" if offset else entry.astext())
        rows.append([*cells, *_reached(reaching, len(cells))])
    return rows


def _reached(reaching: dict[int, int], column: int) -> Iterator[str]:
    """Yield a blank for each column from `column` on that a cell above reaches into, for one row."""
    while reaching.get(column, 0):
        reaching[column] -= 1
        column += 1
        yield ""


def _metadata(tree: nodes.document) -> Metadata:
    authors = ", ".join(author.astext() for author in tree.findall(nodes.author))
    dates = (_ISO_DATE.search(date.astext()) for date in tree.findall(nodes.date))
    return Metadata(tree.get("title", ""), authors, next((date[0] for date in dates if date), ""))
