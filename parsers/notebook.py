"""Jupyter notebooks: text cells as Markdown, code cells as code, and what they printed and drew."""

import binascii
import json
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from parsers.draft import Draft
from parsers.encoding import clean, decode
from parsers.markdown import add_markdown
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Figure, Metadata, OutlineEntry, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_PICTURES = ("image/png", "image/jpeg")
_LONGEST_OUTPUT = 20_000  # characters: what a loop printed is no document


def parse_notebook(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return a notebook's cells in order. Outputs stand behind their cell, without errors and widgets."""
    try:
        notebook = json.loads(decode(content))
    except ValueError as error:
        raise UnreadableDocument(source.uri, "damaged", f"not JSON: {str(error)[:100]}") from error
    cells = _cells(notebook)
    if cells is None:
        raise UnreadableDocument(source.uri, "damaged", "it has no list of cells")
    reading = _Reading(Draft())
    for cell in cells:
        if isinstance(cell, dict):
            reading.add(cell)
    stated = notebook.get("metadata")
    title = stated.get("title") if isinstance(stated, dict) else None
    return reading.draft.document(
        source,
        metadata=Metadata(title=" ".join(clean(title).split()) if isinstance(title, str) else ""),
        figures=tuple(reading.figures),
        outline=tuple(reading.outline),
    )


@dataclass(slots=True)
class _Reading:
    draft: Draft
    figures: list[Figure] = field(default_factory=list)
    outline: list[OutlineEntry] = field(default_factory=list)

    def add(self, cell: dict[str, Any]) -> None:
        """Append one cell. Version 3 calls a code cell's text `input`, and has cells for headings."""
        text = _text(cell.get("source", cell.get("input")))
        match cell.get("cell_type"):
            case "markdown":
                self.outline += add_markdown(self.draft, text)
            case "heading":
                self.outline += add_markdown(self.draft, f"# {text}")
            case "code":
                self.draft.add(BlockKind.CODE, text)
                outputs = cell.get("outputs")
                for output in outputs if isinstance(outputs, list) else ():
                    if isinstance(output, dict):
                        self._add_output(output)
            case _:
                self.draft.add(BlockKind.PARAGRAPH, text)

    def _add_output(self, output: dict[str, Any]) -> None:
        if output.get("output_type") == "stream":
            if output.get("name") != "stderr":
                self.draft.add(BlockKind.CODE, _text(output.get("text"))[:_LONGEST_OUTPUT])
            return
        shown = output.get("data")
        if not isinstance(shown, dict):
            return
        pictures = [(kind, _bytes(shown[kind])) for kind in _PICTURES if kind in shown]
        for kind, content in pictures:
            if content:
                self.figures.append(Figure(f"figure-{len(self.figures) + 1}", kind, content))
        if "text/markdown" in shown:
            self.outline += add_markdown(self.draft, _text(shown["text/markdown"])[:_LONGEST_OUTPUT])
        elif not pictures:
            self.draft.add(BlockKind.CODE, _text(shown.get("text/plain"))[:_LONGEST_OUTPUT])


def _cells(notebook: Any) -> list[Any] | None:  # noqa: ANN401  # any JSON value
    if not isinstance(notebook, dict):
        return None
    sheets = notebook.get("worksheets")
    within = sheets[0] if isinstance(sheets, list) and sheets and isinstance(sheets[0], dict) else notebook
    cells = within.get("cells")
    return cells if isinstance(cells, list) else None


def _text(stored: Any) -> str:  # noqa: ANN401  # any JSON value
    """Return a text that is stored as one string or as a list of lines."""
    lines = stored if isinstance(stored, list) else [stored]
    return clean("".join(line for line in lines if isinstance(line, str)))


def _bytes(stored: Any) -> bytes:  # noqa: ANN401  # any JSON value
    try:
        return b64decode(_text(stored))
    except (binascii.Error, ValueError):
        return b""


parsers.add(
    "notebook",
    ParserEntry(parse_notebook, ("application/x-ipynb+json",), (".ipynb",), "Jupyter notebooks"),
)
