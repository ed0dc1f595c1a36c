"""Plants known faults in good samples, each of which makes the answer false or useless."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from pipeline.calibrate.examples import Example
from pipeline.facts.names import Name, names
from pipeline.facts.numbers import numbers
from pipeline.languages import language_of
from schemas.samples import Sample

FAULTS = ("changed_number", "swapped_entity", "unsupported_addition", "dropped_negation", "off_topic")
_ADDITIONS = (
    "It was first tested by the Halvorsen Institute in 1987.",
    "This applies only on Tuesdays, by order of Inspector Quillfeather.",
    "An extra fee of 73 dollars is charged in such cases.",
)
_NEGATION = re.compile(r"\b(?:not|never|no longer)\s|n[’']t\b|\bno\s(?=\w)", re.IGNORECASE)


def planted(example: Example, fault: str, others: Sequence[Example], random_: random.Random) -> Sample | None:
    """Return a copy of an example's sample with `fault` in its answer, None where it has nothing to spoil."""
    sample, answer = example.sample, example.sample.answer
    match fault:
        case "changed_number":
            spoilt = _changed_number(answer, random_)
        case "swapped_entity":
            spoilt = _swapped_entity(example, others, random_)
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


def _swapped_entity(example: Example, others: Sequence[Example], random_: random.Random) -> str:
    answer, here = example.sample.answer, _names(example)
    keys = {name.key for name in here}
    elsewhere = sorted(
        {
            other.sample.answer[name.start : name.end]
            for other in others
            for name in _names(other)
            if name.key not in keys
        }
    )
    if not here or not elsewhere:
        return ""
    name = random_.choice(here)
    return answer[: name.start] + random_.choice(elsewhere) + answer[name.end :]


def _names(example: Example) -> tuple[Name, ...]:
    language = example.sample.language
    if language is None and example.passages:
        language = language_of(example.passages[0])
    return names(example.sample.answer, language)


def _off_topic(sample: Sample, others: Sequence[Example], random_: random.Random) -> str:
    answers = sorted({each.sample.answer for each in others if each.sample.question != sample.question})
    return random_.choice(answers) if answers else ""
