"""`--target`: so many rows and no more, asked for in rounds, with a word where it cannot be."""

from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from flows.summary import result_text
from tests.endpoint.start import Started, start_endpoint
from tests.flows.corpus import write_document


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    for number in range(4):
        write_document(tmp_path / "docs", f"s{number}")
    return tmp_path / "docs"


def built(docs: Path, endpoint: Started, **settings: Any) -> Result:
    return build(
        [docs],
        out=str(docs.parent / "run"),
        direct=True,
        model="openai/sim",
        base_url=endpoint.base_url,
        recipes=["qa:1"],
        **settings,
    )


def rows(result: Result) -> int:
    return sum(file.rows for file in result.manifest.files)


def test_what_one_round_does_not_give_further_rounds_do(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, target=9)
    assert rows(result) == len(list(result.samples())) == 9
    assert result.manifest.shortfall == ""


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
    docs = tmp_path / "docs"
    for number in range(40):
        write_document(docs, f"s{number:02}")
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
