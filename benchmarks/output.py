"""How fast a dataset is written, and with how much memory, against Hugging Face `datasets`.

    python -m benchmarks.output [--rows 1000000]

Each writer runs in a process of its own and makes the same rows of the same samples, in the `messages` format
with provenance; what the samples themselves take to make is measured alone, and left out on both sides.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.samples import Selected

WORDS = [
    f"{stem}{ending}"
    for stem in ("har", "fer", "til", "mar", "pon")
    for ending in ("bour", "ry", "ing", "in")
]
SAMPLES = "samples"
TARGETS = (SAMPLES, "ours parquet", "ours jsonl", "datasets parquet", "datasets jsonl")


def samples(count: int) -> "Iterator[Selected]":
    """Yield chats that differ, of about 90 words, with evidence."""
    from schemas.requests import Message
    from schemas.samples import Evidence, Judged, Origin, Sample, Selected, Split, Verdict

    def words(seed: int, length: int) -> str:
        return " ".join(WORDS[(seed * 7919 + n * n * 31 + n) % len(WORDS)] for n in range(length))

    pool = [words(seed, 30) for seed in range(4096)]
    splits = [Split.TRAIN] * 18 + [Split.VALIDATION, Split.TEST]
    for n in range(count):
        quote = pool[(n * 31) % 4096]
        sample = Sample(
            recipe="qa",
            kind="definition",
            messages=(
                Message("user", f"{pool[n % 4096]} {n}?"),
                Message("assistant", f"{pool[n * 13 % 4096]} {n}."),
            ),
            origin=Origin(f"{n:032x}", "extractive", ()),
            evidence=(Evidence(f"{n % 997:016x}", n, n + len(quote), quote, n % 40 + 1),),
        )
        yield Selected(Judged(sample, (Verdict("judge", True, score=0.9),)), splits[n % 20], str(n))


def make_samples(storage: str, count: int, folder: Path) -> None:  # noqa: ARG001  # called as the writers are
    """Make the samples, and write nothing."""
    deque(samples(count), maxlen=0)


def write_ours(storage: str, count: int, folder: Path) -> None:
    """Write with our writer."""
    from output.card_making import CardFacts
    from output.provenance import SourceFacts
    from output.writing import write_dataset
    from schemas.settings import load_settings

    sources = {f"{n:016x}": SourceFacts(f"docs/{n}.pdf", f"Document {n}") for n in range(997)}
    settings = load_settings({"storage": storage})
    write_dataset(lambda: samples(count), folder / "dataset", settings, sources, CardFacts("bench"))


def write_theirs(storage: str, count: int, folder: Path) -> None:
    """Write the same rows with `datasets`."""
    import datasets
    import pyarrow as pa

    from output.formats.messages import Messages
    from output.provenance import SourceFacts, provenance_row, provenance_schema
    from schemas.contracts import FormatSetup
    from schemas.settings import OutputSettings

    sources = {f"{n:016x}": SourceFacts(f"docs/{n}.pdf", f"Document {n}") for n in range(997)}
    messages = Messages(FormatSetup(OutputSettings()))

    def rows() -> Iterator[dict[str, object]]:
        for selected in samples(count):
            yield {**messages.row(selected.judged.sample), **provenance_row(selected, sources)}

    schema = pa.schema([*messages.arrow_schema(), *provenance_schema()])
    datasets.disable_progress_bars()
    features = datasets.Features.from_arrow_schema(schema)
    made = datasets.Dataset.from_generator(rows, features=features, cache_dir=str(folder / "cache"))
    if storage == "parquet":
        made.to_parquet(str(folder / "theirs.parquet"))
    else:
        made.to_json(str(folder / "theirs.jsonl"))


def measure(target: str, count: int) -> None:
    """Run one writer here, and print what it took."""
    writer, _, storage = target.partition(" ")
    write = {"samples": make_samples, "ours": write_ours, "datasets": write_theirs}[writer]
    with tempfile.TemporaryDirectory() as folder:
        started, cpu = time.perf_counter(), time.process_time()
        write(storage, count, Path(folder))
        seconds, cpu_s = time.perf_counter() - started, time.process_time() - cpu
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"target": target, "seconds": seconds, "cpu_s": cpu_s, "peak_mb": peak_mb}))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--target", choices=TARGETS)
    asked = parser.parse_args()
    if asked.target:
        measure(asked.target, asked.rows)
        return
    print(f"{asked.rows:,} rows; rows per CPU second without making samples, seconds with it, peak MB")
    rates: dict[str, float] = {}
    making_cpu_s = 0.0
    for target in TARGETS:
        took = measured_apart(target, asked.rows)
        making_cpu_s = making_cpu_s or took["cpu_s"]
        rates[target] = asked.rows / max(took["cpu_s"] - making_cpu_s, 1e-9)
        rate = "-" if target == SAMPLES else f"{rates[target]:,.0f}"
        print(f"{target:<18} {rate:>9} {took['seconds']:>8.1f} {took['peak_mb']:>7.0f}", flush=True)
    for storage in ("parquet", "jsonl"):
        print(f"{storage}: {rates[f'ours {storage}'] / rates[f'datasets {storage}']:.1f} times `datasets`")


def measured_apart(target: str, count: int) -> dict[str, float]:
    """Return what one writer took in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.output", "--rows", str(count), "--target", target]
    took: dict[str, float] = json.loads(
        subprocess.run(command, check=True, capture_output=True, text=True).stdout
    )
    return took


if __name__ == "__main__":
    main()
