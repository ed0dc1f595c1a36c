import asyncio
import re
from collections.abc import Callable

import pytest
from pydantic import BaseModel

from pipeline.calibrate import Calibration, Example, calibrate
from pipeline.curation import Curation
from pipeline.filters.judge import ClaimVerdict, Judgement
from pipeline.judging.pairwise import Choice
from schemas.requests import Request
from schemas.settings import load_settings
from tests.pipeline.curated import answering
from tests.pipeline.filters.labelled.answers import labelled_answers

ROWS = {row.sample.question: row for row in labelled_answers(passages=8, seed=5) if not row.fault}.values()
EXAMPLES = [Example(row.sample, (row.passage,)) for row in ROWS]
RIGHT = {row.sample.question: row.sample.answer for row in ROWS}


def claims_in(request: Request) -> list[str]:
    return re.findall(
        r"^\d+\. (.+)$", request.messages[-1].content.rpartition("Claims of the answer:")[2], re.M
    )


def question_in(request: Request) -> str:
    found = re.findall(r"^Question: (.+)$", request.messages[-1].content, re.M)
    return str(found[-1])


def judgement(request: Request, supported: Callable[[str], bool], points: int) -> Judgement:
    quote = request.passages[0].text.splitlines()[0]
    verdicts = [
        ClaimVerdict(claim=at, verdict="supported" if supported(claim) else "unsupported", quote=quote)
        for at, claim in enumerate(claims_in(request), 1)
    ]
    return Judgement(claims=verdicts, relevant=points, clear=points, useful=points, difficulty=1)


def fair(request: Request) -> BaseModel:
    right = RIGHT[question_in(request)]
    if request.answer_schema is Choice:
        first = re.findall(r"^First answer: (.+)$", request.messages[-1].content, re.M)[-1]
        return Choice(better="first" if first == right else "second")
    return judgement(request, lambda claim: claim == right, 5)


def always_high(request: Request) -> BaseModel:
    return fair(request) if request.answer_schema is Choice else judgement(request, lambda _: True, 5)


def likes_length(request: Request) -> BaseModel:
    if request.answer_schema is Choice:
        return fair(request)
    right = RIGHT[question_in(request)]
    length = sum(map(len, claims_in(request)))
    return judgement(request, lambda claim: claim == right or length > 60, 5 if length > 60 else 3)


def likes_first(request: Request) -> BaseModel:
    return Choice(better="first") if request.answer_schema is Choice else fair(request)


def calibrated(judge: Callable[[Request], BaseModel]) -> Calibration:
    curation = Curation(load_settings({"model": "vllm/llama"}), language_model=True)
    return asyncio.run(calibrate(EXAMPLES, curation, answering(judge)))


def test_a_fair_judge_shows_no_bias_and_catches_what_is_planted() -> None:
    calibration = calibrated(fair)
    assert calibration.biases == ()
    assert calibration.recall == 1.0
    assert calibration.precision >= 0.95
    assert calibration.threshold is not None
    by_fault = {caught.fault: caught for caught in calibration.caught}
    assert by_fault["changed_number"].by_model == by_fault["changed_number"].tried > 10
    assert by_fault[""].by_model == 0
    assert set(by_fault) == {
        "", "changed_number", "swapped_entity", "unsupported_addition", "dropped_negation", "off_topic"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("judge", "bias"),
    [(always_high, "cannot_tell"), (likes_length, "prefers_length"), (likes_first, "prefers_first")],
)
def test_a_biased_judge_is_called_out(judge: Callable[[Request], BaseModel], bias: str) -> None:
    assert bias in calibrated(judge).biases


def test_rules_alone_are_measured_without_a_model() -> None:
    curation = Curation(load_settings(), language_model=False)
    calibration = asyncio.run(calibrate(EXAMPLES, curation, answering(fair)))
    assert calibration.threshold is None
    assert calibration.recall >= 0.8
    assert calibration.precision >= 0.95


def test_labelled_rows_are_taken_as_they_are() -> None:
    examples = [EXAMPLES[0], Example(EXAMPLES[1].sample, EXAMPLES[1].passages, "mine")]
    curation = Curation(load_settings(), language_model=False)
    calibration = asyncio.run(calibrate(examples, curation, answering(fair)))
    assert {caught.fault for caught in calibration.caught} == {"", "mine"}
