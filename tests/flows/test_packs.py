"""Whole builds of questions over packs of documents, against an endpoint with a prefix cache on loopback."""

from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from flows.api import result as read_result
from flows.api import run_stage
from flows.configuring import configure
from flows.stages.plan import plan
from pipeline.store import read_run
from schemas.errors import SettingsError
from schemas.samples import Sample
from tests.endpoint.start import Started, start_endpoint
from tests.pipeline.book import book

PACK = 4

pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Give eight documents of some six pages, no sentence of which comes twice."""
    folder = tmp_path / "docs"
    folder.mkdir()
    parts = book(50).split("\n\n### ")
    for number in range(8):
        text = "\n\n### ".join(parts[number * 3 + 1 : number * 3 + 4])
        (folder / f"part{number}.md").write_text(f"# Part {number}\n\n### {text}\n")
    return folder


def settings(docs: Path, endpoint: Started, **changes: Any) -> dict[str, Any]:
    return {
        "sources": [str(docs)],
        "out": str(docs.parent / "run"),
        **endpoint.settings,
        "recipes": ["cross_document:2"],
        "context": "whole",
        "llm": {"window": 64_000},
        "passages": {"pack_documents": PACK},
    } | changes


def built(docs: Path, endpoint: Started, **changes: Any) -> Result:
    said = settings(docs, endpoint, **changes)
    return build(said.pop("sources"), direct=True, **said)


def samples(result: Result) -> list[Sample]:
    return [selected.judged.sample for selected in result.samples()]


def test_questions_over_packs_touch_two_documents_at_exact_places_and_stay_in_one_split(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(
            docs,
            endpoint,
            recipes=["cross_document:2", "qa:1"],
            split={"train": 0.5, "validation": 0.0, "test": 0.5},
            embeddings={"model": "openai/vectors", "base_url": endpoint.base_url},
        )
    assert result.manifest.usage["embeddings"].requests
    run = read_run(result.folder)
    texts = {document.id: document.text for document in run.documents.get(run.documents.index())}
    found = [sample for sample in samples(result) if sample.recipe == "cross_document"]
    assert len(found) >= 8
    for sample in found:
        assert len({span.document_id for span in sample.evidence}) > 1
        assert all(texts[span.document_id][span.start : span.end] == span.quote for span in sample.evidence)
        assert len(sample.origin.pack) == PACK
        assert sum(int(id_.split("-")[1]) - int(id_.split(":")[1].split("-")[0]) for id_ in
                   sample.origin.passages) < 20_000  # fmt: skip
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for selected in result.samples():
        sample = selected.judged.sample
        for document in (*sample.origin.pack, *(span.document_id for span in sample.evidence)):
            splits[document].add(selected.split.value)
    assert len(splits) == 8
    assert all(len(each) == 1 for each in splits.values())
    for tally in result.ledger.values():
        assert tally.entered == tally.kept + sum(tally.dropped.values()) + sum(tally.failed.values())


def test_stage_by_stage_a_pack_is_read_once_and_served_from_the_prefix_cache(docs: Path) -> None:
    with start_endpoint() as endpoint:
        chosen = configure(settings(docs, endpoint, recipes=["cross_document:1"]))
        run_stage("parse", chosen, direct=True)
        run_stage("generate", chosen, direct=True)
        stats = endpoint.stats
        run_stage("curate", chosen, direct=True)
        run_stage("export", chosen, direct=True)
    assert samples(read_result(docs.parent / "run"))
    requests, packs = stats["requests"], 8 // PACK
    assert requests == 8
    per_request = stats["prompt_tokens"] / requests
    assert stats["cached_tokens"] >= 0.95 * per_request * (requests - packs)


def test_a_dry_run_counts_and_prices_packs(docs: Path) -> None:
    with start_endpoint() as endpoint:
        planned = plan(configure(settings(docs, endpoint)))
        assert "requests" not in endpoint.stats
    assert planned.requests["cross_document"] == 8
    assert set(planned.requests) == {"cross_document", "hops", "judge"}
    assert planned.usage.cached_tokens > 0.5 * planned.usage.prompt_tokens


def test_a_changed_document_changes_its_pack_and_no_other(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint)
        first, asked = samples(result), endpoint.stats["requests"]
        assert built(docs, endpoint).manifest.files == result.manifest.files
        assert endpoint.stats["requests"] == asked
        changed = docs / "part0.md"
        changed.write_text(changed.read_text() + "\n\nThe last gauge of berth nine was repaired in 1987.\n")
        second = samples(built(docs, endpoint))
    before, after = ({sample.origin.pack for sample in each} for each in (first, second))
    [same] = before & after
    assert len(before) == len(after) == 2
    unchanged = {sample.id for sample in first if sample.origin.pack == same}
    assert unchanged <= {sample.id for sample in second}


def test_a_number_per_run_is_kept_over_packs(docs: Path) -> None:
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, recipes=["cross_document:3/run"])
        assert result.ledger["requests"].entered <= 8
    assert len(samples(result)) == 3


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"context": "chunk"}, "context.*packed whole"),
        ({"llm": {}}, r"llm\.window.*is not known"),
        ({"llm": {"window": 8_000}}, r"passages\.reserve_tokens.*no room for documents"),
        ({"passages": {"pack_documents": 1}}, r"passages\.pack_documents"),
    ],
)
def test_packs_that_cannot_be_are_refused_before_anything_is_read(
    changes: dict[str, Any], problem: str, docs: Path
) -> None:
    with start_endpoint() as endpoint, pytest.raises(SettingsError, match=problem):
        built(docs, endpoint, **changes)
