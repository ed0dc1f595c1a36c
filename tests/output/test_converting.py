import gzip
from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from output.converting import convert
from output.importing import import_dataset
from output.writing import write_dataset
from schemas.errors import SettingsError, SourceNotFound
from schemas.samples import Split
from schemas.settings import Settings, load_settings
from tests.output.builders import CARD, SOURCES, conversation, exchange, numbered, reasoned, selected

MESSAGES = {"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}


def _answers(path: Path, format_name: str | None = None) -> list[str]:
    return [row.judged.sample.answer for row in import_dataset(str(path), format_name) if row.judged]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("messages.jsonl", orjson.dumps(MESSAGES)),
        ("list.json", orjson.dumps([MESSAGES])),
        ("turns.json", orjson.dumps([MESSAGES["messages"]])),
        (
            "sharegpt.json",
            b'[{"conversations": [{"from": "human", "value": "Why?"}, {"from": "gpt", "value": "So."}]}]',
        ),
        ("alpaca.json", b'[{"instruction": "Why?", "input": "", "output": "So."}]'),
        ("kit.json", b'{"summary": "s", "qa_pairs": [{"question": "Why?", "answer": "So."}]}'),
        ("kit_ft.json", orjson.dumps({"conversations": [MESSAGES["messages"]]})),
        ("prompts.jsonl", b'{"prompt": "Why?", "completion": "So."}'),
        ("surrogate.jsonl", orjson.dumps(MESSAGES) + b"\n\n"),
        ("packed.json.gz", gzip.compress(orjson.dumps([MESSAGES]), mtime=0)),
        ("packed.ndjson.gz", gzip.compress(orjson.dumps(MESSAGES), mtime=0)),
    ],
)
def test_datasets_of_others_are_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    [row] = import_dataset(str(tmp_path))
    assert row.judged is not None
    assert (row.judged.sample.question, row.judged.sample.answer) == ("Why?", "So.")


def test_splits_come_from_file_names(tmp_path: Path) -> None:
    for name in ("train-0.jsonl", "test.jsonl", "val_1.jsonl", "mine.jsonl"):
        (tmp_path / name).write_bytes(orjson.dumps(MESSAGES))
    splits = {Path(row.place).name: row.split for row in import_dataset(str(tmp_path))}
    assert splits == {
        "train-0.jsonl:1": Split.TRAIN,
        "test.jsonl:1": Split.TEST,
        "val_1.jsonl:1": Split.VALIDATION,
        "mine.jsonl:1": Split.TRAIN,
    }


def test_a_row_that_is_no_sample_is_told_with_its_place(tmp_path: Path) -> None:
    rows = [MESSAGES, {"messages": []}, {"other": 1}, "text"]
    (tmp_path / "a.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    problems = [(row.place.rpartition(":")[2], row.problem) for row in import_dataset(str(tmp_path))]
    assert problems == [
        ("1", ""),
        ("2", "there are no turns"),
        ("3", "has no 'messages'"),
        ("4", "is not an object"),
    ]


def test_a_dataset_goes_to_another_format_with_its_provenance(tmp_path: Path) -> None:
    rows = [*numbered(20), selected(reasoned())]
    write_dataset(lambda: rows, tmp_path / "one", Settings(), SOURCES, CARD)
    done = convert(str(tmp_path / "one"), tmp_path / "two", load_settings({"format": "alpaca"}))
    assert (done.read, done.left_out) == (21, {})
    assert [(file.split, file.rows) for file in done.files] == [
        ("train", 17),
        ("validation", 2),
        ("test", 2),
    ]
    convert(str(tmp_path / "two"), tmp_path / "three", Settings())
    [first, third] = [
        pq.read_table(tmp_path / name / "train-00000-of-00001.parquet") for name in ("one", "three")
    ]
    assert third.drop(["id"]).to_pylist() == first.drop(["id"]).to_pylist()
    assert third["id"] == first["id"]


def test_a_row_that_does_not_fit_ends_the_conversion_or_is_counted(tmp_path: Path) -> None:
    rows = [selected(exchange()), selected(conversation())]
    write_dataset(lambda: rows, tmp_path / "one", Settings(), SOURCES, CARD)
    alpaca = load_settings({"format": "alpaca"})
    with pytest.raises(SettingsError, match=r"cannot take .*:2: anything but one question"):
        convert(str(tmp_path / "one"), tmp_path / "two", alpaca)
    assert not (tmp_path / "two").exists()
    done = convert(str(tmp_path / "one"), tmp_path / "two", alpaca, skip=True)
    assert (done.read, done.left_out) == (2, {"anything but one question and one answer": 1})


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a.jsonl", b'{"messages": [', "is damaged"),
        ("a.json.gz", gzip.compress(orjson.dumps([MESSAGES]), mtime=0)[:-12], "is damaged"),
        ("a.parquet", b"PAR1 nonsense", "is damaged"),
        ("a.txt", b"words", "holds no dataset"),
    ],
)
def test_what_is_no_dataset_is_named(tmp_path: Path, name: str, content: bytes, problem: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceNotFound, match=problem):
        list(import_dataset(str(tmp_path)))


def test_unknown_columns_are_told_and_a_named_format_is_taken_at_its_word(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b'{"colour": "red"}')
    with pytest.raises(SettingsError, match=r"no format has the columns of .*colour"):
        list(import_dataset(str(tmp_path)))
    [row] = import_dataset(str(tmp_path), "messages")
    assert row.problem == "has no 'messages'"
