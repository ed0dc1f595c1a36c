"""Plants known faults in good samples, each of which makes the answer false or useless."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.facts.names import names
from pipeline.facts.numbers import numbers
from schemas.samples import Sample

FAULTS = ("changed_number", "swapped_entity", "unsupported_addition", "dropped_negation", "off_topic")
_ADDITIONS = (
    "It was first tested by the Halvorsen Institute in 1987.",
    "This applies only on Tuesdays, by order of Inspector Quillfeather.",
    "An extra fee of 73 dollars is charged in such cases.",
)
_NEGATION = re.compile(r"\b(?:not|never|no longer)\s|n[’']t\b|\bno\s(?=\w)", re.IGNORECASE)


def planted(sample: Sample, fault: str, others: Sequence[Sample], random_: random.Random) -> Sample | None:
    """Return a copy of `sample` with `fault` in its answer, None where it has nothing to spoil."""
    answer = sample.answer
    match fault:
        case "changed_number":
            spoilt = _changed_number(answer, random_)
        case "swapped_entity":
            spoilt = _swapped_entity(answer, others, random_)
        case "unsupported_addition":
            spoilt = f"{answer.rstrip('.')}. {random_.choice(_ADDITIONS)}"
        case "dropped_negation":
            spoilt = _NEGATION.sub("", answer, count=1)
        case _:
            spoilt = _off_topic(sample, others, random_)
    return with_answer(sample, spoilt) if spoilt and spoilt != answer else None


def with_answer(sample: Sample, answer: str) -> Sample:
    """Return a copy of `sample` that ends in another answer."""
    if sample.chosen is not None:
        return replace(sample, chosen=replace(sample.chosen, content=answer))
    *before, last = sample.messages
    return replace(sample, messages=(*before, replace(last, content=answer)))


def _changed_number(answer: str, random_: random.Random) -> str:
    digits = [place for number in numbers(answer) for place in range(number.start, number.end)]
    digits = [place for place in digits if answer[place].isdecimal()]
    if not digits:
        return ""
    place = random_.choice(digits)
    digit = random_.choice([digit for digit in "123456789" if digit != answer[place]])
    return answer[:place] + digit + answer[place + 1 :]


def _swapped_entity(answer: str, others: Sequence[Sample], random_: random.Random) -> str:
    here = {name.key for name in names(answer)}
    elsewhere = sorted(
        {
            other.answer[name.start : name.end]
            for other in others
            for name in names(other.answer)
            if name.key not in here
        }
    )
    if not here or not elsewhere:
        return ""
    name = random_.choice(names(answer))
    return answer[: name.start] + random_.choice(elsewhere) + answer[name.end :]


def _off_topic(sample: Sample, others: Sequence[Sample], random_: random.Random) -> str:
    answers = sorted({other.answer for other in others if other.question != sample.question})
    return random_.choice(answers) if answers else ""
