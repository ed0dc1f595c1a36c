"""What reading with two child processes gains over one: wall and CPU seconds over pages of our own making.

Run from the project's root: `python -m benchmarks.reading_cores`. Wall time says little on a busy machine;
the parent's CPU time does even there, because all that it does happens in one process.
"""

import os
import resource
import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.parsing_html import word_file
from parsers.reading import read
from schemas.documents import Document
from schemas.settings import ParseSettings
from tests.parsers.labelled_pages import labelled_pages

_ARTICLES_PER_PAGE = 12
_ROUNDS = 3


@dataclass(frozen=True)
class Cost:
    wall_s: float
    parent_cpu_s: float
    children_cpu_s: float


def write_pages(folder: Path, count: int) -> None:
    """Write web pages and Word files in turn, of some 60 kB of HTML and 34 kB of text each."""
    pages = list(labelled_pages(seed=3, articles=count // 6 + _ARTICLES_PER_PAGE))
    for index in range(count):
        several = pages[index : index + _ARTICLES_PER_PAGE]
        if index % 2:
            (folder / f"{index:04}.docx").write_bytes(word_file(several))
        else:
            (folder / f"{index:04}.html").write_text("\n".join(page.html for page in several))


def cost(folder: Path, workers: int) -> Cost:
    own, children = _cpu_s(resource.RUSAGE_SELF), _cpu_s(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    found = read([str(folder)], ParseSettings(workers=workers))
    assert all(isinstance(one, Document) for one in found)
    wall_s = time.perf_counter() - start
    return Cost(wall_s, _cpu_s(resource.RUSAGE_SELF) - own, _cpu_s(resource.RUSAGE_CHILDREN) - children)


def _cpu_s(who: int) -> float:
    usage = resource.getrusage(who)
    return usage.ru_utime + usage.ru_stime


def medians(costs: list[Cost]) -> Cost:
    return Cost(
        statistics.median(cost.wall_s for cost in costs),
        statistics.median(cost.parent_cpu_s for cost in costs),
        statistics.median(cost.children_cpu_s for cost in costs),
    )


def main() -> None:
    costs: dict[int, list[Cost]] = {1: [], 2: []}
    with tempfile.TemporaryDirectory() as name:
        write_pages(Path(name), 1000)
        print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        for _ in range(_ROUNDS):
            for workers, several in costs.items():
                several.append(cost(Path(name), workers))
    for workers, several in costs.items():
        took = medians(several)
        print(
            f"workers {workers}  wall {took.wall_s:6.2f} s  "
            f"CPU-s: parent {took.parent_cpu_s:5.2f}, children {took.children_cpu_s:6.2f}"
        )
    print(f"two over one: {medians(costs[1]).wall_s / medians(costs[2]).wall_s:.2f}")


if __name__ == "__main__":
    main()
