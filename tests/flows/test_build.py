"""Whole builds over the examples, with the built-in engine and without orchestration."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import Result, build
from flows.api import result, run_stage
from flows.stages.wanted import fruitless, why_fruitless
from flows.stages.workshop import token_estimate
from flows.summary import result_text
from pipeline.store import read_run
from schemas.errors import NothingLeft, RunFolderError, RunLocked, SettingsError, SourceNotFound
from schemas.ledger import End
from schemas.samples import Split
from schemas.settings import load_settings

HANDBOOK = Path(__file__).parents[2] / "examples" / "handbook"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Result:
    out = tmp_path_factory.mktemp("run") / "handbook"
    return build([HANDBOOK], out=str(out), direct=True, recipes=["qa:8", "cot:4"])


def rows(result: Result) -> Iterator[dict[str, object]]:
    for file in result.manifest.files:
        yield from pq.read_table(result.dataset / file.path).to_pylist()


def test_the_examples_give_what_was_promised(built: Result) -> None:
    kept = list(built.samples())
    assert len(kept) >= 60
    assert {"definition", "table_cell"} <= {each.judged.sample.kind for each in kept}
    assert len({each.judged.sample.kind for each in kept}) >= 4


def test_every_rows_quotes_stand_in_the_document_at_their_offsets(built: Result) -> None:
    run = read_run(built.folder)
    documents = {document.id: document for document in run.documents.get(run.documents.index())}
    count = 0
    for row in rows(built):
        spans = row["evidence"]
        assert isinstance(spans, list)
        assert spans, row["id"]
        for span in spans:
            document = documents[span["document"]]
            assert document.text[span["start"] : span["end"]] == span["quote"]
            assert span["page"] == document.page_at(span["start"])
            count += 1
    assert count >= 60


def test_a_recipe_that_gave_no_row_says_so_and_why(tmp_path: Path) -> None:
    (tmp_path / "pump.md").write_text("# Pumps\n\nA **sump pump** is a pump that empties a pit of water.\n")
    result = build([tmp_path / "pump.md"], out=str(tmp_path / "run"), direct=True, recipes=["qa", "cot"])
    assert result.manifest.shortfall == "cot: no row: the documents have nothing that it asks about"
    assert result.manifest.shortfall in result_text(result)


def test_the_reason_for_no_row_names_what_dropped_the_samples_or_that_none_came() -> None:
    settings = load_settings({"recipes": ["qa", "cot", "table"], "target": 9})
    assert fruitless(settings, Counter({("qa", "document"): 3})) == ("cot", "table")
    dropped = Counter(no_evidence=1, judge_score_low=1_200)
    why = "cot: no row: none of its 1,201 samples was kept (1,200 judge score low, 1 no evidence)"
    assert why_fruitless("cot", dropped, 50) == why
    assert why_fruitless("table", Counter(), 50) == "table: no row: no sample came of its 50 requests"


def test_the_ledger_names_how_everything_ended(built: Result) -> None:
    sources = built.ledger["sources"]
    assert (sources.entered, sources.failed) == (sources.kept + 1, {"needs_vision": 1})
    samples = built.ledger["samples"]
    assert samples.entered == samples.kept + sum(samples.dropped.values()) + sum(samples.failed.values())
    assert samples.kept == sum(file.rows for file in built.manifest.files) == len(list(rows(built)))


def test_a_scanned_page_is_reported_and_not_silently_skipped(built: Result) -> None:
    [scan] = [row for row in read_run(built.folder).sources.read() if row.end is End.FAILED]
    assert scan.uri.endswith("notice-1988-scan.pdf")
    assert "vision" in scan.detail


def test_no_document_stands_in_two_splits(built: Result) -> None:
    splits: dict[str, set[Split]] = {}
    for each in built.samples():
        for span in each.judged.sample.evidence:
            splits.setdefault(span.document_id, set()).add(each.split)
    assert all(len(found) == 1 for found in splits.values())
    assert Split.TRAIN in set.union(*splits.values())


def test_a_second_run_does_nothing_again_and_changes_nothing(built: Result) -> None:
    before = {
        path: path.stat().st_mtime_ns
        for path in built.folder.rglob("*.parquet")
        if "dataset" not in path.parts
    }
    again = build(out=str(built.folder), direct=True)
    after = {
        path: path.stat().st_mtime_ns
        for path in built.folder.rglob("*.parquet")
        if "dataset" not in path.parts
    }
    assert [file.sha256 for file in again.manifest.files] == [file.sha256 for file in built.manifest.files]
    changed = {path.name for path in after if before.get(path) != after[path]}
    assert changed <= {"sources.parquet", "selection.parquet"}


def test_datasets_loads_what_was_written(built: Result, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(str(built.dataset), cache_dir=str(tmp_path))
    assert sum(split.num_rows for split in loaded.values()) == built.ledger["samples"].kept
    assert loaded["train"][0]["messages"][0]["role"] == "user"


@pytest.mark.parametrize(
    ("sources", "settings", "error", "message"),
    [
        (["no/such/path"], {}, SourceNotFound, "no/such/path"),
        ([HANDBOOK], {"recipes": ["qq"]}, Exception, "no recipe is called 'qq'"),
        ([HANDBOOK], {"model": "nobody/x"}, Exception, "no provider is called 'nobody'"),
        ([HANDBOOK], {"format": "mesages"}, Exception, "did you mean 'messages'"),
        ([HANDBOOK], {"recepies": ["qa"]}, SettingsError, "did you mean 'recipes'"),
        ([], {}, SettingsError, "sources"),
    ],
)
def test_what_cannot_work_is_told_before_anything_is_read(
    sources: list[Path | str],
    settings: dict[str, Any],
    error: type[Exception],
    message: str,
    tmp_path: Path,
) -> None:
    with pytest.raises(error) as caught:
        build(sources, out=str(tmp_path / "run"), direct=True, **settings)
    assert message in str(caught.value)
    assert not list(tmp_path.rglob("*.parquet"))


def test_a_run_in_which_every_document_failed_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "broken.docx").write_bytes(b"PK\x03\x04 cut")
    with pytest.raises(NothingLeft, match="none of the 1 sources could be used") as caught:
        build([tmp_path / "docs"], out=str(tmp_path / "run"), direct=True)
    assert caught.value.exit_code != 0


def test_parsing_alone_says_what_was_not_read_and_fails_where_nothing_was(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "odd.xyz").write_text("Words of an odd kind.")
    settings = load_settings({"sources": [str(docs)], "out": str(tmp_path / "run")})
    with pytest.raises(NothingLeft, match="none of the 1 sources could be used"):
        run_stage("parse", settings, direct=True)
    (docs / "good.md").write_text("The pump runs at night.")
    said = run_stage("parse", settings, direct=True)
    assert "odd.xyz: no parser reads '.xyz'" in said
    assert "1 documents read, 1 unreadable" in said


def test_one_bad_file_stops_nothing_else(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "good.md").write_text((HANDBOOK / "engineering-notes.md").read_text())
    (docs / "empty.md").write_text("")
    (docs / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (docs / "cut.docx").write_bytes((HANDBOOK / "crew-manual.docx").read_bytes()[:5000])
    (docs / "odd.xyz").write_bytes(bytes(range(256)))
    result = build([docs], out=str(tmp_path / "run"), direct=True)
    ends = {Path(row.uri).name: (row.end, row.reason) for row in read_run(result.folder).sources.read()}
    assert ends.pop("good.md") == (End.KEPT, "")
    assert all(end is End.FAILED and reason for end, reason in ends.values())
    assert len(ends) == 4


def test_two_runs_on_one_folder_are_refused(tmp_path: Path) -> None:
    from pipeline.store import open_run

    with open_run(tmp_path / "run"), pytest.raises(RunLocked):
        build([HANDBOOK], out=str(tmp_path / "run"), direct=True)


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(RunFolderError, match="holds other files"):
        build([HANDBOOK], out=str(tmp_path), direct=True)
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_the_stages_alone_come_to_the_same_dataset(built: Result, tmp_path: Path) -> None:
    from flows.api import run_stage
    from flows.configuring import configure

    out = str(tmp_path / "run")
    run_stage(
        "parse",
        configure({"sources": [str(HANDBOOK)], "out": out, "recipes": ["qa:8", "cot:4"]}),
        direct=True,
    )
    for stage in ("generate", "curate", "export"):
        run_stage(stage, configure({"out": out}), direct=True)
    assert result(out).ledger == built.ledger


def test_a_build_says_whether_it_changed_the_dataset(tmp_path: Path) -> None:
    first = build([HANDBOOK / "engineering-notes.md"], out=str(tmp_path / "run"), direct=True)
    again = build(out=str(tmp_path / "run"), direct=True)
    assert (first.changed, again.changed, result(tmp_path / "run").changed) == (True, False, None)
    assert "nothing changed since version 1" in result_text(again)


def test_a_stage_without_the_one_before_says_what_to_run(tmp_path: Path) -> None:
    from flows.api import run_stage
    from flows.configuring import configure

    with pytest.raises(RunFolderError, match="or make one: tunesmith build"):
        run_stage("generate", configure({"out": str(tmp_path / "run")}), direct=True)


def test_passages_are_counted_with_a_models_tokenizer_where_one_is_named(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    tokenizer.save(str(tmp_path / "tokenizer.json"))
    settings = load_settings({"passages": {"tokenizer": str(tmp_path)}})
    assert token_estimate(settings).count("four words, and no more") == 5
    with pytest.raises(SettingsError, match=r"passages\.tokenizer"):
        build([HANDBOOK], out=str(tmp_path / "run"), direct=True, passages={"tokenizer": str(tmp_path / "x")})
