"""Scanned pages are read by the model while other documents are parsed, and are then as any other."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from flows.stages.plan import plan
from pipeline.store import read_run
from schemas.documents import PageQuality
from schemas.errors import NeedsModel
from schemas.ledger import End
from schemas.settings import load_settings
from tests.endpoint.start import Started, start_endpoint
from tests.pipeline.written import PNG

SCAN = Path(__file__).parents[2] / "examples" / "handbook" / "notice-1988-scan.pdf"


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[Started]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
    with start_endpoint() as started:
        yield started


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    shutil.copy(SCAN, folder)
    (folder / "quay.md").write_text("# The quay\n\nThe old quay was built by the harbour board in 1921.\n")
    return folder


def built(endpoint: Started, docs: Path, **settings: Any) -> Result:
    transcribe = {"parse": {"transcribe": True}, **endpoint.settings}
    return build(
        [docs],
        out=str(docs.parent / "run"),
        **{"direct": True, "recipes": ["qa:2"], **transcribe, **settings},
    )


def test_a_scan_gives_rows_with_evidence_on_its_page(endpoint: Started, docs: Path) -> None:
    result = built(endpoint, docs)
    assert (result.ledger["sources"].entered, result.ledger["sources"].kept) == (2, 2)
    run = read_run(result.folder)
    [scanned] = (one for one in run.documents.get(run.documents.index()) if one.page_count == 1)
    assert scanned.text.startswith("Notice to passengers\n\nThe ferry Sandpiper will not sail")
    assert [note.quality for note in scanned.page_notes] == [PageQuality.TRANSCRIBED]
    spans = [span for each in result.samples() for span in each.judged.sample.evidence]
    on_page = [span for span in spans if span.document_id == scanned.id]
    assert on_page
    assert all(span.page == 1 and span.quote in scanned.text for span in on_page)
    assert result.manifest.usage["transcribe"].requests == 1

    before = endpoint.stats["answered"]
    again = built(endpoint, docs)
    assert endpoint.stats["answered"] == before
    assert again.ledger == result.ledger
    assert [row.detail for row in sources(again)] == ["page 1 was read by openai/sim", ""]


def test_pages_of_many_documents_are_read_side_by_side_and_keep_their_order(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(12):
        (docs / f"{number:02}.png").write_bytes(PNG + bytes([number]) * 20)
    with start_endpoint(slots=8, fixed_s=0.5) as endpoint:
        result = built(endpoint, docs, recipes=["qa:1"])
        assert endpoint.stats["most_at_once"] >= 4
    assert [Path(row.uri).name for row in sources(result)] == [f"{number:02}.png" for number in range(12)]
    assert result.ledger["sources"].kept == 12


def test_a_plan_counts_the_pages_and_sends_nothing(docs: Path) -> None:
    settings = load_settings(
        {
            "sources": [str(docs)],
            "parse": {"transcribe": True},
            "model": "openai/sim",
            "base_url": "http://127.0.0.1:1/v1",
        }
    )
    planned = plan(settings)
    assert (planned.documents, planned.needs_vision, planned.requests["transcribe"]) == (1, 1, 1)
    assert planned.usage.completion_tokens > 600


def test_a_page_that_the_model_refuses_says_why_and_is_asked_about_again(
    endpoint: Started, docs: Path
) -> None:
    with start_endpoint(blind=True) as blind:
        [row] = (row for row in sources(built(blind, docs)) if row.uri.endswith(".pdf"))
    assert (row.end, row.reason) == (End.FAILED, "needs_vision")
    assert row.detail.startswith("page 1 has no text layer: bad request: ")
    assert all(row.end is End.KEPT for row in sources(built(endpoint, docs)))


def sources(result: Result) -> list[Any]:
    return read_run(result.folder).sources.read()


def test_without_a_model_nothing_is_begun(docs: Path) -> None:
    out = str(docs.parent / "run")
    with pytest.raises(NeedsModel, match="transcribe"):
        build([docs], out=out, direct=True, parse={"transcribe": True})
    assert not Path(out).exists()
