"""`--target`: so many rows and no more, asked for in rounds, with a word where it cannot be."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from flows.api import result as read_result
from flows.api import run_stage
from flows.configuring import configure
from flows.summary import result_text
from tests.endpoint.start import Started, start_endpoint
from tests.flows.corpus import write_documents

pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs", 4)


def built(docs: Path, endpoint: Started, **settings: Any) -> Result:
    return build(
        [docs],
        direct=True,
        **endpoint.settings,
        **{"out": str(docs.parent / "run"), "recipes": ["qa:1"]} | settings,
    )


def rows(result: Result) -> int:
    return sum(file.rows for file in result.manifest.files)


def test_what_one_round_does_not_give_further_rounds_do(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, target=9)
    assert rows(result) == len(list(result.samples())) == 9
    assert result.manifest.shortfall == ""


def test_a_further_round_asks_beside_what_gave_samples(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, target=9)
    found = [selected.judged.sample for selected in result.samples()]
    whole = {
        sample.origin.passages for sample in found if sample.origin.passages[0].split(":")[1][:2] == "0-"
    }
    beside = [sample for sample in found if sample.origin.passages not in whole]
    assert len(whole) >= 3  # selection may leave one of the four out
    assert beside
    for sample in beside:
        start, end = map(int, sample.origin.passages[0].split(":")[1].split("-"))
        covered = (other.evidence[0] for other in found if other.origin.passages in whole)
        assert not any(
            span.document_id == sample.evidence[0].document_id and span.start < end and start < span.end
            for span in covered
        )


def test_more_than_the_target_are_left_out_with_their_reason(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, target=2)
    assert rows(result) == 2
    assert result.ledger["samples"].dropped["beyond_target"] == 2


def test_a_spent_budget_ends_the_rounds_and_is_named(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, target=500, budget="20requests")
        assert endpoint.stats["requests"] <= 20
    assert 0 < rows(result) < 500
    assert "of the 500 wanted" in result.manifest.shortfall
    assert "budget" in result.manifest.shortfall
    assert result.manifest.shortfall in result_text(result)


def test_an_engine_that_has_said_everything_ends_the_rounds(docs: Path) -> None:
    result = build([docs], out=str(docs.parent / "run"), direct=True, target=500)
    assert 0 < rows(result) < 500
    assert "another round over all documents brought nothing new" in result.manifest.shortfall


def test_the_last_round_asks_about_no_more_documents_than_it_takes(tmp_path: Path) -> None:
    docs = write_documents(tmp_path / "docs", 40)
    with start_endpoint() as endpoint:
        built(docs, endpoint)
        once = endpoint.stats["requests"]
        result = built(docs, endpoint, target=41)
        assert endpoint.stats["requests"] - once < once / 2
    assert rows(result) == 41


def test_the_same_command_again_asks_nothing_and_makes_the_same(docs: Path) -> None:
    with start_endpoint() as endpoint:
        first = built(docs, endpoint, target=9)
        asked = endpoint.stats["requests"]
        files = first.manifest.files
        assert built(docs, endpoint, target=9).manifest.files == files
        assert endpoint.stats["requests"] == asked


def test_a_target_asks_for_the_same_whichever_answer_comes_first(docs: Path) -> None:
    with start_endpoint(fixed_s=0.05, spread=0.95) as endpoint:
        first, second = (
            built(docs, endpoint, target=10, out=str(docs.parent / name)).manifest for name in ("one", "two")
        )
    assert first.usage["qa"].requests == second.usage["qa"].requests > 4
    assert first.files == second.files
    assert sum(file.rows for file in first.files) == 10


def kept_of(result: Result) -> Counter[str]:
    return Counter(selected.judged.sample.recipe for selected in result.samples())


def asked_again(docs: Path, endpoint: Started, *recipes: Any, **settings: Any) -> Result:
    return built(docs, endpoint, recipes=list(recipes), **settings)


def test_a_count_per_run_is_kept_exactly_and_asks_no_more_than_it_takes(tmp_path: Path) -> None:
    docs = write_documents(tmp_path / "docs", 40)
    with start_endpoint() as endpoint:
        result = asked_again(docs, endpoint, "qa:7/run", "summary:3/run")
        generating = result.ledger["requests"].entered
    assert kept_of(result) == {"qa": 7, "summary": 3}
    assert generating < 30
    assert result.manifest.shortfall == ""


def test_a_recipe_about_all_documents_asks_no_more_than_its_count_takes(tmp_path: Path) -> None:
    docs = write_documents(tmp_path / "docs", 40)
    with start_endpoint() as endpoint:
        result = asked_again(docs, endpoint, "unanswerable:3/run")
        again = endpoint.stats["requests"]
        asked_again(docs, endpoint, "unanswerable:3/run")
        assert endpoint.stats["requests"] == again
    assert kept_of(result) == {"unanswerable": 3}
    assert result.ledger["requests"].entered < 20  # four questions, each with its check
    assert len({each.judged.sample.evidence[0].document_id for each in result.samples()}) == 3


def test_a_count_per_document_is_kept_for_each(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = asked_again(docs, endpoint, "qa:3/document")
    homes = Counter(selected.judged.sample.evidence[0].document_id for selected in result.samples())
    assert set(homes.values()) == {3}
    assert len(homes) == 4


def test_shares_of_the_target_are_kept_exactly(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = asked_again(docs, endpoint, "qa:2", "summary:30%", target=10)
    assert kept_of(result) == {"qa": 7, "summary": 3}


def test_each_recipe_that_falls_short_is_named_with_its_reason(docs: Path) -> None:
    result = build([docs], out=str(docs.parent / "run"), direct=True, recipes=["qa:2/run", "cot:300/run"])
    assert kept_of(result)["qa"] == 2
    assert result.manifest.shortfall.startswith("cot: ")
    assert (
        "of the 300 wanted: another round over all documents brought nothing new" in result.manifest.shortfall
    )


def test_the_same_counts_again_ask_nothing_and_make_the_same(docs: Path) -> None:
    with start_endpoint() as endpoint:
        first = asked_again(docs, endpoint, "qa:9/run", "summary:2/document")
        asked = endpoint.stats["requests"]
        again = asked_again(docs, endpoint, "qa:9/run", "summary:2/document")
        assert endpoint.stats["requests"] == asked
    assert again.manifest.files == first.manifest.files


def test_stages_by_themselves_honour_a_count_per_run(docs: Path) -> None:
    out = str(docs.parent / "run")
    settings = configure({"sources": [str(docs)], "out": out, "recipes": ["qa:5/run"]})
    for stage in ("parse", "generate", "curate", "export"):
        run_stage(stage, settings, direct=True)
    assert kept_of(read_result(out)) == {"qa": 5}
