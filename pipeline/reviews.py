"""People's decisions, laid over what the filters said."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace

import orjson

from schemas.requests import Message
from schemas.reviews import Decision, Review
from schemas.samples import Judged, Sample, Verdict

FILTER = "review"
REJECTED = "rejected_by_reviewer"


class Reviews:
    """What was decided of a run's samples."""

    def __init__(self, reviews: Iterable[Review] = ()) -> None:
        self._by_id: dict[str, Review] = {}
        self._by_words: dict[str, Review] = {}
        for review in reviews:
            self._by_id[review.sample_id] = self._by_words[review.words] = review

    def of(self, sample: Sample) -> Review | None:
        """Return the decision on a sample as it was made: on itself, or on one that said the same."""
        if not self._by_id:
            return None
        return self._by_id.get(sample.id) or self._by_words.get(words_of(sample))

    def applied(self, judged: Judged) -> Judged:
        """Return what goes on in the place of `judged`: a person's word goes before a filter's."""
        review = self.of(judged.sample)
        if review is None:
            return judged
        if review.decision is Decision.REJECT:
            verdict = Verdict(FILTER, keep=False, reason=REJECTED, detail=review.note)
            return replace(judged, verdicts=(*judged.verdicts, verdict))
        verdict = Verdict(FILTER, keep=True, score=1.0, detail=review.note)
        verdicts = (*map(_overruled, judged.verdicts), verdict)
        return Judged(edited(judged.sample, review), verdicts)


def words_of(sample: Sample) -> str:
    """Return a digest of what a sample says, whatever it was made from."""
    turns = [(turn.role, turn.content) for turn in sample.messages]
    preference = [turn.content if turn else None for turn in (sample.chosen, sample.rejected)]
    payload = orjson.dumps([turns, preference, sample.reasoning])
    return hashlib.sha256(payload).hexdigest()[:24]


def edited(sample: Sample, review: Review) -> Sample:
    """Return a sample in a person's words: its first question, its last or chosen answer, its reasoning."""
    turns, chosen = list(sample.messages), sample.chosen
    if review.question is not None:
        _reword(turns, "user", range(len(turns)), review.question)
    if review.answer is not None and chosen is not None:
        chosen = replace(chosen, content=review.answer)
    elif review.answer is not None:
        _reword(turns, "assistant", range(len(turns) - 1, -1, -1), review.answer)
    return replace(
        sample,
        messages=tuple(turns),
        chosen=chosen,
        reasoning=sample.reasoning if review.reasoning is None else review.reasoning,
        scored=sample.scored if chosen is sample.chosen else (),
    )


def _reword(turns: list[Message], role: str, order: Iterable[int], words: str) -> None:
    """Change the first turn of a role that `order` comes upon."""
    for at in order:
        if turns[at].role == role:
            turns[at] = replace(turns[at], content=words)
            return


def _overruled(verdict: Verdict) -> Verdict:
    if verdict.keep:
        return verdict
    said = ": ".join(filter(None, (verdict.reason.replace("_", " "), verdict.detail)))
    return replace(verdict, keep=True, reason="", detail=f"overruled: {said}")
