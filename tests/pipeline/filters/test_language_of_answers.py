import pytest

from schemas.contracts import FilterSetup
from schemas.registry import filters
from schemas.requests import Message
from schemas.samples import Origin, Sample

GERMAN = "Wie lange gilt die Garantie der neuen Pumpe?"
ENGLISH = "The warranty lasts for two years from the day of delivery."
GERMAN_ANSWER = "Die Garantie gilt zwei Jahre lang ab dem Tag der Lieferung."


@pytest.mark.parametrize(("answer", "keep"), [(ENGLISH, True), (GERMAN_ANSWER, False)])
def test_an_answer_is_held_to_its_own_language(answer: str, keep: bool) -> None:
    entry = filters.get("language")
    built = entry.build(FilterSetup(entry.options(), language="de", answer_language="en"))
    turns = (Message("user", GERMAN), Message("assistant", answer))
    sample = Sample("qa", "fact", turns, Origin("r", "m", ()), language="de")
    verdict = built.judge(sample, ())  # type: ignore[union-attr]  # a rule, no model
    assert (verdict.keep, verdict.reason) == (keep, "" if keep else "wrong_language")
