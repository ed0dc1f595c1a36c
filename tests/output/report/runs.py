"""A small run in memory: two documents, a few samples with verdicts, decisions and a manifest."""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.documents import Block, BlockKind, Document, PageNote, PageQuality, Source
from schemas.ledger import End, Ledger, Outcome, Stage
from schemas.manifest import Manifest
from schemas.requests import Message, Usage
from schemas.samples import Evidence, Judged, Origin, Sample, Split, Verdict
from schemas.settings import Settings, load_settings


@dataclass(frozen=True)
class Decision:
    end: End
    reason: str = ""
    split: Split | None = None


KEPT = Decision(End.KEPT, "", Split.TRAIN)
Decisions = dict[str, Decision]


def document(text: str, uri: str = "docs/ferry.pdf", *, title: str = "Ferry", blind: int = 0) -> Document:
    source = Source(uri, "application/pdf", f"{hash(text):x}", len(text), title)
    notes = tuple(PageNote(page, PageQuality.NO_TEXT_LAYER) for page in range(1, blind + 1))
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text), 1),) if text else ()
    return Document(source, text, blocks, page_notes=notes, page_count=3)


def sample(of: Document, quote: str, question: str = "What is it?", **changes: str) -> Sample:
    start = of.text.index(quote)
    return Sample(
        recipe=changes.get("recipe", "qa"),
        kind=changes.get("kind", "definition"),
        messages=(Message("user", question), Message("assistant", changes.get("answer", quote))),
        origin=Origin(changes.get("request", "r1"), "scripted/model", (f"{of.id}:0-{len(of.text)}",)),
        evidence=(Evidence(of.id, start, start + len(quote), quote, 1),),
        reasoning=changes.get("reasoning"),
        language="en",
    )


def judged(of: Sample, score: float = 1.0, reason: str = "") -> Judged:
    return Judged(of, (Verdict("support", not reason, reason, score),))


def settings(**changes: object) -> Settings:
    return load_settings({"model": "scripted/model", **changes})


def manifest(
    samples: Sequence[Judged], decisions: Decisions, outcomes: Sequence[Outcome] = (), name: str = "demo"
) -> Manifest:
    ledger = Ledger()
    ledger.record_all(outcomes)
    for each in samples:
        decision = decisions[each.sample.id]
        ledger.record_all([Outcome(Stage.SAMPLES, each.sample.id, decision.end, decision.reason)])
    ledger.check()
    return Manifest(
        name=name,
        created="2026-01-02T03:04:05+00:00",
        updated="2026-01-02T03:05:05+00:00",
        finished=True,
        settings=settings(),
        versions={"tunesmith": "0.1.0"},
        ledger={stage.value: ledger.tally(stage) for stage in Stage},
        usage={"qa": Usage(1000, 200, 300, 0.25, 4)},
        estimates={"qa": Usage(2000, 400, 600, 0.5, 8), "judge": Usage(500, 0, 100, 0.1, 2)},
        seconds={"total": 61.0},
    )
