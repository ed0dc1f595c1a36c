"""What a run is expected to take, before it asks anything, beside what it then takes."""

from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from flows.configuring import configure
from flows.planned import plan_text
from flows.progress import figures_of
from flows.stages.job import Meter
from flows.stages.plan import plan
from flows.summary import result_text
from schemas.requests import Usage
from tests.endpoint.start import Started, start_endpoint
from tests.flows.corpus import write_document, write_documents

PRICE = {"price": {"prompt": 1.0, "cached": 0.25, "completion": 4.0}, "window": 100_000}


pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    write_documents(tmp_path / "docs", 6)
    return tmp_path / "docs"


def settings(docs: Path, endpoint: Started, **more: Any) -> dict[str, Any]:
    said = {"out": str(docs.parent / "run"), **endpoint.settings, "recipes": ["qa:2"], "llm": PRICE}
    return said | more


def built(docs: Path, endpoint: Started, **more: Any) -> Result:
    return build([docs], direct=True, **settings(docs, endpoint, **more))


def total(usage: dict[str, Usage]) -> Usage:
    return sum(usage.values(), Usage())


@pytest.mark.parametrize(
    "mix",
    [
        {"recipes": ["qa:3", "cot:2", "unanswerable"], "context": "chunk"},
        {"recipes": ["conversation", "summary", "cross_document"], "context": "whole"},
        {
            "recipes": ["qa:2", "multi_hop:8/run"],
            "judge": {"model": "openai/judge", "jury": ["second", "third"]},
            "embeddings": {"model": "openai/vectors", "price": {"prompt": 0.02}},
        },
    ],
    ids=["judge and follow-ups", "whole documents and packs", "jury and vectors"],
)
def test_all_that_a_build_asks_is_in_the_estimate(docs: Path, mix: dict[str, Any]) -> None:
    with start_endpoint() as endpoint:
        for section in ("judge", "embeddings"):
            if section in mix:
                mix[section]["base_url"] = endpoint.base_url
        chosen = settings(docs, endpoint, sources=[str(docs)], **mix)
        planned = plan(configure(chosen)).expected.by_account
        assert "requests" not in endpoint.stats
        result = build(direct=True, **chosen)
    spent, told = result.manifest.usage, result.manifest.estimates
    assert set(planned) == set(spent) == set(told)
    for expected in (total(planned), total(told)):
        assert expected.requests == pytest.approx(total(spent).requests, rel=0.1)
        assert expected.prompt_tokens == pytest.approx(total(spent).prompt_tokens, rel=0.1)
        assert expected.cost_usd == pytest.approx(total(spent).cost_usd, rel=0.1)


def test_estimate_and_bill_stand_side_by_side_in_summary_and_report(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint)
    assert "Expected" in result_text(result)
    report = (result.folder / "report.html").read_text()
    assert f"${total(result.manifest.estimates).cost_usd:.2f}" in report


def test_a_budget_below_the_estimate_is_told_by_plan_and_run(
    docs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with start_endpoint() as endpoint:
        chosen = settings(docs, endpoint, sources=[str(docs)], budget="10requests")
        planned = plan(configure(chosen))
        assert "The budget of 10 requests is less than the" in plan_text(planned)
        result = build(direct=True, quiet=False, **chosen)
        assert endpoint.stats["requests"] <= 10
    assert "The budget of 10 requests is less than the" in capsys.readouterr().err
    assert total(result.manifest.estimates).requests == planned.usage.requests


def test_a_run_in_progress_tells_what_it_will_have_cost() -> None:
    from pipeline.llms.stats import GatewayStats

    stats = GatewayStats(done=10, usage=Usage(1000, 0, 100, 0.5, 10))
    shown = dict(figures_of(Meter(), stats, Usage(5000, 0, 500, 2.25, 40), 1.0))
    assert shown["cost"] == "$0.50 of about $2.25"
    assert shown["requests"].startswith("10 of about 40 ")


def test_the_built_in_engine_is_expected_to_take_nothing(tmp_path: Path) -> None:
    write_document(tmp_path / "docs", "one")
    result = build([tmp_path / "docs"], out=str(tmp_path / "run"), direct=True)
    assert result.manifest.estimates == {}
    assert "Expected" not in result_text(result)
