from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store import SampleStore
from schemas.errors import RunFolderError
from schemas.ledger import End, Outcome, Stage
from schemas.requests import Message
from schemas.samples import Judged, Origin, Sample, Verdict
from tests.pipeline.store.shapes import JUDGED, OUTCOMES


def _judged(answer: str) -> Judged:
    messages = (Message("user", "What is it?"), Message("assistant", answer))
    sample = Sample("qa", "definition", messages, Origin("r1", "extractive", ("d:0-9",)))
    return Judged(sample, (Verdict("length", keep=True), Verdict("judge", False, "unsupported", 0.2)))


@settings(max_examples=60)
@given(judged=st.lists(JUDGED, max_size=8), outcomes=st.lists(OUTCOMES, max_size=4))
def test_judged_samples_come_back_as_they_went_in(judged: list[Judged], outcomes: list[Outcome]) -> None:
    with TemporaryDirectory() as folder:
        store = SampleStore(Path(folder))
        store.write("shard", judged, outcomes)
        assert list(store.read("shard")) == judged
        assert list(store.outcomes("shard")) == outcomes


def test_many_rows_keep_their_order_over_row_groups(tmp_path: Path) -> None:
    judged = [_judged(f"Answer {n}.") for n in range(9000)]
    SampleStore(tmp_path).write("s", judged)
    assert pq.ParquetFile(tmp_path / "s.parquet").num_row_groups > 1
    assert list(SampleStore(tmp_path).read("s")) == judged


def test_a_query_finds_id_verdict_and_reason_as_columns(tmp_path: Path) -> None:
    judged = _judged("A tree.")
    SampleStore(tmp_path).write("s", [judged])
    [row] = pq.read_table(tmp_path / "s.parquet").to_pylist()
    assert row["id"] == judged.sample.id
    assert (row["keep"], row["reason"], row["score"]) == (False, "unsupported", 0.2)
    assert row["messages"][1]["content"] == "A tree."


def test_a_shard_is_done_only_when_it_is_whole(tmp_path: Path) -> None:
    store = SampleStore(tmp_path)

    def breaking() -> Iterator[Judged]:
        yield _judged("One.")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.write("s", breaking())
    assert not store.done("s")
    assert store.shards() == []
    assert list(tmp_path.rglob("*.p*")) == []


def test_a_broken_rewrite_leaves_the_earlier_shard(tmp_path: Path) -> None:
    store = SampleStore(tmp_path)
    store.write("s", [_judged("One.")], [Outcome(Stage.REQUESTS, "r1", End.KEPT)])

    def breaking() -> Iterator[Judged]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        store.write("s", breaking())
    assert list(store.read("s")) == [_judged("One.")]
    assert len(list(store.outcomes("s"))) == 1


def test_a_rewritten_shard_replaces_samples_and_outcomes(tmp_path: Path) -> None:
    store = SampleStore(tmp_path)
    store.write("s", [_judged("One.")], [Outcome(Stage.REQUESTS, "r1", End.FAILED, "timeout")])
    store.write("s", [_judged("Two.")])
    assert list(store.read("s")) == [_judged("Two.")]
    assert list(store.outcomes("s")) == []
    assert store.shards() == ["s"]
    store.remove("s")
    assert store.shards() == []
    assert not store.done("s")


def test_a_lone_surrogate_in_an_answer_is_replaced(tmp_path: Path) -> None:
    judged = _judged("fine")
    broken = replace(judged, verdicts=(Verdict("judge", True, detail="a\udfffb"),))
    SampleStore(tmp_path).write("s", [broken])
    [back] = SampleStore(tmp_path).read("s")
    assert back.verdicts[0].detail == "a\ufffdb"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RunFolderError, match="cannot be written"):
        SampleStore(tmp_path / "file" / "samples").write("s", [])
