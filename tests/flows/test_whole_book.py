"""A book of 800 pages, shown whole with each request, against an endpoint with a prefix cache."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from pipeline.store import read_run
from tests.endpoint.options import Options
from tests.endpoint.start import start_endpoint_process
from tests.pipeline.book import book

ROOT = Path(__file__).parents[2]
PAGES = 800
MOST_MB = 250
LEAST_CACHED = 0.95


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_a_book_is_read_once_and_asked_about_in_every_part(tmp_path: Path) -> None:
    (tmp_path / "book.md").write_text(book(PAGES))
    run = tmp_path / "run"
    options = ["--out", str(run), "--direct", "--quiet"]
    with start_endpoint_process(Options()) as endpoint:
        model = ["--model", "openai/sim", "--base-url", endpoint.base_url]
        whole = ["--context", "whole", "--recipe", "qa:1"]
        peak_mb("parse", str(tmp_path / "book.md"), *options, *model, *whole)
        assert peak_mb("generate", *options) < MOST_MB
        stats = endpoint.stats
    requests, prompt_tokens = stats["requests"], stats["prompt_tokens"]
    assert requests > 300
    assert stats["cached_tokens"] >= LEAST_CACHED * prompt_tokens * (requests - 1) / requests
    assert min(evidence_by_tenth(run)) > requests / 20


_TOLD = """
import atexit, re
from pathlib import Path
from flows.cli import main

def tell():
    print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

atexit.register(tell)
main()
"""


def peak_mb(*arguments: str) -> float:
    """Run a command, and return the most memory that it took.

    The child reads its own high-water mark: what the parent is told counts the parent at the fork too.
    """
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OPENAI_API_KEY": "sk-not-a-real-key"}
    command = [sys.executable, "-P", "-c", _TOLD, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return int(done.stdout.split()[-1]) / 1024


def evidence_by_tenth(folder: Path) -> tuple[int, ...]:
    """Return how many quotes stand in each tenth of the book, each of them where it is said to stand."""
    run = read_run(folder)
    [document] = run.documents.get(run.documents.index())
    shards = [path.stem for path in (folder / "candidates").glob("*.parquet")]
    spans = [span for name in shards for each in run.candidates.read(name) for span in each.sample.evidence]
    assert all(document.text[span.start : span.end] == span.quote for span in spans)
    tenths = Counter(span.start * 10 // len(document.text) for span in spans)
    return tuple(tenths[tenth] for tenth in range(10))
