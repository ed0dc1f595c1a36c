from pathlib import Path

from pipeline.coverage import aims, empty_parts
from pipeline.evidence import locate_all
from schemas.registry import recipes
from tests.pipeline.written import whole, written

FLOW = "The pump P-7 moves 420 litres of water a minute, day and night."
CARE = "Its inlet filter must be changed every 200 hours, unless the water is soft."
COST = "It was bought in 2024 for 1,250 euros from a maker in Ulm, with two years of warranty."
DOCUMENT = written("# Pump", FLOW, "## Care", CARE, "## Cost", COST)


def test_a_second_round_aims_at_what_gave_no_sample() -> None:
    passage = whole(DOCUMENT, tokens=120)
    evidence = locate_all(["every 200 hours"], [passage]).evidence
    parts = empty_parts([passage], {DOCUMENT.id: evidence})
    assert [part.text for part in parts] == [FLOW, COST]
    assert [part.headings for part in parts] == [("Pump",), ("Pump", "Cost")]


def test_what_is_wholly_covered_is_not_asked_again() -> None:
    passage = whole(DOCUMENT, tokens=120)
    evidence = locate_all([FLOW, CARE, COST], [passage]).evidence
    assert empty_parts([passage], {DOCUMENT.id: evidence}) == ()


def test_where_all_gave_samples_another_round_asks_about_all_again() -> None:
    passage = whole(DOCUMENT, tokens=120)
    evidence = locate_all([FLOW, CARE, COST], [passage]).evidence
    assert aims([passage], {DOCUMENT.id: evidence}) == (passage,)


def test_a_passage_that_gave_nothing_is_asked_about_as_it_is() -> None:
    passage = whole(DOCUMENT, tokens=120)
    assert aims([passage], {}) == (passage,)


def test_every_recipe_has_its_page() -> None:
    pages = {page.stem for page in (Path(__file__).parents[2] / "docs" / "recipes").glob("*.md")}
    assert set(recipes.names()) <= pages
