import pytest

from tests.pipeline.curated import PUMP, passage_of, rule, sample_of
from tests.pipeline.filters.labelled.answers import labelled_answers


def test_true_answers_stay_and_planted_false_ones_go() -> None:
    rows = labelled_answers(passages=150, seed=17)
    support = rule("support")
    kept = [(row.fault, support.judge(row.sample, (row.passage,)).keep) for row in rows]
    true = [keep for fault, keep in kept if not fault]
    false = [keep for fault, keep in kept if fault]
    assert len(true) >= 800
    assert sum(true) / len(true) >= 0.90
    assert 1 - sum(false) / len(false) >= 0.93


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("420 litres per minute", ""),
        ("Two years", ""),
        ("Maria Lopez", ""),
        ('{"approver": "Maria Lopez", "limit": 1500}', ""),
        ('{"approver": "Carl Benz", "limit": 1500}', "name_not_in_source"),
        ("1. Maria Lopez\n2. 420 litres", ""),
        ("Maria Lopes approves it", "name_not_in_source"),
        ("430 litres per minute", "number_not_in_source"),
        ("420 litres per hour at 7 bar", "number_not_in_source"),
        ("The warranty lasts 24 days.", "number_not_in_source"),
    ],
)
def test_an_answer_is_held_against_its_source(answer: str, reason: str) -> None:
    passage = passage_of(PUMP)
    question = "What does the handbook of the P-100 pump say?"
    assert rule("support").judge(sample_of(question, answer, passage), (passage,)).reason == reason


def test_a_number_of_another_sentence_than_the_quoted_one_is_flagged() -> None:
    passage = passage_of("Pump A holds 40 litres. Pump B holds 70 litres.")
    sample = sample_of("How much does pump A hold?", "70 litres", passage, ("Pump A holds 40 litres.",))
    assert rule("support").judge(sample, (passage,)).reason == "other_number_in_evidence"


@pytest.mark.parametrize(
    ("reasoning", "reason"),
    [
        ("An hour has 60 minutes.\n420 × 60 = 25,200", ""),
        ("420 × 60 = 25,200\n25,200 × 24 = 604,800\n604,800 / 24 = 25,200", ""),
        ("420 × 61 = 25,620", "number_not_in_source"),
        ("360 × 70 = 25,200", "number_not_in_source"),
        ("420 × 60 = 25,300", "number_not_in_source"),
        (None, "number_not_in_source"),
    ],
)
def test_a_number_may_follow_from_quoted_ones_by_written_equations(
    reasoning: str | None, reason: str
) -> None:
    passage = passage_of("The pump moves 420 litres of water a minute.")
    sample = sample_of("How much an hour?", "25,200 litres", passage, reasoning=reasoning)
    assert rule("support").judge(sample, (passage,)).reason == reason


def test_a_summary_may_say_more_than_its_quotes_hold_and_no_more_than_its_source() -> None:
    passage = passage_of(PUMP)
    said = "The P-100 moves 420 litres a minute and has a warranty of 24 months."
    quoted = ("moves 420 litres per minute",)
    assert (
        rule("support")
        .judge(sample_of("Sum it up.", said, passage, quoted, recipe="summary"), (passage,))
        .keep
    )
    assert not rule("support").judge(sample_of("Sum it up.", said, passage, quoted), (passage,)).keep
    wrong = said.replace("24 months", "36 months")
    assert (
        not rule("support")
        .judge(sample_of("Sum it up.", wrong, passage, quoted, recipe="summary"), (passage,))
        .keep
    )


def test_a_term_is_found_however_its_letters_are_composed() -> None:
    passage = passage_of("ปั๊มหลักในอาคารเก้าสูบน้ำได้ 420 ลิตรต่อนาที")
    sample = sample_of("ปั๊มใด", '{"pump": "ปั๊มหลักในอาคารเก้าสูบน้ำ"}', passage, language="th")
    assert rule("support").judge(sample, (passage,)).keep


def test_a_dropped_negation_is_flagged() -> None:
    passage = passage_of("The seal kit is not covered by the warranty.")
    sample = sample_of("Is the seal kit covered?", "The seal kit is covered by the warranty.", passage)
    assert rule("support").judge(sample, (passage,)).reason == "negation_differs"


_WARRANTY = {
    "de": "Für die neue P-100 gilt: die Pumpengarantie läuft zwei Jahre ab Liefertag.",
    "en": "For the new P-100, the warranty of the pump holds for two years from its delivery.",
}


@pytest.mark.parametrize(
    ("language", "answer", "reason"),
    [
        ("de", "Die Garantie der neuen Pumpe P-100 gilt vom Tag der Lieferung an zwei Jahre.", ""),
        ("en", "The warranty of the new P-100 holds for Carl Benz.", "name_not_in_source"),
        ("de", "Die Garantie der neuen Pumpe P-200 gilt zwei Jahre.", "name_not_in_source"),
        ("de", "Die Garantie der Pumpe gilt drei Jahre, also 36 Monate.", "number_not_in_source"),
    ],
)
def test_a_capital_inside_a_german_sentence_is_no_evidence_of_a_name(
    language: str, answer: str, reason: str
) -> None:
    passage = passage_of(_WARRANTY[language])
    sample = sample_of("Wie lange gilt die Garantie?", answer, passage, language=language)
    assert rule("support").judge(sample, (passage,)).reason == reason


def test_german_nouns_are_no_names_where_only_the_words_tell_the_language() -> None:
    harbour = passage_of(
        "Der Hafenmeister öffnet die Schleuse um sechs Uhr. Die Gebühr beträgt 40 Euro für jedes Schiff, und "
        "die Nachtwache beginnt um 22 Uhr."
    )
    asked = "Wer öffnet die Schleuse?"
    answer = "Das Öffnen der Schleuse ist eine Aufgabe des Hafenmeisters, und zwar um sechs Uhr."
    assert harbour.document.language is None
    sample = sample_of(asked, answer, harbour, language=None)
    assert rule("support").judge(sample, (harbour,)).reason != "name_not_in_source"


def test_an_invented_german_person_is_not_in_the_source() -> None:
    harbour = passage_of("Den Hafen leitet Kapitänin Vera Lund. Die Gebühr für jedes Schiff beträgt 40 Euro.")
    said = [
        f"Den Hafen leitet seit langem {name}." for name in ("Kapitänin Vera Lund", "Kapitän Jonas Kessler")
    ]
    samples = [sample_of("Wer leitet den Hafen?", answer, harbour, language="de") for answer in said]
    reasons = [rule("support").judge(sample, (harbour,)).reason for sample in samples]
    assert reasons == ["", "name_not_in_source"]


def test_a_name_from_elsewhere_does_not_stand_in_for_the_one_that_was_asked_about() -> None:
    report = passage_of(
        "The target of the Borough is 95 per cent on every route. Every day, Wren sails at six."
    )
    quotes = ("The target of the Borough is 95 per cent on every route.",)
    asked = "What is the target of the Borough?"
    said = {
        "The target of the Borough is 95 per cent on every route.": "",
        "The target of the Wren is 95 per cent on every route.": "other_name_in_evidence",
        "The target, which Wren helps to reach, is 95 per cent on every route.": "",
    }
    for answer, reason in said.items():
        assert rule("support").judge(sample_of(asked, answer, report, quotes), (report,)).reason == reason
