"""HTML: main-content F1 and pages per CPU-second, next to trafilatura, on pages of our own making.

Run from the project's root: `python -m benchmarks.parsing_html`.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.parsers.labelled_pages import Page, labelled_pages
from tests.parsers.overlap import f1
from tests.parsers.single import parse


@dataclass(frozen=True)
class Score:
    name: str
    f1: float
    pages_per_cpu_s: float


def ours(html: str) -> str:
    return parse(html.encode(), "page.html").text


def trafilatura_fast(html: str) -> str:
    import trafilatura

    return trafilatura.extract(html, fast=True, include_comments=False) or ""


def score(name: str, extract: Callable[[str], str], pages: list[Page]) -> Score:
    extract(pages[0].html)
    start = time.process_time()
    texts = [extract(page.html) for page in pages]
    spent_s = time.process_time() - start
    fits = [f1(text, page.text) for text, page in zip(texts, pages, strict=True)]
    return Score(name, sum(fits) / len(fits), len(pages) / spent_s)


def main() -> None:
    pages = list(labelled_pages(seed=7, articles=30))
    for result in (score("tunesmith", ours, pages), score("trafilatura fast", trafilatura_fast, pages)):
        print(f"{result.name:18} F1 {result.f1:.3f}  {result.pages_per_cpu_s:6.0f} pages/CPU-s")


if __name__ == "__main__":
    main()
