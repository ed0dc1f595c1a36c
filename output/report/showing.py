"""A sample as a reader sees it: its turns, its verdicts, and its evidence in the text around it."""

from collections.abc import Iterator, Mapping, Sequence

from output.report.facts import Excerpt, Mark, Part, Shown, Turn
from schemas.documents import Document
from schemas.requests import Message
from schemas.samples import Evidence, Judged, Sample, Verdict

AROUND_CHARACTERS = 160
LONGEST_CHARACTERS = 4_000
LONGEST_KIND = 60
LONGEST_TITLE = 200
LARGEST_PICTURE_BYTES = 300_000  # what all rows shown may hold together still opens at once
_SHOWN_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})

Spans = tuple[Evidence, ...]


def spans_by_document(sample: Sample) -> dict[str, Spans]:
    """Return a sample's evidence by document, in reading order."""
    spans: dict[str, Spans] = {}
    for span in sorted(sample.evidence, key=lambda each: (each.start, each.end)):
        spans[span.document_id] = (*spans.get(span.document_id, ()), span)
    return spans


def shown(judged: Judged, split: str, excerpts: Mapping[Spans, tuple[Excerpt, ...]]) -> Shown:
    """Return `judged` for reading. Evidence of documents that `excerpts` does not have is left out."""
    sample = judged.sample
    turns = [*sample.messages, *(turn for turn in (sample.chosen, sample.rejected) if turn)]
    roles = [turn.role for turn in sample.messages] + ["chosen", "rejected"]
    return Shown(
        id=sample.id,
        recipe=sample.recipe,
        kind=_cut(sample.kind, LONGEST_KIND),
        turns=tuple(_turn(role, turn) for role, turn in zip(roles, turns, strict=False)),
        reasoning=_cut(sample.reasoning or ""),
        excerpts=tuple(
            excerpt for spans in spans_by_document(sample).values() for excerpt in excerpts.get(spans, ())
        ),
        unlocated=tuple(_cut(quote) for quote in sample.unlocated),
        marks=(
            *(Mark(v.filter, v.keep, v.score, _cut(v.detail)) for v in judged.verdicts),
            *(_mark_of_rejected(scored.verdict) for scored in sample.scored[1:]),
        ),
        split=split,
    )


def _mark_of_rejected(verdict: Verdict) -> Mark:
    """Return what a judge said of the rejected answer of a pair, which is nothing against the pair."""
    said = ", ".join(filter(None, (verdict.reason.replace("_", " "), verdict.detail)))
    return Mark("rejected_answer", True, verdict.score, _cut(said))


def _turn(role: str, turn: Message) -> Turn:
    pictures = [image for image in turn.images if image.media_type in _SHOWN_PICTURES]
    small = tuple(image.data_url for image in pictures if len(image.content) <= LARGEST_PICTURE_BYTES)
    return Turn(role, _cut(turn.content), small, len(turn.images) - len(small))


def excerpts_of(document: Document, spans: Spans) -> tuple[Excerpt, ...]:
    """Return the places of `document` where `spans` stand; spans near each other share one.

    `spans` are in reading order. Up to `AROUND_CHARACTERS` on either side are shown, cut at spaces.
    """
    return tuple(_excerpt(document, near) for near in _near(spans))


def _near(spans: Spans) -> Iterator[list[Evidence]]:
    """Yield the spans in groups whose surroundings meet."""
    group: list[Evidence] = []
    for span in spans:
        if group and span.start > max(each.end for each in group) + 2 * AROUND_CHARACTERS:
            yield group
            group = []
        group.append(span)
    if group:
        yield group


def _excerpt(document: Document, spans: Sequence[Evidence]) -> Excerpt:
    text, first, last = document.text, spans[0].start, max(span.end for span in spans)
    start = _word_start(text, max(0, first - AROUND_CHARACTERS), first)
    end = _word_end(text, min(len(text), last + AROUND_CHARACTERS), last)
    return Excerpt(
        document=_cut(document.title, LONGEST_TITLE),
        uri=_cut(document.source.uri, LONGEST_TITLE),
        page=spans[0].page,
        parts=tuple(_parts(text, start, end, spans)),
        cut_before=start > 0,
        cut_after=end < len(text),
    )


def _parts(text: str, start: int, end: int, spans: Sequence[Evidence]) -> Iterator[Part]:
    """Yield `text[start:end]` in parts, marked where `spans` lie."""
    reached = start
    for span in spans:
        if span.start > reached:
            yield Part(text[reached : span.start], marked=False)
        if span.end > reached:
            yield Part(_cut(text[max(span.start, reached) : span.end]), marked=True)
        reached = max(reached, span.end)
    if end > reached:
        yield Part(text[reached:end], marked=False)


def _word_start(text: str, start: int, limit: int) -> int:
    """Return where the first whole word after `start` begins, `start` itself at the text's beginning."""
    space = text.find(" ", start, limit) if start else -1
    return space + 1 if space >= 0 else start


def _word_end(text: str, end: int, limit: int) -> int:
    """Return where the last whole word before `end` ends, `end` itself at the text's end."""
    space = text.rfind(" ", limit, end) if end < len(text) else -1
    return space if space >= 0 else end


def _cut(text: str, longest: int = LONGEST_CHARACTERS) -> str:
    return text if len(text) <= longest else f"{text[:longest]} …"
