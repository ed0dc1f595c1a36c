"""What weakens a calibration: the judge's biases, and too few samples to go by."""

_TOLD = {
    "cannot_tell": "It rates good and spoilt samples alike: its verdicts tell nothing.",
    "often_no_verdict": "It often gives no verdict: what it says holds for the rest only.",
    "prefers_length": "It prefers long answers: a false one is rated higher when words are added to it.",
    "prefers_first": "It goes by the place: of two answers it often chooses another when they change places.",
    "no_good_samples": "No sample is good: what is dropped wrongly cannot be seen.",
    "few_samples": "There are fewer than ten good samples or ten spoilt ones: the shares are rough.",
}


def caveat_told(name: str) -> str:
    """Return what a caveat means for the figures, or its name where it is a stranger's."""
    return _TOLD.get(name, name.replace("_", " "))
