"""`tunesmith calibrate`: what a run's curation is worth, kept with the run and shown in its report."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from flows import build
from flows.api import calibrate
from flows.cli import cli
from schemas.errors import RunFolderError, SettingsError
from tests.endpoint.start import start_endpoint
from tests.flows.corpus import write_document, write_documents


@pytest.fixture
def run(tmp_path: Path) -> Path:
    write_documents(tmp_path / "docs", 3)
    build([tmp_path / "docs"], out=str(tmp_path / "run"), direct=True)
    return tmp_path / "run"


def test_planted_faults_are_counted_kept_and_shown(run: Path) -> None:
    without = (run / "report.html").read_text()
    ran = CliRunner().invoke(cli, ["calibrate", str(run)], catch_exceptions=False)
    assert "rules alone" in ran.output
    assert "recall" in ran.output
    kept = json.loads((run / "calibration.json").read_text())["calibration"]
    faults = {fault["name"]: fault for fault in kept["faults"]}
    assert faults[""]["planted"] > 0
    assert any(fault["caught"] for name, fault in faults.items() if name)
    assert (run / "report.html").read_text() != without


def labelled(file: Path, *rows: tuple[str, str]) -> Path:
    source = "The P-100 pump moves 420 litres per minute at 6 bar."
    question = "How much does the P-100 pump move per minute?"
    told = [
        {"question": question, "answer": answer, "source": source, "label": label} for answer, label in rows
    ]
    file.write_text("\n".join(map(json.dumps, told)))
    return file


def test_a_persons_labels_are_measured_and_few_of_them_are_called_few(run: Path, tmp_path: Path) -> None:
    right, wrong = ("420 litres per minute", " Good"), ("520 litres per minute", "invented")
    command = ["calibrate", str(run), "--labels"]
    both = CliRunner().invoke(cli, [*command, str(labelled(tmp_path / "both.jsonl", right, wrong))])
    assert "Dropped by rules alone, without a judge" in both.output
    assert "good samples             0 of 1 dropped\n" in both.output
    assert "invented                 1 of 1 dropped\n" in both.output
    assert "fewer than ten" in both.output
    bad = CliRunner().invoke(cli, [*command, str(labelled(tmp_path / "bad.jsonl", wrong))])
    assert "what is dropped wrongly cannot be seen" in bad.output


def test_labels_without_a_row_are_one_clear_line(run: Path, tmp_path: Path) -> None:
    (tmp_path / "none.jsonl").write_text("\n\n")
    with pytest.raises(SettingsError, match=r"none\.jsonl holds no rows"):
        calibrate(run, labels=tmp_path / "none.jsonl")


def test_other_filters_are_not_shown_with_what_was_measured_of_these(run: Path) -> None:
    calibrate(run)
    with_it = (run / "report.html").read_text()
    build(out=str(run), direct=True, filters=["length"])
    assert "How far the filters can be trusted" in with_it
    assert "can be trusted" not in (run / "report.html").read_text()


def test_a_judge_is_measured_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
    write_document(tmp_path / "docs", "one")
    with start_endpoint() as endpoint:
        made = build(
            [tmp_path / "docs"],
            out=str(tmp_path / "run"),
            direct=True,
            **endpoint.settings,
            recipes=["qa:2"],
        )
        measured = calibrate(made.folder)
    assert measured.judge == "openai/sim"
    assert any(fault.name for fault in measured.faults)


def test_a_folder_that_made_no_dataset_cannot_be_measured(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="no run folder"):
        calibrate(tmp_path)


def test_a_reward_model_judges_what_the_rules_made_and_is_measured_as_any_judge(tmp_path: Path) -> None:
    write_documents(tmp_path / "docs", 3)
    with start_endpoint() as endpoint:
        judge = {"kind": "reward", "model": "vllm/reward", "base_url": endpoint.base_url, "min_score": 0.9}
        made = build([tmp_path / "docs"], out=str(tmp_path / "run"), direct=True, judge=judge)
        rated = endpoint.stats["rated"]
        again = build(
            [tmp_path / "docs"], out=str(tmp_path / "run"), direct=True, judge={**judge, "scale": [-4, 4]}
        )
        assert endpoint.stats["rated"] == rated > 0
        measured = calibrate(made.folder)
    scores = [
        verdict.score
        for selected in again.samples()
        for verdict in selected.judged.verdicts
        if verdict.filter == "reward"
    ]
    assert scores
    assert all(score is not None and score >= 0.9 for score in scores)
    assert measured.judge == "vllm/reward"
    assert measured.threshold is not None
    assert any(fault.by_model for fault in measured.faults)
    assert "prefers_first" not in measured.warnings
