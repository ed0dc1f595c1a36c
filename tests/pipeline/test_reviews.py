"""A person's decision on a sample goes before the filters'."""

from dataclasses import replace

import pytest

from pipeline.reviews import REJECTED, Reviews, words_of
from schemas.reviews import Decision, Review
from schemas.samples import Judged, Sample, Verdict
from tests.output.builders import chosen_by_score, conversation, exchange, preferred, reasoned

DROPPED = (Verdict("length", True), Verdict("support", False, "number_not_in_source", 0.4, "7"))


def decided(sample: Sample, decision: Decision, **words: str) -> Judged:
    review = Review(sample.id, words_of(sample), decision, **words)
    return Reviews([review]).applied(Judged(sample, DROPPED))


def test_what_a_person_keeps_no_filter_drops_and_what_it_said_can_still_be_read() -> None:
    judged = decided(exchange(), Decision.KEEP, note="right all the same")
    assert (judged.keep, judged.reason, judged.sample) == (True, "", exchange())
    assert [verdict.detail for verdict in judged.verdicts] == [
        "", "overruled: number not in source: 7", "right all the same",
    ]  # fmt: skip


def test_what_a_person_rejects_is_dropped_with_the_reason() -> None:
    review = Review(exchange().id, words_of(exchange()), Decision.REJECT, note="dull")
    judged = Reviews([review]).applied(Judged(exchange(), (Verdict("length", True),)))
    assert (judged.keep, judged.reason, judged.verdicts[-1].detail) == (False, REJECTED, "dull")


@pytest.mark.parametrize("sample", [exchange(), reasoned(), conversation(), preferred(), chosen_by_score()])
def test_a_person_may_word_anew_the_question_the_last_answer_and_the_reasoning(sample: Sample) -> None:
    words = {"question": "What is it?", "answer": "A boat.", "reasoning": "It floats."}
    made = decided(sample, Decision.EDIT, **words).sample
    assert (made.question, made.answer, made.reasoning) == tuple(words.values())
    assert [turn.role for turn in made.messages] == [turn.role for turn in sample.messages]
    assert (made.evidence, made.rejected, made.scored) == (sample.evidence, sample.rejected, ())
    assert made.id != sample.id


def test_a_sample_that_is_made_anew_with_the_same_words_is_known_again() -> None:
    anew = replace(exchange(), origin=replace(exchange().origin, request_id="r2"))
    review = Review(exchange().id, words_of(exchange()), Decision.REJECT)
    assert anew.id != exchange().id
    assert not Reviews([review]).applied(Judged(anew)).keep
    assert Reviews([review]).applied(Judged(exchange("What is a canoe?"))).keep
