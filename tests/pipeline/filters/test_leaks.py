import json
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.curation import Curation
from schemas.errors import SettingsError
from schemas.requests import Message
from schemas.samples import Sample, Verdict
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, passage_of, rule, sample_of

ITEM = "A pump fills a tank of ninety litres in three hours and then runs for two more hours at half speed"
NESTED = {"id": 1, "turns": [{"content": ITEM}], "image": None}


def verdict(file: Path, question: str, **options: object) -> Verdict:
    passage = passage_of(PUMP)
    return judged(file, sample_of(question, "135", passage), **options)


def judged(file: Path, sample: Sample, **options: object) -> Verdict:
    return rule("leaks", files=[file], **options).judge(sample, ())


def benchmark(folder: Path, name: str) -> Path:
    file = folder / name
    match file.suffix:
        case ".parquet":
            pq.write_table(pa.Table.from_pylist([NESTED]), file)
        case ".json":
            file.write_text(json.dumps([NESTED], indent=2))
        case ".jsonl":
            file.write_text(f"\ufeff{json.dumps(NESTED)}\n\n")
        case _:
            file.write_text(f"{ITEM}\n")
    return file


@pytest.mark.parametrize("name", ["bench.parquet", "bench.json", "bench.jsonl", "bench.txt"])
def test_a_benchmark_item_is_a_leak(tmp_path: Path, name: str) -> None:
    file = benchmark(tmp_path, name)
    found = verdict(file, f"{ITEM}?")
    assert found.reason == "benchmark_leak"
    assert found.detail == "a pump fills a tank of ninety litres in three hours and then"
    assert verdict(file, "How much does a pump fill in three hours?").keep


def test_a_benchmark_item_in_a_text_with_broken_lines_is_a_leak(tmp_path: Path) -> None:
    broken = tmp_path / "bench.txt"
    broken.write_text("Problem 1.\n" + ITEM.replace(" three ", " three\n") + "\n\nProblem 2.\n")
    assert verdict(broken, f"{ITEM}?").reason == "benchmark_leak"


def test_a_later_turn_of_a_conversation_is_read_too(tmp_path: Path) -> None:
    sample = sample_of("How much does a pump fill?", "90 litres", passage_of(PUMP))
    later = replace(sample, messages=(*sample.messages, Message("user", ITEM), Message("assistant", "No")))
    assert judged(benchmark(tmp_path, "bench.txt"), later).reason == "benchmark_leak"


def test_eight_words_in_a_row_are_stricter_than_thirteen(tmp_path: Path) -> None:
    file = benchmark(tmp_path, "bench.jsonl")
    asked = "When a tank of ninety litres in three hours is full, what then?"
    assert verdict(file, asked).keep
    assert verdict(file, asked, words=8).reason == "benchmark_leak"


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("bench.jsonl", b'{"a": "b"}\nnot json\n', "line 2 is not JSON"),
        ("bench.jsonl", b'{"a": 1}\n', "holds no text"),
        ("bench.jsonl", b"", "holds no text"),
        ("bench.json", b'{"a": ', "not what its name says"),
        ("bench.parquet", b"PAR1 is how it should begin and end", "not what its name says"),
        ("bench.txt", b"\xff\xfe\x00", "not text in UTF-8"),
        ("bench.txt", b"too short for a run\n", "13 words in a row"),
    ],
)
def test_a_file_of_the_wrong_shape_is_named_with_its_problem(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    with pytest.raises(SettingsError, match=problem) as caught:
        verdict(file, "What is it?")
    assert str(file) in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "gone.jsonl", tmp_path / "gone.parquet", tmp_path):
        with pytest.raises(SettingsError, match="cannot be opened"):
            verdict(path, "What is it?")


def test_leaks_without_files_check_nothing_and_are_refused() -> None:
    with pytest.raises(SettingsError, match="name the benchmark's files"):
        Curation(load_settings({"filters": ["leaks"]}), language_model=False)


def test_the_fingerprint_follows_what_a_benchmark_holds(tmp_path: Path) -> None:
    file = benchmark(tmp_path, "bench.txt")

    def fingerprint() -> str:
        settings = load_settings({"filters": [{"leaks": {"files": [str(file)]}}]})
        return Curation(settings, language_model=False).fingerprint

    before = fingerprint()
    assert before == fingerprint()
    file.write_text(f"{ITEM} again\n")
    assert fingerprint() != before
