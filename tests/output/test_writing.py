from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import datasets
import orjson
import pyarrow.parquet as pq
import pytest
import yaml

from output.writing import write_dataset
from schemas.errors import RunFolderError, SettingsError
from schemas.manifest import DatasetFile
from schemas.samples import Sample, Selected
from schemas.settings import Settings, load_settings
from tests.output.builders import (
    CARD,
    PNG,
    SOURCES,
    conversation,
    exchange,
    numbered,
    pictured,
    preferred,
    reasoned,
    selected,
    tool_user,
)

JSONL = load_settings({"storage": "jsonl"})


def _written(rows: list[Selected], folder: Path, settings: Settings | None = None) -> tuple[DatasetFile, ...]:
    return write_dataset(lambda: rows, folder, settings or Settings(), SOURCES, CARD)


def _lines(path: Path) -> list[dict[str, object]]:
    return [orjson.loads(line) for line in path.read_bytes().splitlines()]


def _loaded(folder: Path, cache: Path) -> datasets.DatasetDict:
    return datasets.load_dataset(str(folder), cache_dir=str(cache))


@pytest.mark.parametrize("storage", ["parquet", "jsonl"])
def test_hugging_face_datasets_reads_every_split(tmp_path: Path, storage: str) -> None:
    files = _written(numbered(50), tmp_path / "dataset", load_settings({"storage": storage}))
    assert [(file.split, file.rows) for file in files] == [("train", 40), ("validation", 5), ("test", 5)]
    loaded = _loaded(tmp_path / "dataset", tmp_path / "cache")
    assert {split: len(rows) for split, rows in loaded.items()} == {"train": 40, "validation": 5, "test": 5}
    assert loaded["train"][0]["messages"] == [
        {"role": "user", "content": "Question 0?"},
        {"role": "assistant", "content": "Answer 0."},
    ]


def test_hugging_face_datasets_streams_the_files(tmp_path: Path) -> None:
    _written(numbered(50), tmp_path / "dataset")
    streamed = datasets.load_dataset(
        str(tmp_path / "dataset"), split="train", streaming=True, cache_dir=str(tmp_path / "cache")
    )
    assert next(iter(streamed))["recipe"] == "qa"


def test_a_row_says_where_it_comes_from(tmp_path: Path) -> None:
    sample = exchange()
    _written([selected(sample)], tmp_path / "dataset")
    [row] = pq.read_table(tmp_path / "dataset" / "train-00000-of-00001.parquet").to_pylist()
    first = sample.evidence[0]
    assert row["id"] == sample.id
    assert (row["source"], row["title"], row["document"]) == ("docs/handbook.pdf", "Handbook", "d1")
    assert (row["page"], row["start"], row["end"], row["quote"]) == (
        3,
        first.start,
        first.end,
        first.quote,
    )
    assert [span["quote"] for span in row["evidence"]] == [first.quote, "boats"]
    assert (row["score"], row["scores"]) == (0.9, [{"filter": "judge", "score": 0.9}])
    assert (row["recipe"], row["kind"], row["model"]) == ("qa", "definition", "extractive")


def test_rows_bear_no_provenance_where_none_is_wanted(tmp_path: Path) -> None:
    settings = load_settings({"storage": "jsonl", "output": {"provenance": False}})
    _written([selected(exchange())], tmp_path / "dataset", settings)
    [row] = _lines(tmp_path / "dataset" / "train-00000-of-00001.jsonl")
    assert list(row) == ["messages"]


@pytest.mark.parametrize(
    ("where", "answer", "column"),
    [
        ("field", "5", "Two and three make 5."),
        ("think", "<think>\nTwo and three make 5.\n</think>\n\n5", None),
        ("answer", "Two and three make 5.\n\n5", None),
        ("drop", "5", None),
    ],
)
def test_reasoning_goes_where_the_settings_say(
    tmp_path: Path, where: str, answer: str, column: str | None
) -> None:
    settings = load_settings({"storage": "jsonl", "output": {"reasoning": where, "provenance": False}})
    _written([selected(reasoned())], tmp_path / "dataset", settings)
    [row] = _lines(tmp_path / "dataset" / "train-00000-of-00001.jsonl")
    expected: dict[str, object] = {
        "messages": [
            {"role": "user", "content": "How many boats?"},
            {"role": "assistant", "content": answer},
        ]
    }
    assert row == expected | ({"reasoning": column} if column else {})


def test_every_row_has_the_columns_that_only_some_need(tmp_path: Path) -> None:
    rows = [selected(exchange()), selected(tool_user()), selected(reasoned())]
    _written(rows, tmp_path / "dataset", JSONL)
    lines = _lines(tmp_path / "dataset" / "train-00000-of-00001.jsonl")
    assert len({tuple(line) for line in lines}) == 1
    assert lines[0]["tools"] is None
    loaded = _loaded(tmp_path / "dataset", tmp_path / "cache")["train"]
    assert loaded[1]["messages"][1]["tool_calls"][0]["function"]["arguments"] == '{"harbour": "North"}'


def test_images_are_embedded_with_their_parts(tmp_path: Path) -> None:
    _written([selected(pictured())], tmp_path / "dataset")
    [row] = pq.read_table(tmp_path / "dataset" / "train-00000-of-00001.parquet").to_pylist()
    assert [part["type"] for part in row["messages"][0]["content"]] == ["image", "text"]
    assert row["images"][0]["bytes"] == PNG


def test_a_system_prompt_goes_before_chats_that_have_none(tmp_path: Path) -> None:
    settings = load_settings({"storage": "jsonl", "output": {"system_prompt": "Be brief."}})
    _written([selected(conversation())], tmp_path / "dataset", settings)
    [row] = _lines(tmp_path / "dataset" / "train-00000-of-00001.jsonl")
    messages = row["messages"]
    assert isinstance(messages, list)
    assert messages[0] == {"role": "system", "content": "Be brief."}
    assert len(messages) == 5


def test_a_format_that_does_not_fit_names_those_that_do(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"'messages' cannot hold a pair .*these can: .*preference"):
        _written([selected(preferred())], tmp_path / "dataset")
    assert not (tmp_path / "dataset").exists()


def test_a_failed_rewrite_leaves_the_earlier_dataset(tmp_path: Path) -> None:
    _written(numbered(10), tmp_path / "dataset")
    before = {path.name: path.read_bytes() for path in (tmp_path / "dataset").iterdir()}

    def breaking() -> Iterator[Selected]:
        yield from numbered(1500)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_dataset(breaking, tmp_path / "dataset", Settings(), SOURCES, CARD)
    assert {path.name: path.read_bytes() for path in (tmp_path / "dataset").iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["dataset"]


def test_a_rewrite_leaves_nothing_of_the_earlier_dataset(tmp_path: Path) -> None:
    _written(numbered(50), tmp_path / "dataset")
    _written(numbered(5), tmp_path / "dataset", JSONL)
    assert sorted(path.name for path in (tmp_path / "dataset").iterdir()) == [
        "README.md",
        "SHA256SUMS",
        "croissant.json",
        "train-00000-of-00001.jsonl",
    ]


def test_a_folder_with_other_files_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    (tmp_path / "dataset" / "thesis.docx").write_text("precious")
    with pytest.raises(RunFolderError, match=r"holds thesis\.docx, which is no part of a dataset"):
        _written(numbered(5), tmp_path / "dataset")
    assert (tmp_path / "dataset" / "thesis.docx").read_text() == "precious"


def test_large_splits_go_into_several_files(tmp_path: Path) -> None:
    filler = "".join(chr(33 + n % 90) for n in range(2000))
    rows = [selected(exchange(f"Question {n}?", f"{n} {filler}")) for n in range(1500)]
    settings = load_settings({"storage": "jsonl", "output": {"max_shard_mb": 1}})
    files = _written(rows, tmp_path / "dataset", settings)
    assert [file.path for file in files] == ["train-00000-of-00002.jsonl", "train-00001-of-00002.jsonl"]
    assert sum(file.rows for file in files) == 1500
    assert len(_loaded(tmp_path / "dataset", tmp_path / "cache")["train"]) == 1500


@pytest.mark.parametrize(("compression", "ending"), [("gzip", "jsonl.gz"), ("zstd", "jsonl.zst")])
def test_lines_can_be_compressed(tmp_path: Path, compression: str, ending: str) -> None:
    import pyarrow as pa

    settings = load_settings({"storage": "jsonl", "output": {"compression": compression}})
    _written([selected(exchange())], tmp_path / "dataset", settings)
    path = tmp_path / "dataset" / f"train-00000-of-00001.{ending}"
    with pa.input_stream(str(path), compression=compression) as file:
        assert orjson.loads(file.read())["quote"] == exchange().evidence[0].quote


def test_checksums_are_those_of_the_files(tmp_path: Path) -> None:
    files = _written(numbered(20), tmp_path / "dataset")
    listed = (tmp_path / "dataset" / "SHA256SUMS").read_text().splitlines()
    assert {line.partition("  ")[2] for line in listed} == {
        "README.md",
        "croissant.json",
        *(file.path for file in files),
    }
    for line in listed:
        digest, _, name = line.partition("  ")
        assert sha256((tmp_path / "dataset" / name).read_bytes()).hexdigest() == digest


@pytest.mark.parametrize("storage", ["parquet", "jsonl"])
def test_odd_text_and_large_cells_survive(tmp_path: Path, storage: str) -> None:
    odd = "nul \x00, line \u2028 separator, \U0001f600" + "x" * 10_000_000
    _written([selected(exchange(answer=odd))], tmp_path / "dataset", load_settings({"storage": storage}))
    loaded = _loaded(tmp_path / "dataset", tmp_path / "cache")["train"]
    assert loaded[0]["messages"][1]["content"] == odd


def _front_matter(folder: Path) -> dict[str, object]:
    _, head, _ = (folder / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    loaded = yaml.safe_load(head)
    assert isinstance(loaded, dict)
    return loaded


def test_the_card_has_what_the_hub_reads(tmp_path: Path) -> None:
    settings = load_settings({"output": {"license": "cc-by-4.0", "name": "Ferries"}})
    _written(numbered(20), tmp_path / "dataset", settings)
    head = _front_matter(tmp_path / "dataset")
    assert (head["pretty_name"], head["license"], head["size_categories"]) == (
        "Ferries",
        "cc-by-4.0",
        ["n<1K"],
    )
    assert "Built with Llama" not in (tmp_path / "dataset" / "README.md").read_text()


@pytest.mark.parametrize("model", ["groq/meta-llama/llama-4-scout-17b-16e-instruct", "llama/Llama-3.3-8B"])
def test_the_card_tells_the_obligations_of_the_llama_licence(tmp_path: Path, model: str) -> None:
    _written(numbered(5), tmp_path / "dataset", load_settings({"model": model}))
    assert "Built with Llama" in (tmp_path / "dataset" / "README.md").read_text()


def test_no_rows_make_a_dataset_without_files(tmp_path: Path) -> None:
    samples: list[Sample] = []
    assert _written([selected(sample) for sample in samples], tmp_path / "dataset") == ()
    assert (tmp_path / "dataset" / "README.md").exists()


def test_lines_keep_their_types_where_the_first_block_would_mislead(tmp_path: Path) -> None:
    plain = [selected(exchange(f"Question {n}?", "word " * 2000)) for n in range(1500)]
    _written([*plain, selected(tool_user()), selected(reasoned())], tmp_path / "dataset", JSONL)
    loaded = _loaded(tmp_path / "dataset", tmp_path / "cache")["train"]
    assert loaded[1500]["messages"][1]["tool_calls"][0]["function"]["name"] == "timetable"
    assert loaded[1501]["reasoning"] == "Two and three make 5."


def test_images_load_as_images(tmp_path: Path) -> None:
    _written([selected(pictured())], tmp_path / "dataset")
    features = _loaded(tmp_path / "dataset", tmp_path / "cache")["train"].features
    assert features["images"].feature == datasets.Image()


def test_fewer_rows_than_openai_takes_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="of 10 rows or more, and there are 9"):
        _written(
            [selected(exchange(f"{n}?")) for n in range(9)],
            tmp_path / "d",
            load_settings({"format": "openai"}),
        )
    assert list(tmp_path.iterdir()) == []
