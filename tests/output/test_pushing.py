"""Pushing to an S3 server and to a server that speaks the hub's API, both on loopback."""

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest
from click.testing import CliRunner

from flows.cli import cli
from output.pushing import parcel, push_to_hub, push_to_store
from output.writing import write_dataset
from schemas.errors import RunFolderError, SettingsError
from schemas.settings import load_settings
from tests.beside import Answering, serving
from tests.object_store import s3_on_loopback
from tests.output.builders import CARD, SOURCES, exchange, numbered, selected


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    settings = load_settings({"storage": "jsonl"})
    write_dataset(lambda: numbered(40), tmp_path / "dataset", settings, SOURCES, CARD)
    return tmp_path / "dataset"


@dataclass
class Faults:
    """Puts a refusal in the way of a file."""

    refused: str = ""
    refused_part: str = ""

    def around(self, application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        def answer(environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
            part = self.refused_part and f"partNumber={self.refused_part}" in environ["QUERY_STRING"]
            named = self.refused and self.refused in environ["PATH_INFO"]
            if environ["REQUEST_METHOD"] == "PUT" and (named or part):
                environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
                start("403 Forbidden", [("Content-Type", "application/xml")])
                return [b"<Error><Code>AccessDenied</Code><Message>quota</Message></Error>"]
            return application(environ, start)

        return answer


@pytest.fixture
def s3() -> Iterator[Faults]:
    """An S3 server with the bucket `bucket`."""
    from s3fs import S3FileSystem

    faults = Faults()
    with s3_on_loopback() as store:
        store.app = faults.around(store.app)
        S3FileSystem().mkdir("bucket")
        yield faults


def _stored() -> set[str]:
    from s3fs import S3FileSystem

    S3FileSystem.clear_instance_cache()
    return set(S3FileSystem().find("bucket"))


def test_a_dataset_goes_to_an_object_store_whole(dataset: Path, s3: Faults) -> None:
    push_to_store(parcel(dataset), "s3://bucket/mine")
    assert _stored() == {f"bucket/mine/{path.name}" for path in dataset.iterdir()}
    with pytest.raises(RunFolderError, match="holds files already"):
        push_to_store(parcel(dataset), "s3://bucket/mine")


def test_a_fault_in_the_middle_leaves_nothing_of_an_upload(dataset: Path, s3: Faults) -> None:
    s3.refused = "validation-"
    with pytest.raises(RunFolderError, match="cannot be written"):
        push_to_store(parcel(dataset), "s3://bucket/mine")
    assert _stored() == set()
    s3.refused = ""
    push_to_store(parcel(dataset), "s3://bucket/mine")
    assert "bucket/mine/SHA256SUMS" in _stored()


def _unfinished() -> list[str]:
    """The uploads in parts that the store still keeps, and bills."""
    from s3fs import S3FileSystem

    return [upload["Key"] for upload in S3FileSystem().list_multipart_uploads("bucket")]


@pytest.mark.slow
def test_a_fault_in_the_second_part_of_a_file_leaves_nothing(tmp_path: Path, s3: Faults) -> None:
    rows = [selected(exchange(f"{n}?", Random(n).randbytes(6_000_000).hex())) for n in range(11)]
    settings = load_settings({"storage": "jsonl"})
    write_dataset(lambda: rows, tmp_path / "big", settings, SOURCES, CARD)
    s3.refused_part = "2"
    with pytest.raises(RunFolderError, match="cannot be written"):
        push_to_store(parcel(tmp_path / "big"), "s3://bucket/mine")
    assert (_stored(), _unfinished()) == (set(), [])
    s3.refused_part = ""
    push_to_store(parcel(tmp_path / "big"), "s3://bucket/mine")
    assert "bucket/mine/SHA256SUMS" in _stored()


def test_missing_credentials_are_one_line(
    dataset: Path, s3: Faults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from s3fs import S3FileSystem

    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("HOME", str(tmp_path))
    S3FileSystem.clear_instance_cache()
    with pytest.raises(RunFolderError, match="redentials") as raised:
        push_to_store(parcel(dataset), "s3://bucket/mine")
    assert "\n" not in str(raised.value)


def test_a_changed_dataset_is_not_sent(dataset: Path) -> None:
    (dataset / "README.md").write_text("mine")
    with pytest.raises(RunFolderError, match="was changed"):
        parcel(dataset)


@dataclass
class Hub:
    """What a hub was asked to make, and what it was given."""

    made: list[dict[str, Any]] = field(default_factory=list)
    committed: dict[str, bytes] = field(default_factory=dict)
    tokens: set[str] = field(default_factory=set)
    address: str = ""


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A server that speaks the hub's API as far as the client uses it for small files."""
    hub = Hub()

    class Answers(Answering):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hub.tokens.add(self.headers["Authorization"] or "")
            if self.path.endswith("/repos/create"):
                hub.made.append(orjson.loads(body))
                self._say({"url": f"{hub.address}/datasets/me/mine"})
            elif "/preupload/" in self.path:
                files = orjson.loads(body)["files"]
                told = [
                    {"path": file["path"], "uploadMode": "regular", "shouldIgnore": False} for file in files
                ]
                self._say({"files": told})
            elif "/commit/" in self.path:
                for line in map(orjson.loads, body.splitlines()):
                    if line["key"] == "file":
                        hub.committed[line["value"]["path"]] = base64.b64decode(line["value"]["content"])
                commit = {"commitOid": "c1", "commitUrl": f"{hub.address}/datasets/me/mine/commit/c1"}
                self._say(commit | {"success": True})
            else:
                self._say({"valid": True})

        def do_GET(self) -> None:
            self._say([] if "/tree/" in self.path else {"id": "me/mine", "sha": "c0", "siblings": []})

        def _say(self, value: object) -> None:
            self.say(200, orjson.dumps(value), Content_Type="application/json")

    with serving(Answers) as hub.address:
        monkeypatch.setenv("HF_ENDPOINT", hub.address)
        monkeypatch.setenv("HF_TOKEN", "hf_test")
        yield hub


@pytest.mark.parametrize("public", [False, True])
def test_a_dataset_goes_to_the_hub_private_unless_asked(dataset: Path, hub: Hub, public: bool) -> None:
    address = push_to_hub(parcel(dataset), "me/mine", public=public)
    assert address.endswith("/commit/c1")
    assert hub.tokens == {"Bearer hf_test"}
    [made] = hub.made
    assert (made["name"], made["type"]) == ("mine", "dataset")
    assert made.get("private", made.get("visibility") == "private") is not public
    assert hub.committed == {path.name: path.read_bytes() for path in dataset.iterdir()}


def test_without_a_token_nothing_is_sent(dataset: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(SettingsError, match="HF_TOKEN"):
        push_to_hub(parcel(dataset), "me/mine")
    assert hub.made == []


def test_a_dry_run_sends_nothing(dataset: Path, hub: Hub) -> None:
    said = CliRunner().invoke(cli, ["push", str(dataset), "--repo", "me/mine", "--dry-run"]).output
    assert "would go to me/mine" in said
    assert "train-00000-of-00001.jsonl" in said
    assert (hub.made, hub.committed) == ([], {})
