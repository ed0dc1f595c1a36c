"""A run's samples for reading and deciding: in the terminal, and as JSON lines to be edited."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch

import orjson

from output.provenance import SourceFacts
from schemas.reviews import Review
from schemas.samples import Evidence, Judged, Verdict

# What stands in a line beside the decision, for whoever decides. It is not read back.
CONTEXT = frozenset({"recipe", "kind", "split", "dropped_as", "turns", "rejected", "evidence", "verdicts"})


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A sample, where it went, and what a person said of it. `split` is empty for one that is not in the
    dataset, and `reason` then says why."""

    judged: Judged
    split: str
    reason: str
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which samples: those in the dataset, or with `dropped` those that are not. Empty is any."""

    ids: tuple[str, ...] = ()
    find: str = ""
    recipe: str = ""
    source: str = ""
    reason: str = ""
    dropped: bool = False

    def fits(self, row: SeenRow, sources: Mapping[str, SourceFacts]) -> bool:
        """Whether a row is one of those."""
        sample = row.judged.sample
        if self.ids:
            return any(sample.id.startswith(id_) for id_ in self.ids)
        if bool(row.split) is (self.dropped or bool(self.reason)):
            return False
        uris = [sources[span.document_id].uri for span in sample.evidence if span.document_id in sources]
        return (
            self.reason in ("", row.reason)
            and self.recipe in ("", sample.recipe, sample.recipe_name)
            and (not self.source or any(fnmatch(uri, f"*{self.source}*") for uri in uris))
            and (not self.find or self.find.casefold() in _text(row.judged).casefold())
        )


def row_text(row: SeenRow, sources: Mapping[str, SourceFacts]) -> str:
    """Return a row in full: what it says, where it stands, and what was thought of it."""
    return "\n".join(_lines(row, sources))


def row_json(row: SeenRow, sources: Mapping[str, SourceFacts]) -> str:
    """Return a row as a line that `tunesmith review` takes back once a decision is filled in."""
    sample, review = row.judged.sample, row.review
    told = {
        "id": sample.id,
        "decision": review.decision if review else None,
        "question": sample.question,
        "answer": sample.answer,
        "reasoning": sample.reasoning,
        "note": review.note if review else "",
        "recipe": sample.recipe,
        "kind": sample.kind,
        "split": row.split or None,
        "dropped_as": row.reason or None,
        "turns": [{"role": turn.role, "content": turn.content} for turn in sample.messages],
        "rejected": sample.rejected.content if sample.rejected else None,
        "evidence": [_place(span, sources) for span in sample.evidence],
        "verdicts": [_verdict(verdict) for verdict in row.judged.verdicts],
    }
    return orjson.dumps(told).decode()


def _place(span: Evidence, sources: Mapping[str, SourceFacts]) -> dict[str, object]:
    source = sources.get(span.document_id)
    return {
        "source": source.uri if source else None,
        "page": span.page,
        "start": span.start,
        "end": span.end,
        "quote": span.quote,
    }


def _verdict(verdict: Verdict) -> dict[str, object]:
    named = {"filter": verdict.filter, "keep": verdict.keep, "reason": verdict.reason}
    return named | {"score": verdict.score, "detail": verdict.detail}


def _lines(row: SeenRow, sources: Mapping[str, SourceFacts]) -> Iterator[str]:
    sample = row.judged.sample
    end = row.split or f"dropped: {row.reason.replace('_', ' ')}"
    kind = f" · {sample.kind.replace('_', ' ')}" if sample.kind else ""
    yield f"{sample.id[:12]}  {sample.recipe}{kind} · {end}"
    marks = {"user": "Q", "assistant": "A", "system": "S", "tool": "T"}
    for turn in sample.messages:
        yield _indented(marks[turn.role], turn.content)
    if sample.reasoning:
        yield _indented("R", sample.reasoning)
    if sample.chosen and sample.rejected:
        yield _indented("+", sample.chosen.content)
        yield _indented("-", sample.rejected.content)
    for span in sample.evidence:
        source = sources.get(span.document_id)
        page = f", page {span.page}" if span.page else ""
        yield f'   from {source.uri if source else span.document_id}{page}: "{" ".join(span.quote.split())}"'
    yield f"   {', '.join(map(_mark, row.judged.verdicts)) or 'not judged'}"


def _mark(verdict: Verdict) -> str:
    name = verdict.filter.replace("_", " ")
    score = f" {verdict.score:.2f}" if verdict.score is not None else ""
    said = verdict.detail or verdict.reason.replace("_", " ")
    return f"{name}{score}{'' if verdict.keep else ' no'}{f' ({said})' if said else ''}"


def _indented(mark: str, text: str) -> str:
    return f"{mark}  " + "\n   ".join(text.strip().splitlines())


def _text(judged: Judged) -> str:
    sample = judged.sample
    turns = [*sample.messages, *(turn for turn in (sample.chosen, sample.rejected) if turn)]
    return "\n".join([*(turn.content for turn in turns), sample.reasoning or ""])
