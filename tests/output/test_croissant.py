from pathlib import Path

import orjson

from output.importing import import_dataset
from output.writing import write_dataset
from schemas.settings import Settings
from tests.output.builders import CARD, SOURCES, numbered


def test_croissant_describes_files_and_columns(tmp_path: Path) -> None:
    files = write_dataset(lambda: numbered(50), tmp_path / "dataset", Settings(), SOURCES, CARD)
    told = orjson.loads((tmp_path / "dataset" / "croissant.json").read_bytes())
    objects = {each["@id"]: each for each in told["distribution"] if each["@type"] == "cr:FileObject"}
    assert {name: each["sha256"] for name, each in objects.items()} == {f.path: f.sha256 for f in files}
    sets = {each["@id"] for each in told["distribution"] if each["@type"] == "cr:FileSet"}
    assert [each["@id"] for each in told["recordSet"]] == ["train", "validation", "test"]
    train = {field["name"]: field for field in told["recordSet"][0]["field"]}
    assert train["page"]["dataType"] == "sc:Integer"
    assert train["messages"]["repeated"]
    assert [part["name"] for part in train["messages"]["subField"]] == ["messages/role", "messages/content"]
    assert {field["source"]["fileSet"]["@id"] for field in train.values()} <= sets


def test_croissant_is_no_row(tmp_path: Path) -> None:
    write_dataset(lambda: numbered(50), tmp_path / "dataset", Settings(), SOURCES, CARD)
    assert sum(1 for _ in import_dataset(str(tmp_path / "dataset"))) == 50
