"""Pictures in rows, and in files beside them."""

import zlib
from dataclasses import replace
from pathlib import Path
from struct import pack

import datasets
import orjson
import pytest

from output.converting import convert
from output.importing import import_dataset
from output.writing import write_dataset
from schemas.requests import Image, Message
from schemas.samples import Sample
from schemas.settings import load_settings
from tests.output.builders import CARD, SOURCES, exchange, selected


def _png(shade: int) -> bytes:
    """A picture of one grey pixel."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes([0, shade]))) + chunk(b"IEND", b"")
    )


def _pictured(shade: int) -> Sample:
    turn = Message("user", f"What is {shade}?", images=(Image("image/png", _png(shade)),))
    return replace(exchange(), messages=(turn, Message("assistant", "A shade.")))


def _written(folder: Path, **settings: object) -> Path:
    rows = [selected(_pictured(shade)) for shade in (1, 2, 1)]
    write_dataset(lambda: rows, folder, load_settings(settings), SOURCES, CARD)
    return folder


def test_images_in_parquet_are_pictures_for_datasets(tmp_path: Path) -> None:
    folder = _written(tmp_path / "dataset")
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]
    assert loaded.features["images"].feature == datasets.Image()
    bare = loaded.cast_column("images", datasets.List(datasets.Image(decode=False)))
    assert [row["images"][0]["bytes"] for row in bare] == [_png(1), _png(2), _png(1)]


@pytest.mark.parametrize("format_", ["messages", "sharegpt", "llama_factory", "raw"])
def test_images_beside_json_lines_are_files_that_the_rows_name(tmp_path: Path, format_: str) -> None:
    folder = _written(tmp_path / "dataset", storage="jsonl", format=format_)
    names = [orjson.loads(line)["images"] for line in (folder / "train-00000-of-00001.jsonl").open()]
    assert names[0] == names[2] != names[1]
    assert [(folder / name).read_bytes() for [name] in names] == [_png(1), _png(2), _png(1)]
    assert len(list((folder / "images").rglob("*.png"))) == 2
    loaded = datasets.load_dataset(str(folder), cache_dir=str(tmp_path / "cache"))["train"]
    assert [row["images"] for row in loaded] == names
    assert names[0][0] in (folder / "SHA256SUMS").read_text()
    back = [row.judged.sample.messages[0].images for row in import_dataset(str(folder)) if row.judged]
    assert [image.content for [image] in back] == [_png(1), _png(2), _png(1)]


def test_images_come_into_the_rows_and_out_again(tmp_path: Path) -> None:
    beside = _written(tmp_path / "one", storage="jsonl")
    convert(str(beside), tmp_path / "two", load_settings({}))
    convert(str(tmp_path / "two"), tmp_path / "three", load_settings({"output": {"images": "files"}}))
    assert {path.name for path in (tmp_path / "three").rglob("*.png")} == {
        path.name for path in beside.rglob("*.png")
    }


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../secret.png", "the image '../secret.png' is not in the dataset's folder"),
        ("gone.png", "the image 'gone.png' cannot be read"),
        ("notes.txt", "'notes.txt' is no image of a kind that is known"),
    ],
)
def test_a_path_that_leads_to_no_image_is_told(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "secret.png").write_bytes(_png(1))
    (tmp_path / "theirs").mkdir()
    (tmp_path / "theirs" / "notes.txt").write_text("words")
    turns = [{"from": "human", "value": "<image>What?"}, {"from": "gpt", "value": "This."}]
    row = {"conversations": turns, "images": [name]}
    (tmp_path / "theirs" / "rows.json").write_bytes(orjson.dumps([row]))
    [found] = import_dataset(str(tmp_path / "theirs"))
    assert found.problem == problem
