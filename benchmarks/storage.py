"""What a run takes, by document, request and row: bytes on disk, processor time, memory (the capacity plan).

Run `python -m benchmarks.storage` for 200 and 1,000 documents, `--documents 4000` for another size. Three
questions are asked about each, of one passage, and judged one by one, by the simulated endpoint in a process
of its own. Processor time is that of the building process, and of its children, which parse. Peak memory is
that of the largest build until then.
"""

import argparse
import os
import random
import resource
import tempfile
from collections import Counter
from pathlib import Path

from flows import build
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint_process
from tests.flows.corpus import write_document

_EDITIONS = 4  # of a small document make one of about 3,000 characters


def main() -> None:
    """Print a line for each size, then the bytes of each part of the run."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, action="append", help="repeatable; 200 and 1000 by default")
    os.environ.setdefault("OPENAI_API_KEY", "sk-none")
    for documents in parser.parse_args().documents or [200, 1000]:
        with tempfile.TemporaryDirectory() as folder:
            _print_build(Path(folder), documents)


def _print_build(folder: Path, documents: int) -> None:
    characters = sum(_write(folder / "docs", f"s{number}") for number in range(documents))
    before = _seconds()
    with start_endpoint_process(Options()) as endpoint:
        result = build(
            [folder / "docs"],
            out=str(folder / "run"),
            direct=True,
            **endpoint.settings,
            recipes=["qa:3"],
        )
        requests = endpoint.stats["requests"]
    rows = sum(1 for _ in result.samples())
    own, children = (after - earlier for after, earlier in zip(_seconds(), before, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{documents:,} documents of {characters / documents:,.0f} characters each")
    print(f"  {requests:,} requests, {rows:,} rows")
    print(f"  {own:.1f} CPU s, children {children:.1f}; peak {peak:.0f} MB")
    for part, size in _sizes(folder / "run").most_common():
        print(f"  {part:<18} {size:>12,} bytes")


def _write(folder: Path, name: str) -> int:
    draw = random.Random(name)  # no secret
    texts = []
    for _ in range(_EDITIONS):
        path = write_document(folder, name, draw.randrange(1_000_000))
        texts.append(path.read_text(encoding="utf-8"))
    return path.write_text("\n".join(texts), encoding="utf-8")


def _seconds() -> tuple[float, float]:
    times = os.times()
    return times.user + times.system, times.children_user + times.children_system


def _sizes(run: Path) -> Counter[str]:
    sizes: Counter[str] = Counter()
    for path in run.rglob("*"):
        if path.is_file():
            sizes[path.relative_to(run).parts[0]] += path.stat().st_size
    return sizes


if __name__ == "__main__":
    main()
