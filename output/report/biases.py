"""What a judge's biases are called, and what they mean."""

_TOLD = {
    "cannot_tell": "It rates good and spoilt samples alike: its verdicts tell nothing.",
    "often_no_verdict": "It often gives no verdict: what it says holds for the rest only.",
    "prefers_length": "It prefers long answers: a false one is rated higher when words are added to it.",
    "prefers_first": "It goes by the place: of two answers it often chooses another when they change places.",
}


def bias_told(name: str) -> str:
    """Return what a bias means for the verdicts, or its name where it is a stranger's."""
    return _TOLD.get(name, name.replace("_", " "))
