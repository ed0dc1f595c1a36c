"""People's decisions on single rows: taken, kept over builds, shown, and taken back."""

import json
from pathlib import Path
from shutil import copyfile, copytree
from typing import Any

import pytest
from click.testing import CliRunner

from flows import Result, build, review
from flows.api import open_job, result
from flows.cli import cli
from flows.stages.decision_files import said_in
from flows.stages.reviews import take
from pipeline.store import read_run
from schemas.errors import NothingLeft, RunFolderError, SettingsError
from schemas.samples import Selected
from tests.flows.corpus import write_document


def tunesmith(*arguments: object) -> str:
    done = CliRunner().invoke(cli, [*map(str, arguments)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def made(built: Result, **settings: Any) -> Result:
    sources = built.manifest.settings.sources
    return build(sources, out=str(built.folder), recipes=["qa"], direct=True, **settings)


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("reviews")
    for name in ("s1", "s2", "s3"):
        write_document(folder / "docs", name)
    return build([folder / "docs"], out=str(folder / "run"), recipes=["qa"], direct=True)


@pytest.fixture
def built(once: Result, tmp_path: Path) -> Result:
    """A finished run of the test's own, over documents that it leaves as they are."""
    return result(copytree(str(once.folder), tmp_path / "run"))


def by_id(result: Result) -> dict[str, Selected]:
    return {each.judged.sample.id: each for each in result.samples()}


def test_a_rejected_row_leaves_and_stays_away_also_when_its_document_changes(
    tmp_path: Path,
) -> None:
    path = write_document(tmp_path / "docs", "s1")
    built = build([path.parent], out=str(tmp_path / "run"), recipes=["qa"], direct=True)
    [(id_, gone), *rest] = by_id(built).items()
    taken = review(built.folder, [{"id": id_[:12], "decision": "reject", "note": "dull"}])
    assert taken.rows == len(rest)
    again = made(built)
    assert by_id(again).keys() == {id_ for id_, _ in rest}
    assert again.ledger["samples"].dropped["rejected_by_reviewer"] == 1
    path.write_text(path.read_text() + "\nOne more line that states nothing at all.\n")
    changed = by_id(made(built))
    questions = {each.judged.sample.question for each in changed.values()}
    assert gone.judged.sample.question not in questions
    assert len(changed) == len(rest)


def test_an_edited_row_is_in_the_persons_words_which_the_rules_doubt_and_may_be_edited_again(
    built: Result,
) -> None:
    id_ = next(iter(by_id(built)))
    taken = review(
        built.folder, [{"id": id_, "decision": "edit", "answer": "It holds 31415926 litres of tea."}]
    )
    [(now, why)] = taken.doubts.items()
    assert why == "number_not_in_source"
    assert by_id(made(built))[now].judged.sample.answer == "It holds 31415926 litres of tea."
    review(built.folder, [{"id": now, "decision": "edit", "question": "What is in the tank of station one?"}])
    review(built.folder, [{"id": id_, "decision": "keep"}])
    samples = [each.judged.sample for each in made(built).samples()]
    assert ("What is in the tank of station one?", "It holds 31415926 litres of tea.") in {
        (sample.question, sample.answer) for sample in samples
    }
    review(built.folder, [{"id": id_, "decision": "undo"}])
    assert by_id(made(built)).keys() == by_id(built).keys()


def test_a_diff_says_which_rows_a_person_worded_anew_and_which_were_rejected(
    once: Result, built: Result
) -> None:
    first, second, *_ = by_id(built)
    said = [{"id": first, "decision": "edit", "answer": "Said anew."}, {"id": second, "decision": "reject"}]
    review(built.folder, said)
    told = tunesmith("diff", once.folder, built.folder)
    assert "-1 in other words since a person's edit, of qa" in told
    assert "+1 in a person's words, of qa" in told
    assert "-1 dropped now: rejected by reviewer" in told
    changes = json.loads(tunesmith("diff", once.folder, built.folder, "--json"))
    assert [change["cause"] for change in changes["added"]] == ["edited"]


def test_what_was_decided_in_one_run_can_be_taken_over_by_another(built: Result, tmp_path: Path) -> None:
    first, second, third, *_ = [each.judged.sample for each in built.samples()]
    said = [{"id": first.id, "decision": "reject"}, {"id": second.id, "decision": "edit", "answer": "Anew."}]
    review(built.folder, [*said, {"id": third.id, "decision": "reject"}])
    sources = [Path(source) for source in built.manifest.settings.sources]
    other = build(sources, out=str(tmp_path / "other"), recipes=["qa:2"], direct=True, seed=5)
    there = {each.judged.sample.question for each in other.samples()}
    told = tunesmith("review", other.folder, "--from", built.folder)
    now = {each.judged.sample.question: each.judged.sample.answer for each in other.samples()}
    assert ("more are on samples" in told) is not ({first.question, second.question, third.question} <= there)
    assert not {first.question, third.question} & now.keys()
    assert now.get(second.question, "Anew.") == "Anew."


def test_a_build_with_a_target_makes_up_for_what_was_rejected(built: Result) -> None:
    few = made(built, target=4)
    [rejected, *_] = by_id(few)
    review(few.folder, [{"id": rejected, "decision": "reject"}])
    again = by_id(made(built, target=4))
    assert len(again) == 4
    assert rejected not in again


def test_what_was_kept_and_is_not_in_the_dataset_all_the_same_is_told(built: Result) -> None:
    few = made(built, target=2)
    [line, *_] = tunesmith("rows", few.folder, "--reason", "beyond target", "--json").splitlines()
    told = tunesmith("review", few.folder, "--keep", json.loads(line)["id"])
    assert "is not in the dataset all the same: beyond target" in told


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ({"id": "nobody00", "decision": "reject"}, "nobody00: no sample is called that"),
        ({"id": "ab", "decision": "reject"}, "at least 6 characters"),
        ({"id": "nobody00", "decision": "perhaps"}, "'keep', 'reject', 'edit' or 'undo'"),
        ({"id": "nobody00", "decision": "edit"}, "an edit has a question, an answer or a reasoning"),
        ({"id": "nobody00", "decision": "edit", "anwser": "x"}, "anwser"),
    ],
)
def test_what_is_no_decision_on_a_row_of_the_run_is_refused_in_one_line(
    built: Result, row: dict[str, object], problem: str
) -> None:
    with pytest.raises(SettingsError, match=problem) as caught:
        review(built.folder, [row])
    assert "\n" not in str(caught.value)
    assert read_run(built.folder).reviews.read() == []


def test_decisions_that_leave_no_row_are_not_taken(built: Result) -> None:
    with pytest.raises(NothingLeft, match="rejected by reviewer"):
        review(built.folder, [{"id": id_, "decision": "reject"} for id_ in by_id(built)])
    assert read_run(built.folder).reviews.read() == []
    assert len(by_id(built)) > 0


def test_rows_as_json_lines_are_taken_back_where_a_decision_was_filled_in(
    built: Result, tmp_path: Path
) -> None:
    rows = [json.loads(line) for line in tunesmith("rows", built.folder, "--json").splitlines()]
    assert {row["id"] for row in rows} == by_id(built).keys()
    rows[0]["decision"] = "reject"
    rows[1] |= {"decision": "edit", "answer": "Said in other words."}
    file = tmp_path / "decisions.jsonl"
    file.write_text("\n".join([*map(json.dumps, rows), ""]))
    assert "1 rejected, 1 edited" in tunesmith("review", built.folder, file)
    assert "Said in other words." in tunesmith("rows", built.folder, "--find", "other WORDS")
    assert "review no" in tunesmith("rows", built.folder, "--reason", "rejected by reviewer")
    [edited] = [row for line in tunesmith("rows", built.folder, "--json").splitlines()
                if (row := json.loads(line))["decision"]]  # fmt: skip
    assert (edited["decision"], edited["answer"]) == ("edit", "Said in other words.")


def test_a_line_that_is_no_decision_is_named_by_its_number(built: Result, tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text('{"id": "abcdef", "decision": null}\n\n{"id": "abcdef"}\n')
    done = CliRunner().invoke(cli, ["review", str(built.folder), str(file)])
    assert str(done.exception).endswith("decisions.jsonl:3: decision: Field required")


def test_a_row_is_shown_with_its_place_its_quote_and_what_was_thought_of_it(built: Result) -> None:
    shown = next(each for each in built.samples() if each.judged.sample.evidence)
    told = tunesmith("rows", built.folder, shown.judged.sample.id[:8])
    assert shown.judged.sample.question in told
    assert " ".join(shown.judged.sample.evidence[0].quote.split()) in told
    assert ".md: " in told
    assert "evidence 1.00" in told
    assert "0 shown, 0 more" in tunesmith("rows", built.folder, "--find", "no such words")


def test_the_page_has_every_row_that_is_wanted_and_no_text_of_a_row_does_anything(built: Result) -> None:
    id_ = next(iter(by_id(built)))
    review(built.folder, [{"id": id_, "decision": "edit", "answer": "</textarea><script>alert(1)</script>"}])
    told = tunesmith("review", built.folder)
    page = (Path(str(built.folder)) / "review.html").read_text()
    assert f"{len(by_id(built)):,} samples to decide of" in told
    assert page.count("data-id=") == len(by_id(built))
    assert page.count("<script") == 1
    assert page.count('data-decision="edit" aria-label') == 1
    told = tunesmith("review", built.folder, "--limit", "1")
    assert f"1 samples to decide of ({len(by_id(built)) - 1} more: --limit" in told


def test_a_kill_before_the_dataset_was_written_anew_leaves_a_run_that_can_be_read_and_built(
    once: Result, built: Result
) -> None:
    first = next(iter(by_id(built)))
    review(built.folder, [{"id": first, "decision": "edit", "answer": "Said anew."}])
    for name in ("selection.parquet", "manifest.json"):
        copyfile(Path(str(once.folder)) / name, Path(str(built.folder)) / name)
    assert len(by_id(built)) == len(by_id(once)) - 1
    assert "not yet selected" in tunesmith("rows", built.folder, "--find", "Said anew.", "--dropped")
    assert "Said anew." in {each.judged.sample.answer for each in made(built).samples()}


def test_decisions_are_as_before_where_the_dataset_cannot_be_written(built: Result) -> None:
    [first, second, *_] = by_id(built)
    review(built.folder, [{"id": first, "decision": "reject"}])
    (Path(str(built.folder)) / "dataset" / "mine.txt").write_text("not to be lost")
    settings = built.manifest.settings.model_copy(update={"out": str(built.folder)})
    with open_job(settings) as job, pytest.raises(RunFolderError, match=r"mine\.txt"):
        take(job, [said_in({"id": second, "decision": "reject"})])
    assert [each.sample_id for each in read_run(built.folder).reviews.read()] == [first]
