"""What is kept of documentation pages: headings, tables, code and list items of their main element.

    python -m benchmarks.parsing_docs FOLDER [--lost]

`FOLDER` holds a folder of pages for each generator (`sphinx/`, `javadoc/`, ...), kept outside the repository:
for example the HTML of Debian's `-doc` packages. The main element is found by the selectors below, which the
parser knows nothing of; a page without one counts whole. Tables of contents, paging and tables of links
are not counted. `menus` is the share of what came out that stands
outside of the main element, in runs of four words. `--lost` prints what is missing.
"""

import argparse
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Document, Source
from schemas.registry import parsers
from tests.parsers.overlap import shingles

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MAIN = (
    "//main",
    "//*[@role='main']",
    "//*[@id='main-content']",
    "//*[@id='page-content']",
    "//*[@id='apicontent']",
    "//*[@id='documentId']",
    "//*[@id='yui-main']",
    "//*[contains(@class,'theme-doc-markdown')]",
    "//*[@id='mw-content-text']",
    "//*[@id='doc-content']",
    "//div[@id='content']",
    "//article",
    "//body",
)
_ASIDE_CLASSES = ("toc", "contents", "navheader", "navfooter", "headerlink", "anchor")
ASIDE = "|".join(
    (
        *(f".//{tag}" for tag in ("nav", "script", "style", "template", "noscript")),
        ".//*[@role='navigation']",
        ".//*[@id='toc' or @id='quickview']",
        *(f".//*[contains(concat(' ', @class, ' '), ' {name} ')]" for name in _ASIDE_CLASSES),
    )
)
KINDS = ("headings", "tables", "code", "items")
_ITEM_WORDS = 8
_ALL_LINKS = 0.8


@dataclass
class Count:
    """How many of a kind are in the pages, and how many of these came out."""

    found: int = 0
    all: int = 0
    lost: list[str] = field(default_factory=list)


def words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def _all(element: "HtmlElement", path: str) -> "list[HtmlElement]":
    return cast("list[HtmlElement]", element.xpath(path))


def parts(main: "HtmlElement") -> Iterator[tuple[str, str]]:
    """Yield the kind and the words of each part that should come out: of a table its first full row."""
    for heading in _all(main, ".//h1|.//h2|.//h3|.//h4|.//h5|.//h6"):
        text = words(" ".join(heading.itertext()))
        yield "headings", "" if text.isdecimal() or _all(heading, "ancestor::table") else text
    for table in _all(main, ".//table[.//th][not(.//pre)][not(.//table)]"):
        cells = [_all(row, "./td|./th") for row in _all(table, ".//tr")]
        rows = [[words(cell.text_content()) for cell in row] for row in cells]
        linked = len(
            "".join(words for link in _all(table, ".//a") for words in link.itertext())
        ) > _ALL_LINKS * len("".join(table.itertext()).strip())
        yield "tables", "" if linked else "\n".join(next((r for r in rows if len(r) > 1 and all(r)), []))
    for code in _all(main, ".//pre[not(ancestor::table)]"):
        yield "code", words(max(code.text_content().splitlines(), key=len, default=""))
    for item in _all(main, ".//li[not(.//li)]"):
        yield "items", " ".join(words(item.text_content()).split()[:_ITEM_WORDS])


def held(document: Document, kind: str, part: str) -> bool:
    kinds = {"headings": BlockKind.HEADING, "tables": BlockKind.TABLE, "code": BlockKind.CODE}
    texts = (document.text[block.start : block.end] for block in document.blocks if block.kind is kinds[kind])
    if kind == "headings":
        return any(words(text).replace(" ", "") == part.replace(" ", "") for text in texts)
    return any(all(cell in words(text) for cell in part.split("\n")) for text in texts)


def measure(folder: Path, counts: dict[str, Count]) -> tuple[int, int, float]:
    """Add a folder's pages to `counts`. Return runs outside of the main element, all runs, CPU seconds."""
    from lxml import html

    as_utf8 = html.HTMLParser(encoding="utf-8")
    outside = every = 0
    spent_s = 0.0
    for path in sorted(folder.glob("*.htm*")):
        content = path.read_bytes()
        start = time.process_time()
        parse = parsers.get("html").parse
        document = parse(content, Source(path.name, "", "0", len(content), ""), ParseOptions())
        spent_s += time.process_time() - start
        page = html.document_fromstring(content.decode("utf-8", "replace").encode(), parser=as_utf8)
        main = next((found[0] for selector in MAIN if (found := _all(page, selector))), page)
        runs, wanted = shingles(document.text), shingles("\n".join(map(str, main.itertext())))
        outside, every = outside + (runs - wanted).total(), every + runs.total()
        for aside in _all(main, ASIDE):
            aside.drop_tree()
        text = words(document.text)
        for kind, part in parts(main):
            if part:
                ok = part in text if kind == "items" else held(document, kind, part)
                counts[kind].all += 1
                counts[kind].found += ok
                counts[kind].lost += [] if ok else [f"{path.parent.name}/{path.name}: {part[:90]!r}"]
    return outside, every, spent_s


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--lost", choices=KINDS)
    arguments = parser.parse_args()
    totals = {kind: Count() for kind in KINDS}
    sums = [0, 0, 0.0]
    for folder in sorted(path for path in arguments.folder.iterdir() if path.is_dir()):
        counts = {kind: Count() for kind in KINDS}
        outside, every, spent_s = measure(folder, counts)
        print(_line(folder.name, counts, outside, every))
        sums = [sums[0] + outside, sums[1] + every, sums[2] + spent_s]
        for kind, count in counts.items():
            totals[kind].found += count.found
            totals[kind].all += count.all
            totals[kind].lost += count.lost
    print(_line("all", totals, sums[0], sums[1]), f"{sums[2]:.1f} CPU-s")
    if arguments.lost:
        print(*totals[arguments.lost].lost, sep="\n")


def _line(name: str, counts: dict[str, Count], outside: float, every: float) -> str:
    shares = (f"{kind} {100 * c.found / max(c.all, 1):5.1f} of {c.all:<5}" for kind, c in counts.items())
    return f"{name:26} {' '.join(shares)} menus {100 * outside / max(every, 1):4.1f} %"


if __name__ == "__main__":
    main()
