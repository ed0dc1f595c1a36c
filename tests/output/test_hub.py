"""Datasets of the hub, from a server on loopback that speaks what the client asks for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import orjson
import pytest

from flows.api import open_job
from flows.configuring import configure
from flows.stages.importing import import_candidates
from output.importing import import_dataset
from schemas.errors import SourceNotFound
from schemas.samples import Split
from tests.beside import Answering, serving

COMMIT = "0123456789" * 4


def _chat(question: str) -> bytes:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": "So."}]
    return orjson.dumps({"messages": turns})


@dataclass
class Hub:
    """What a hub holds of the dataset `somebody/chats`, and what it was asked for."""

    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    held = Hub()

    class Answers(Answering):
        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            held.asked.append(self.path)
            name = self.path.partition(f"/resolve/{COMMIT}/")[2]
            if self.path.startswith("/api/datasets/somebody/chats/"):
                siblings = [{"rfilename": file} for file in held.files]
                tree = [
                    {"type": "file", "path": file, "size": len(content), "oid": sha256(content).hexdigest()}
                    for file, content in held.files.items()
                ]
                told = {"id": "somebody/chats", "sha": COMMIT, "siblings": siblings}
                self._say(200, orjson.dumps(tree if "/tree/" in self.path else told))
            elif name in held.files:
                self._say(200, held.files[name])
            else:
                self._say(404, b'{"error": "Repository not found"}')

        def _say(self, status: int, content: bytes) -> None:
            self.say(status, content, ETag=f'"{sha256(content).hexdigest()}"', X_Repo_Commit=COMMIT)

    with serving(Answers) as address:
        monkeypatch.setenv("HF_ENDPOINT", address)
        monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "cache"))
        monkeypatch.delenv("HF_TOKEN", raising=False)
        yield held


def test_a_dataset_of_the_hub_is_imported_by_its_name(tmp_path: Path, hub: Hub) -> None:
    hub.files = {
        "data/train.jsonl": _chat("Why?"),
        "data/test.jsonl": _chat("How?"),
        "README.md": b"# Chats",
        "model.bin": b"not wanted",
    }
    rows = list(import_dataset("hf://datasets/somebody/chats"))
    assert {(row.judged.sample.question, row.split) for row in rows if row.judged} == {
        ("Why?", Split.TRAIN),
        ("How?", Split.TEST),
    }
    assert not any("model.bin" in path for path in hub.asked)
    with open_job(configure({"out": str(tmp_path / "run")})) as job:
        assert import_candidates(job, "hf://datasets/somebody/chats").samples == 2
        uris = {row.uri for row in job.run.sources.read()}
    assert uris == {f"hf://datasets/somebody/chats/{name}.jsonl" for name in ("train", "test")}


def test_what_the_hub_does_not_have_is_one_line(hub: Hub) -> None:
    with pytest.raises(SourceNotFound, match="the hub did not give it") as raised:
        list(import_dataset("hf://datasets/somebody/others"))
    assert "\n" not in str(raised.value)


def test_the_hub_is_asked_only_where_an_address_says_so(hub: Hub) -> None:
    with pytest.raises(SourceNotFound, match="hf://datasets/owner/name"):
        list(import_dataset("somebody/chats"))
    assert hub.asked == []
