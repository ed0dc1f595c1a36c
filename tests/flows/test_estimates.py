"""What requests were expected to take, beside what they took."""

from pathlib import Path

import pytest

from flows import Result, build
from flows.summary import result_text
from schemas.requests import Usage
from tests.endpoint.start import Started, start_endpoint
from tests.flows.corpus import write_document, write_documents

PRICE = {"price": {"prompt": 1.0, "completion": 2.0}}

pytestmark = pytest.mark.usefixtures("openai_key")


def built(folder: Path, endpoint: Started) -> Result:
    return build(
        [folder / "docs"],
        out=str(folder / "run"),
        direct=True,
        **endpoint.settings,
        recipes=["qa:2"],
        llm=PRICE,
    )


def test_prompts_take_what_was_expected_and_both_are_told(tmp_path: Path) -> None:
    write_documents(tmp_path / "docs", 6)
    with start_endpoint() as endpoint:
        result = built(tmp_path, endpoint)
    expected, spent = result.manifest.estimates, result.manifest.usage
    assert set(expected) == set(spent) == {"qa", "judge"}
    for recipe, usage in spent.items():
        assert expected[recipe].requests == usage.requests
        assert abs(expected[recipe].prompt_tokens / usage.prompt_tokens - 1) < 0.25
        assert expected[recipe].cost_usd > 0
    assert "Expected" in result_text(result)
    assert "$" in (result.folder / "report.html").read_text()


def test_what_the_journal_answers_is_expected_once(tmp_path: Path) -> None:
    write_document(tmp_path / "docs", "one")
    write_document(tmp_path / "docs", "two")
    with start_endpoint() as endpoint:
        first = built(tmp_path, endpoint).manifest
        write_document(tmp_path / "docs", "two", edition=2)
        second = built(tmp_path, endpoint).manifest
    requests = {name: sum(each.values(), start=Usage()).requests for name, each in (
        ("first", first.estimates), ("second", second.estimates), ("spent", second.usage),
    )}  # fmt: skip
    assert 0 < requests["first"] < requests["second"] == requests["spent"]


def test_the_built_in_engine_is_expected_to_take_nothing(tmp_path: Path) -> None:
    write_document(tmp_path / "docs", "one")
    result = build([tmp_path / "docs"], out=str(tmp_path / "run"), direct=True)
    assert result.manifest.estimates == {}
    assert "Expected" not in result_text(result)
