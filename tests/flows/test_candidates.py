"""Whole builds of preference pairs from candidates that the judge scored, against an endpoint on loopback."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import Result, build
from schemas.errors import SettingsError
from tests.endpoint.start import Started, start_endpoint
from tests.flows.corpus import write_documents

pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    return write_documents(tmp_path / "docs", 2)


def built(docs: Path, endpoint: Started, out: str = "run", **settings: Any) -> Result:
    options = {"rejected": "candidate", "candidates": 3} | settings.pop("options", {})
    return build(
        [docs],
        out=str(docs.parent / out),
        direct=True,
        **endpoint.settings,
        recipes=[{"name": "preference", "options": options}],
        **{"format": "preference"} | settings,
    )


def paid(result: Result) -> int:
    return sum(usage.requests for usage in result.manifest.usage.values())


def rows(result: Result) -> list[dict[str, Any]]:
    files = sorted(Path(str(result.dataset)).glob("*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def ids(result: Result) -> set[str]:
    return {row["id"] for row in rows(result)}


def test_pairs_of_scored_candidates_carry_their_scores_and_a_rerun_asks_nothing(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint)
        asked = endpoint.stats["requests"]
        files = result.manifest.files
        assert built(docs, endpoint).manifest.files == files
        assert endpoint.stats["requests"] == asked == paid(result)
    found = rows(result)
    assert len(found) >= 3
    assert {(row["score_chosen"], row["score_rejected"]) for row in found} == {(0.75, 0.0)}
    assert all("granite" in row["rejected"][0]["content"] for row in found)
    # For each passage its questions, three answers to each, and a verdict on each, since all differ:
    # the one on the chosen answer is not paid for again when the pair is judged.
    questions = result.ledger["samples"].entered
    assert asked == 2 + 3 * questions + 3 * questions
    assert result.ledger["requests"].entered == 2 + 3 * questions


def test_a_judge_of_its_own_scores_the_candidates(docs: Path) -> None:
    with start_endpoint() as endpoint, start_endpoint() as other:
        judge = {"model": "vllm/strict", "base_url": other.base_url}
        result = built(docs, endpoint, judge=judge)
        questions = result.ledger["samples"].entered
        assert other.stats["requests"] == 3 * questions  # three answers, no two alike
        assert endpoint.stats["requests"] == result.ledger["requests"].entered
    assert len(rows(result)) >= 3


def test_a_spent_budget_leaves_no_pair_out_once_there_is_more(docs: Path) -> None:
    with start_endpoint() as endpoint:
        whole = built(docs, endpoint, out="whole")
        short = built(docs, endpoint, budget=f"{paid(whole) - 2}requests")
        assert 0 < len(rows(short)) < len(rows(whole))
        assert short.ledger["requests"].failed
        assert ids(built(docs, endpoint)) == ids(whole)
        assert endpoint.stats["requests"] == 2 * paid(whole)


def test_pairs_of_both_kinds_stand_side_by_side(docs: Path) -> None:
    with start_endpoint() as endpoint:
        found = rows(built(docs, endpoint, options={"rejected": "both"}))
    scored = [row for row in found if row["score_chosen"] is not None]
    assert scored
    assert {row["kind"] for row in scored} == {"candidate"}
    assert {row["kind"] for row in found if row["score_chosen"] is None} <= {"number", "fact"}
    assert len(scored) < len(found)


def test_candidates_without_a_judge_are_refused_before_anything_is_read(docs: Path) -> None:
    with start_endpoint() as endpoint, pytest.raises(SettingsError, match="leave it on"):
        built(docs, endpoint, judge={"enabled": False})
    assert not (docs.parent / "run" / "documents").exists()
