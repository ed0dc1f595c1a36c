from collections.abc import Sequence

from output.report import Side, diff_runs, diff_text
from output.report.diff import Cause
from schemas.documents import Document
from schemas.ledger import End
from schemas.samples import Judged, Split
from schemas.settings import Settings
from tests.output.report.runs import Decision, document, judged, sample, settings

FERRY = document("A ferry is a boat. A quay is a wall. A mast is a pole.")
BOAT = judged(sample(FERRY, "A ferry is a boat.", "What is a ferry?"))
WALL = judged(sample(FERRY, "A quay is a wall.", "What is a quay?"))
POLE = judged(sample(FERRY, "A mast is a pole.", "What is a mast?", recipe="cot"))


def side(
    name: str,
    samples: Sequence[Judged],
    dropped: dict[str, str] | None = None,
    *,
    documents: dict[str, Document | None] | None = None,
    chosen: Settings | None = None,
    split: Split = Split.TRAIN,
) -> Side:
    read = {"docs/ferry.pdf": FERRY} if documents is None else documents
    decisions = {each.sample.id: Decision(End.KEPT, "", split) for each in samples}
    decisions |= {id_: Decision(End.DROPPED, reason) for id_, reason in (dropped or {}).items()}
    return Side(
        name,
        chosen or settings(),
        {uri: found.id if found else None for uri, found in read.items()},
        iter(samples),
        decisions,
    )


def causes(before: Side, after: Side) -> tuple[list[tuple[Cause, str, int]], list[tuple[Cause, str, int]]]:
    diff = diff_runs(before, after)
    removed, added = (
        [(change.cause, change.detail, change.count) for change in changes]
        for changes in (diff.removed, diff.added)
    )
    return removed, added


def test_equal_datasets_differ_in_nothing() -> None:
    diff = diff_runs(side("a", [BOAT, WALL]), side("b", [WALL, BOAT]))

    assert (diff.unchanged, diff.moved, diff.removed, diff.added, diff.settings) == (2, 0, (), (), ())
    assert diff_text(diff) == "From a to b: 2 rows unchanged, -0, +0"


def test_a_row_in_another_split_is_moved_not_changed() -> None:
    diff = diff_runs(side("a", [BOAT]), side("b", [BOAT], split=Split.TEST))

    assert (diff.unchanged, diff.moved, diff.removed) == (1, 1, ())


def test_a_row_that_a_filter_drops_now_is_told_with_its_reason() -> None:
    before, after = side("a", [BOAT, WALL]), side("b", [BOAT, WALL], {WALL.sample.id: "near_duplicate"})

    assert causes(before, after) == ([(Cause.DROPPED, "near_duplicate", 1)], [])


def test_a_row_that_is_kept_now_is_told_with_the_reason_of_before() -> None:
    before, after = side("a", [BOAT], {BOAT.sample.id: "score_below_minimum"}), side("b", [BOAT])

    assert causes(before, after) == ([], [(Cause.DROPPED, "score_below_minimum", 1)])


def test_rows_of_a_document_that_is_gone_changed_or_unread_say_so() -> None:
    changed = document("A ferry is a ship.")
    ship = judged(sample(changed, "A ferry is a ship."))
    before = side("a", [BOAT, WALL])
    gone = side("b", [], documents={})
    edited = side("c", [ship], documents={"docs/ferry.pdf": changed})
    unread = side("d", [], documents={"docs/ferry.pdf": None})

    assert causes(before, gone)[0] == [(Cause.DOCUMENT_ABSENT, "docs/ferry.pdf", 2)]
    assert causes(side("a", [BOAT, WALL]), edited) == (
        [(Cause.DOCUMENT_CHANGED, "docs/ferry.pdf", 2)],
        [(Cause.DOCUMENT_CHANGED, "docs/ferry.pdf", 1)],
    )
    assert causes(side("a", [BOAT]), unread)[0] == [(Cause.DOCUMENT_UNREAD, "docs/ferry.pdf", 1)]


def test_a_setting_that_makes_samples_explains_rows_that_were_not_made() -> None:
    removed, _ = causes(side("a", [BOAT]), side("b", [], chosen=settings(model="other/model")))

    assert removed == [(Cause.SETTING_CHANGED, "model", 1)]


def test_a_setting_that_only_chooses_explains_no_missing_sample() -> None:
    diff = diff_runs(side("a", [BOAT]), side("b", [], chosen=settings(select={"min_score": 0.5})))

    assert [change.cause for change in diff.removed] == [Cause.NOT_MADE]
    assert [setting.name for setting in diff.settings] == ["select.min_score"]


def test_a_recipe_that_left_the_mix_is_named() -> None:
    removed, _ = causes(side("a", [POLE]), side("b", [], chosen=settings(recipes=["qa"])))

    assert removed == [(Cause.RECIPE_ABSENT, "cot", 1)]


def test_a_recipe_that_stands_twice_in_the_mix_is_known_by_its_label() -> None:
    again = judged(sample(FERRY, "A mast is a pole.", recipe="qa-2"))
    mix = settings(recipes=["qa:2", "qa:4"])

    assert causes(side("a", [again], chosen=mix), side("b", [], chosen=mix))[0] == [
        (Cause.NOT_MADE, "qa-2", 1)
    ]


def test_the_text_tells_settings_causes_and_questions() -> None:
    after = side("b", [BOAT, WALL], {WALL.sample.id: "too_long"}, chosen=settings(select={"min_score": 0.5}))
    text = diff_text(diff_runs(side("a", [BOAT, WALL]), after))

    assert text.splitlines() == [
        "From a to b: 1 rows unchanged, -1, +0",
        "Settings",
        "  select.min_score: 0.0 -> 0.5",
        "Removed",
        "  -1 dropped now: too long",
        "      What is a quay?",
    ]


def test_every_row_is_counted_once() -> None:
    before = side("a", [BOAT, WALL, POLE])
    after = side("b", [BOAT, WALL], {WALL.sample.id: "too_long"})
    diff = diff_runs(before, after)

    assert diff.unchanged + sum(change.count for change in diff.removed) == 3
