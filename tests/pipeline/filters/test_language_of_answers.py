from dataclasses import replace

import pytest

from pipeline.evidence import locate_all
from schemas.contracts import Filter, FilterSetup
from schemas.languages import Spoken
from schemas.registry import filters
from schemas.requests import Message
from schemas.samples import Origin, Sample
from tests.pipeline.curated import rule
from tests.pipeline.written import whole, written

GERMAN = "Wie lange gilt die Garantie der neuen Pumpe?"
ENGLISH = "The warranty lasts for two years from the day of delivery."
GERMAN_ANSWER = "Die Garantie gilt zwei Jahre lang ab dem Tag der Lieferung."


@pytest.mark.parametrize(("answer", "keep"), [(ENGLISH, True), (GERMAN_ANSWER, False)])
def test_an_answer_is_held_to_its_own_language(answer: str, keep: bool) -> None:
    entry = filters.get("language")
    built = entry.build(FilterSetup(entry.options(), spoken=Spoken("de", "en")))
    turns = (Message("user", GERMAN), Message("assistant", answer))
    sample = Sample("qa", "fact", turns, Origin("r", "m", ()), language="en")
    assert isinstance(built, Filter)
    verdict = built.judge(sample, ())
    assert (verdict.keep, verdict.reason) == (keep, "" if keep else "wrong_language")


def test_an_answer_in_another_language_than_its_source_is_supported_by_its_numbers() -> None:
    source = "Die Garantie gilt zwei Jahre ab dem Tag der Lieferung, also 730 Tage."
    passage = whole(replace(written(source), language="de"))
    evidence = locate_all([source], [passage]).evidence
    turns = (Message("user", GERMAN), Message("assistant", "It holds for 730 days from the delivery date."))
    sample = Sample("qa", "", turns, Origin("r", "m", (passage.id,)), evidence=evidence, language="en")
    assert rule("support").judge(sample, (passage,)).keep
