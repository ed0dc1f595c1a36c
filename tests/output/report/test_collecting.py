from dataclasses import replace

from output.report import Extras, ReportFacts, collect
from schemas.documents import Document, PageNote, PageQuality
from schemas.ledger import End, Outcome, Stage
from schemas.samples import Judged, Split
from tests.output.report.runs import KEPT, Decision, Decisions, document, judged, manifest, sample

TEXT = "A ferry is a boat. " + "It carries people over the sound. " * 40 + "A quay is a wall."


def collected(
    samples: list[Judged], decisions: Decisions, *documents: Document, **extras: object
) -> ReportFacts:
    outcomes = extras.get("outcomes", ())
    assert isinstance(outcomes, tuple)
    return collect(
        iter(samples),
        decisions,
        iter(documents),
        manifest(samples, decisions, outcomes),
        lambda text: len(text.split()),
        Extras(outcomes),
    )


def test_a_run_is_summed_up() -> None:
    ferry = document(TEXT)
    kept = judged(sample(ferry, "A ferry is a boat."), 0.9)
    lost = judged(sample(ferry, "A quay is a wall.", "Why?"), 0.2, "number_not_in_source")
    facts = collected(
        [kept, lost], {kept.sample.id: KEPT, lost.sample.id: Decision(End.DROPPED, lost.reason)}, ferry
    )

    assert (facts.rows_total, facts.documents, facts.seconds) == (1, 1, 61.0)
    assert [(row.name, row.value) for row in facts.splits] == [("train", "1")]
    [loss] = facts.losses
    assert (loss.stage, loss.reason, loss.count) == (Stage.SAMPLES, "number_not_in_source", 1)
    assert loss.samples[0].id == lost.sample.id
    [score] = facts.scores
    assert (score.kept[18], score.lost[4]) == (1, 1)
    assert [(share.name, share.made, share.kept) for share in facts.recipes] == [("qa", 2, 1)]
    spending = {
        each.recipe: (each.usage.cost_usd, each.expected and each.expected.cost_usd)
        for each in facts.spending
    }
    assert spending == {"judge": (0.0, 0.1), "qa": (0.25, 0.5)}


def test_only_evidence_of_rows_counts_as_coverage() -> None:
    ferry, unused = document(TEXT), document("Nothing was asked about this.", "docs/other.md")
    twice = [judged(sample(ferry, "A ferry is a boat.", question)) for question in ("What?", "And what?")]
    lost = judged(sample(ferry, "A quay is a wall."), 0.1, "too_long")
    decisions = {each.sample.id: KEPT for each in twice} | {lost.sample.id: Decision(End.DROPPED, "too_long")}
    facts = collected([*twice, lost], decisions, unused, ferry)

    first, second = facts.coverage
    assert (first.uri, first.made, first.kept) == ("docs/ferry.pdf", 3, 2)
    assert [(part.start, part.end) for part in first.covered] == [(0, 18)]
    assert first.share == 18 / len(TEXT)
    assert (second.uri, second.share) == ("docs/other.md", 0.0)


def test_positions_of_evidence_are_told_by_tenth_over_all_documents() -> None:
    one, other = document("a" * 50 + "b" * 50), document("c" * 300, "docs/other.md")
    rows = [judged(sample(one, "a" * 15)), judged(sample(one, "b" * 50)), judged(sample(other, "c" * 300))]
    found = collected(rows[:2], {each.sample.id: KEPT for each in rows[:2]}, one, other).tenths
    assert found == (10 / 40, 5 / 40, 0, 0, 0, *[10 / 40] * 5)
    everything = collected(rows[2:], {rows[2].sample.id: KEPT}, other).tenths
    assert everything == (1.0,) * 10


def test_evidence_is_shown_in_its_place_word_for_word() -> None:
    ferry = document(TEXT)
    each = judged(sample(ferry, "A quay is a wall."))
    [row] = collected([each], {each.sample.id: KEPT}, ferry).rows
    [excerpt] = row.excerpts
    shown = "".join(part.text for part in excerpt.parts)

    assert [part.text for part in excerpt.parts if part.marked] == ["A quay is a wall."]
    assert shown in TEXT
    assert (excerpt.cut_before, excerpt.cut_after, excerpt.page) == (True, False, 1)


def test_evidence_that_overlaps_is_shown_once_with_every_character_once() -> None:
    ferry = document(TEXT)
    one, other = sample(ferry, "A ferry is"), sample(ferry, "ferry is a boat.")
    both = Judged(type(one)(one.recipe, one.kind, one.messages, one.origin, (*other.evidence, *one.evidence)))
    [row] = collected([both], {both.sample.id: KEPT}, ferry).rows
    [excerpt] = row.excerpts

    assert "".join(part.text for part in excerpt.parts if part.marked) == "A ferry is a boat."
    assert TEXT.startswith("".join(part.text for part in excerpt.parts))


def test_a_document_without_text_is_named_once_with_its_pages() -> None:
    scan = document("", "docs/scan.pdf", blind=2)
    gone = Outcome(Stage.SOURCES, "docs/scan.pdf", End.FAILED, "needs_vision", "no text layer")
    facts = collected([], {}, scan, outcomes=(gone,))

    assert [(each.title, each.pages) for each in facts.unseen] == [("docs/scan.pdf", (1, 2))]
    assert [(loss.reason, loss.items[0].name) for loss in facts.losses] == [("needs_vision", "docs/scan.pdf")]


def test_the_choice_of_examples_is_bounded_and_the_same_every_time() -> None:
    ferry = document(TEXT)
    many = [judged(sample(ferry, "A ferry is a boat.", f"Question {number}?")) for number in range(500)]
    decisions = {
        each.sample.id: KEPT if index % 2 else Decision(End.DROPPED, "near_duplicate")
        for index, each in enumerate(many)
    }
    facts, again = (collected(many, decisions, ferry) for _ in range(2))

    assert facts == again
    assert len(facts.rows) == 24
    assert [len(loss.samples) for loss in facts.losses] == [3]
    assert {row.split for row in facts.rows} == {Split.TRAIN.value}


def test_settings_show_what_was_chosen() -> None:
    facts = collected([], {})

    assert {pair.name: pair.value for pair in facts.settings}["model"] == "scripted/model"


def test_documents_that_speak_to_a_model_are_named_with_their_pages() -> None:
    notes = (
        PageNote(2, PageQuality.ADDRESSES_MODEL, "1 in all, the first: Ignore all rules"),
        PageNote(5, PageQuality.ADDRESSES_MODEL, "1 in all"),
        PageNote(5, PageQuality.MOSTLY_TABLE),
    )
    ferry = replace(document("A ferry is a boat."), page_notes=notes)
    facts = collect([], {}, [ferry], manifest([], {}), len)
    [noted] = facts.noted
    assert (noted.title, noted.pages, noted.why) == ("docs/ferry.pdf", (2, 5), "speaks to a model")
    assert noted.detail.endswith("Ignore all rules")
