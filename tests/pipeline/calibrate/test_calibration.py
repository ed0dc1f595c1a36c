import asyncio
import json
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pydantic import BaseModel

from pipeline.calibrate import Calibration, Example, calibrate, examples_from, labelled_examples
from pipeline.curation import Curation
from pipeline.filters.judge import ClaimVerdict, Judgement
from pipeline.judging.pairwise import Choice
from schemas.documents import Document
from schemas.errors import SettingsError
from schemas.requests import Completion, Failure, FailureReason, Request
from schemas.samples import Judged, Verdict
from schemas.settings import load_settings
from tests.pipeline.curated import PUMP, answering
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


@cache
def calibrated(judge: Callable[[Request], BaseModel]) -> Calibration:
    curation = Curation(load_settings({"model": "vllm/llama"}), language_model=True)
    return asyncio.run(calibrate(EXAMPLES, curation, answering(judge)))


def test_a_fair_judge_shows_no_bias_and_catches_what_is_planted() -> None:
    calibration = calibrated(fair)
    assert calibration.biases == ()
    assert calibration.recall == 1.0
    assert calibration.precision >= 0.95
    assert calibration.threshold is not None
    assert all(caught.unjudged == 0 for caught in calibration.caught)
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


def test_the_curve_shows_what_each_threshold_would_do() -> None:
    points = calibrated(fair).points
    assert [points[0].threshold, points[-1].threshold] == [0.0, 1.0]
    assert (points[0].precision, points[0].recall) == (1.0, 0.0)
    assert (points[11].precision, points[11].recall) == (1.0, 1.0)
    assert [point.recall for point in points] == sorted(point.recall for point in points)


def test_a_judge_without_replies_catches_nothing() -> None:
    async def ask(request: Request) -> Completion:
        return Failure(request.id, FailureReason.OVERLOAD)

    curation = Curation(load_settings({"model": "vllm/llama", "filters": ["judge"]}), language_model=True)
    calibration = asyncio.run(calibrate(EXAMPLES, curation, ask))
    assert calibration.recall == 0.0
    assert calibration.threshold is None
    assert calibration.points == ()
    assert calibration.biases == ("often_no_verdict",)
    assert all(caught.unjudged == caught.tried for caught in calibration.caught)


def test_questions_are_asked_side_by_side_within_a_bound() -> None:
    now = most = 0

    async def ask(request: Request) -> Completion:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1
        return await answering(fair)(request)

    curation = Curation(load_settings({"model": "vllm/llama"}), language_model=True)
    asyncio.run(calibrate(EXAMPLES, curation, ask, at_once=7))
    assert most == 7


def judged(number: int) -> Judged:
    sample, model = EXAMPLES[number].sample, Verdict("judge", keep=False, reason="judge_score_low", score=0.1)
    rule = Verdict("support", keep=number % 2 == 0, reason="" if number % 2 == 0 else "name_not_in_source")
    return Judged(sample, (rule, model) if rule.keep else (rule,))


def test_a_runs_samples_become_examples_whatever_the_judge_said_and_in_any_order() -> None:
    documents = [example.passages[0].document for example in EXAMPLES]

    def stored(wanted: Iterable[str]) -> Iterator[Document]:
        ids = set(wanted)
        return (document for document in documents if document.id in ids)

    run = [judged(number) for number in range(len(EXAMPLES))]
    found = examples_from(run, stored, most=5)
    assert [example.sample for example in found] == [
        example.sample for example in examples_from(reversed(run), stored, most=5)
    ]
    assert len(found) == 5
    assert {example.sample.id for example in found} <= {each.sample.id for each in run[::2]}
    assert all(example.passages and not example.fault for example in found)


def test_a_users_labelled_rows_are_read(tmp_path: Path) -> None:
    file = tmp_path / "labels.jsonl"
    rows = [
        {"question": "How long is the warranty?", "answer": "24 months", "source": PUMP, "label": "good"},
        {"question": "How long is the warranty?", "answer": "36 months", "source": PUMP, "label": "invented",
         "quotes": ["The warranty lasts 24 months"]},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, rows)))
    examples = labelled_examples(file)
    assert [example.fault for example in examples] == ["", "invented"]
    assert examples[1].sample.evidence[0].quote == "The warranty lasts 24 months"
    calibration = asyncio.run(
        calibrate(examples, Curation(load_settings(), language_model=False), answering(fair))
    )
    assert (calibration.precision, calibration.recall) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 1, is not JSON"),
        ("[]", "line 1, is no JSON object"),
        ('{"question": "What?", "answer": "It", "source": "It"}', r"line 1\.label"),
        ('{"question": "", "answer": "It", "source": "It", "label": "good"}', r"line 1\.question"),
        (
            '{"question": "Q", "answer": "It", "source": "It", "label": "good", "quote": "It"}',
            "mean 'quotes'",
        ),
    ],
)
def test_a_labelled_row_that_cannot_be_used_is_named_with_its_line(
    tmp_path: Path, line: str, problem: str
) -> None:
    file = tmp_path / "labels.jsonl"
    file.write_text(line)
    with pytest.raises(SettingsError, match=problem):
        labelled_examples(file)


def fair_reward(request: Request) -> float:
    asked = request.messages[0].content.rpartition("\n\n")[2]
    return 3.0 if request.messages[-1].content == RIGHT[asked] else -3.0


def loves_length(request: Request) -> float:
    return min(9.0, len(request.messages[-1].content) / 40) - 1


@pytest.mark.parametrize(
    ("rate", "biases"),
    [
        (fair_reward, ()),
        (lambda _: 2.0, ("cannot_tell",)),
        (loves_length, ("cannot_tell", "prefers_length")),
    ],
)
def test_a_reward_model_is_measured_as_any_judge(
    rate: Callable[[Request], float], biases: tuple[str, ...]
) -> None:
    def ask(request: Request) -> BaseModel:
        assert request.answer_schema is not None
        return request.answer_schema.model_validate({"values": [rate(request)]})

    settings = load_settings({"judge": {"kind": "reward", "model": "vllm/reward"}})
    calibration = asyncio.run(calibrate(EXAMPLES, Curation(settings, language_model=False), answering(ask)))
    assert calibration.biases == biases
    assert calibration.threshold is not None
