"""`preference` from candidates: several answers to a question, of which a judge's scores make a pair."""

import asyncio
from collections.abc import Iterable

import pytest

from pipeline.choosing import Rules, pair_of
from pipeline.generation import Generation, Handle
from pipeline.harvest import Generated
from pipeline.mix import build_recipes
from pipeline.tokens import TokenEstimate
from schemas.documents import Passage
from schemas.errors import SettingsError
from schemas.ledger import End
from schemas.requests import Completion, Failure, FailureReason, Message, Request
from schemas.samples import Judged, Origin, Sample, Verdict
from schemas.settings import Settings, load_settings
from tests.pipeline.written import reply, written

FLOW = "The pump P-7 moves 420 litres of water a minute, day and night, in the hall of the North works."
DOCUMENT = written("# Pump", FLOW)
QUESTION = "How much water does the pump P-7 move?"
RULES = Rules(min_gap=0.2, length_difference=0.2)


def settings(**options: object) -> Settings:
    chosen = {"name": "preference", "options": {"rejected": "candidate", **options}, "count": 1}
    return load_settings({"model": "scripted/m", "format": "raw", "recipes": [chosen]})


class Answering:
    """Asks one question of each passage, and gives its answers by their seeds, None for a failure."""

    def __init__(self, *answers: str | None) -> None:
        self._answers = answers
        self.asked: list[Request] = []

    async def run(self, requests: Iterable[Request], handle: Handle) -> None:
        waiting = list(requests)
        while waiting:
            request = waiting.pop()  # the last first: the order of replies must not show
            self.asked.append(request)
            waiting.extend(handle(request, self._completion(request)))

    def _completion(self, request: Request) -> Completion:
        assert request.answer_schema is not None
        fields = request.answer_schema.model_fields
        if "items" in fields:
            said: object = {"items": [{"question": QUESTION}]}
        else:
            assert request.sampling.seed is not None
            answer = self._answers[request.sampling.seed]
            if answer is None:
                return Failure(request.id, FailureReason.MALFORMED)
            said = {"answer": answer, "evidence": [FLOW]}
        return reply(request, request.answer_schema.model_validate(said))


class Scores:
    """Judges by a table, and remembers what it was shown."""

    def __init__(self, **scores: float | None) -> None:
        self._scores = scores
        self.judged: list[tuple[Sample, tuple[Passage, ...]]] = []

    async def __call__(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        self.judged.append((sample, passages))
        score = self._scores[sample.answer.split()[1]]
        if score is None:
            return Verdict("judge", keep=False, reason="judge_failed", detail="overload")
        return Verdict("judge", score >= 0.5, "" if score >= 0.5 else "judge_unsupported", score)


def made(answers: tuple[str | None, ...], scores: Scores, **options: object) -> Generated:
    chosen = settings(candidates=len(answers), **options)
    generation = Generation(chosen, build_recipes(chosen, language_model=True), 100_000, TokenEstimate())
    gateway = Answering(*answers)
    return asyncio.run(generation.run(generation.requests([DOCUMENT]), gateway, rate=scores))


def test_the_best_and_the_worst_answer_make_a_pair_with_their_scores_and_stay_as_they_are() -> None:
    scores = Scores(good=0.9, fair=0.6, bad=0.1)
    found = made(("It fair moves 400.", "It good moves 420.", "It bad moves 9,000."), scores)
    [sample] = found.samples
    assert sample.fault is None
    assert sample.messages == (Message("user", QUESTION),)
    assert sample.chosen == Message("assistant", "It good moves 420.")
    assert sample.rejected == Message("assistant", "It bad moves 9,000.")
    assert [each.verdict.score for each in sample.scored] == [0.9, 0.1]
    assert [each.verdict.reason for each in sample.scored] == ["", "judge_unsupported"]
    assert sample.evidence[0].quote == FLOW
    assert [passage.text for _, (passage,) in scores.judged] == [DOCUMENT.text] * 3
    assert len(found.outcomes) == 4
    assert {outcome.end for outcome in found.outcomes} == {End.KEPT}


def test_candidates_that_say_the_same_are_judged_once_and_one_that_failed_is_left_out() -> None:
    scores = Scores(good=0.9, bad=0.2)
    found = made(("It good moves 420.", "It  good moves 420.", None, "It bad moves 430."), scores)
    assert len(scores.judged) == 2
    [sample] = found.samples
    assert (sample.fault, len(sample.scored)) == (None, 2)
    assert [outcome.reason for outcome in found.outcomes if outcome.end is End.FAILED] == ["malformed"]


@pytest.mark.parametrize(
    ("answers", "scores", "fault"),
    [
        (("It good moves.", "It good moves."), {}, "candidates_agree"),
        (("It good moves.", None), {}, "candidates_missing"),
        (("It good moves.", "It fine moves."), {"good": 0.9, "fine": 0.8}, "scores_tie"),
        (("It good moves.", "It fine moves."), {"good": 0.9, "fine": 0.9}, "scores_tie"),
        (("It poor moves.", "It bad moves."), {"poor": 0.4, "bad": 0.1}, "no_good_candidate"),
        (("It good moves.", "It bad moves on and on."), {"good": 0.9, "bad": 0.1}, "lengths_differ"),
    ],
)
def test_candidates_that_make_no_pair_end_in_the_ledger_with_the_reason(
    answers: tuple[str | None, ...], scores: dict[str, float], fault: str
) -> None:
    [sample] = made(answers, Scores(**scores)).samples
    assert sample.fault == fault


def test_a_question_that_the_judge_could_not_answer_is_a_failure_to_try_again() -> None:
    found = made(("It good moves.", "It lost moves."), Scores(good=0.9, lost=None))
    assert found.samples == ()
    [failed] = [outcome for outcome in found.outcomes if outcome.end is End.FAILED]
    assert (failed.reason, failed.detail) == ("judge_failed", "overload")


def test_answers_are_asked_for_to_no_more_questions_than_were_wanted() -> None:
    [recipe] = build_recipes(settings(candidates=2), language_model=True)
    [request] = recipe.requests([Passage(DOCUMENT, 0, len(DOCUMENT.text), (), 500)])
    assert request.answer_schema is not None
    said = {"items": [{"question": QUESTION}, {"question": "What is P-7?"}]}
    found = list(recipe.samples(request, reply(request, request.answer_schema.model_validate(said))))
    assert [isinstance(item, Request) for item in found] == [True, True, False]
    assert isinstance(found[2], Sample)
    assert found[2].fault == "more_than_asked"


def test_a_recipe_that_stands_in_the_mix_twice_makes_its_own_choices() -> None:
    chosen = settings(candidates=2)
    twice = chosen.recipes[0].model_copy(update={"options": {**chosen.recipes[0].options, "min_gap": 0.9}})
    both = chosen.model_copy(update={"recipes": (chosen.recipes[0], twice)})
    generation = Generation(both, build_recipes(both, language_model=True), None, TokenEstimate())
    gateway = Answering("It good moves 42.", "It bad moves 43.")
    scores = Scores(good=0.9, bad=0.1)
    found = asyncio.run(generation.run(generation.requests([DOCUMENT]), gateway, rate=scores))
    assert {(each.recipe, each.fault) for each in found.samples} == {
        ("preference", None),
        ("preference-2", "scores_tie"),
    }


def candidate(answer: str, score: float) -> Judged:
    turns = (Message("user", QUESTION), Message("assistant", answer))
    draft = Sample("preference", "candidate", turns, Origin(answer, "m", ()))
    return Judged(draft, (Verdict("judge", score >= 0.5, "", score),))


def test_the_worst_of_about_the_same_length_is_rejected() -> None:
    worst, fitting = candidate("no", 0.0), candidate("It moves 90 litres.", 0.3)
    found = pair_of((worst, fitting, candidate("It moves 42 litres.", 0.8)), RULES)
    assert found.fault is None
    assert found.rejected is not None
    assert found.rejected.content == "It moves 90 litres."


def test_a_gap_of_just_the_margin_is_enough() -> None:
    assert pair_of((candidate("one 1", 0.8), candidate("two 2", 0.6)), RULES).fault is None


def test_answers_come_from_further_models_in_turn_at_their_own_temperature() -> None:
    chosen = settings(candidates=4, models=["other"], temperature=0.4)
    generation = Generation(chosen, build_recipes(chosen, language_model=True), None, TokenEstimate())
    gateway = Answering("It good a.", "It good b.", "It good c.", "It good d.")
    asyncio.run(generation.run(generation.requests([DOCUMENT]), gateway, rate=Scores(good=0.9)))
    samplings = [request.sampling for request in gateway.asked[1:]]
    assert {(each.seed, each.model) for each in samplings} == {(0, "m"), (1, "other"), (2, "m"), (3, "other")}
    assert {each.temperature for each in samplings} == {0.4}
    assert gateway.asked[0].sampling.temperature == 0.7


def test_both_asks_for_pairs_of_either_kind() -> None:
    chosen = settings(rejected="both")
    [recipe] = build_recipes(chosen, language_model=True)
    passages = [Passage(DOCUMENT, 0, len(DOCUMENT.text), (), tokens) for tokens in (500, 400)]
    kinds = ["fault" in request.messages[-1].content for request in recipe.requests(passages)]
    assert kinds == [True, False]


def test_candidates_without_a_judge_and_answers_that_cannot_differ_are_refused() -> None:
    off = settings().model_copy(update={"judge": settings().judge.model_copy(update={"enabled": False})})
    with pytest.raises(SettingsError, match=r"judge\.enabled.*scored by the judge"):
        build_recipes(off, language_model=True)
    with pytest.raises(SettingsError, match="temperature 0 gives the same answer"):
        build_recipes(settings(temperature=0), language_model=True)
    with pytest.raises(SettingsError, match=r"recipes\.preference.*rejected"):
        build_recipes(settings(rejected="worst"), language_model=True)
