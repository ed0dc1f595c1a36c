"""The copy of a sample that goes out where personal data is to be masked."""

from collections.abc import Iterator
from dataclasses import replace

from pipeline.facts.private import PrivateKind, masked, private_data
from schemas.requests import Message
from schemas.samples import Evidence, Sample


def masked_sample(sample: Sample, kinds: frozenset[PrivateKind]) -> Sample:
    """Return a copy with tags in place of data of these kinds, in every turn and in the reasoning.

    Quotes stay verbatim, as quotes must: one with such data in it is cut into the pieces around it.
    """

    def turn(message: Message) -> Message:
        return replace(message, content=masked(message.content, kinds))

    return replace(
        sample,
        messages=tuple(turn(message) for message in sample.messages),
        chosen=turn(sample.chosen) if sample.chosen else None,
        rejected=turn(sample.rejected) if sample.rejected else None,
        reasoning=masked(sample.reasoning, kinds) if sample.reasoning else sample.reasoning,
        evidence=tuple(piece for span in sample.evidence for piece in _pieces(span, kinds)),
    )


def _pieces(span: Evidence, kinds: frozenset[PrivateKind]) -> Iterator[Evidence]:
    start = 0
    stops = [item for item in private_data(span.quote) if item.kind in kinds]
    for end, following in [*((item.start, item.end) for item in stops), (len(span.quote), len(span.quote))]:
        piece = span.quote[start:end]
        if any(map(str.isalnum, piece)):
            lead = len(piece) - len(piece.lstrip())
            text = piece.strip()
            at = span.start + start + lead
            yield replace(span, start=at, end=at + len(text), quote=text)
        start = following
