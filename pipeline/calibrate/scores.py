"""What a model's verdicts say of one sample: a score, or that there is none."""

from schemas.samples import Judged

_NO_VERDICT = ("_failed", "_unreadable", "_missing", "_out_of_scale")


def is_unjudged(judged: Judged) -> bool:
    """Return whether a filter could not come to a verdict; that is a drop, but no catch."""
    return judged.reason.endswith(_NO_VERDICT)


def model_score(judged: Judged) -> float | None:
    """Return the least score that a model gave, None where none did or a verdict is missing."""
    scores = [verdict.score for verdict in judged.verdicts if verdict.score is not None]
    return min(scores) if scores and not is_unjudged(judged) else None
