"""A sample as a reader sees it: its turns, its verdicts, and its evidence in the text around it."""

from collections.abc import Mapping

from output.report.facts import Mark, Quote, Shown, Turn
from schemas.documents import Document
from schemas.samples import Evidence, Judged

AROUND_CHARACTERS = 280
LONGEST_CHARACTERS = 4_000


def shown(judged: Judged, split: str, quotes: Mapping[Evidence, Quote]) -> Shown:
    """Return `judged` for reading. Evidence that is not in `quotes` is left out."""
    sample = judged.sample
    turns = [*sample.messages, *(turn for turn in (sample.chosen, sample.rejected) if turn)]
    roles = [turn.role for turn in sample.messages] + ["chosen", "rejected"]
    return Shown(
        id=sample.id,
        recipe=sample.recipe,
        kind=sample.kind,
        turns=tuple(Turn(role, _cut(turn.content)) for role, turn in zip(roles, turns, strict=False)),
        reasoning=_cut(sample.reasoning or ""),
        quotes=tuple(quotes[span] for span in sample.evidence if span in quotes),
        unlocated=tuple(_cut(quote) for quote in sample.unlocated),
        marks=tuple(Mark(v.filter, v.keep, v.score, _cut(v.detail)) for v in judged.verdicts),
        split=split,
    )


def quote_in(document: Document, span: Evidence) -> Quote:
    """Return the evidence with up to `AROUND_CHARACTERS` of its document on either side, cut at spaces."""
    text = document.text
    start = _word_start(text, max(0, span.start - AROUND_CHARACTERS), span.start)
    end = _word_end(text, min(len(text), span.end + AROUND_CHARACTERS), span.end)
    return Quote(
        document=document.title,
        page=span.page,
        before=text[start : span.start],
        quote=_cut(text[span.start : span.end]),
        after=text[span.end : end],
        cut_before=start > 0,
        cut_after=end < len(text),
    )


def _word_start(text: str, start: int, limit: int) -> int:
    """Return where the first whole word after `start` begins, `start` itself at the text's beginning."""
    space = text.find(" ", start, limit) if start else -1
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int, limit: int) -> int:
    """Return where the last whole word before `end` ends, `end` itself at the text's end."""
    space = text.rfind(" ", limit, end) if end < len(text) else -1
    return space if space >= 0 else end


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_CHARACTERS else f"{text[:LONGEST_CHARACTERS]} …"
