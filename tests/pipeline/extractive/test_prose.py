# ruff: noqa: E501  # one case a line reads as a table
from dataclasses import replace

import pytest

from tests.pipeline.extractive.asking import pairs, read

HEAD = "# Harbour Handbook\n\n## Arrival\n\n"


@pytest.mark.parametrize(
    ("sentence", "asks", "kind"),
    [
        ("A berth window is the period in which a vessel may lie at a berth.", "what is a berth window", "definition"),
        ("The Harbour Master is the officer who directs all movements.", "who is the Harbour Master", "definition"),
        ('"Demurrage" means the charge for time used beyond the window.', '"demurrage"', "definition"),
        ("Calls go to the Vessel Traffic Service (VTS) by radio.", "what does VTS stand for", "definition"),
        ("The master must report the arrival within 24 hours.", "within how many hours must the master report the arrival", "section_fact"),
        ("Mooring lines must be inspected every six months.", "how often must mooring lines be inspected", "section_fact"),
        ("Applications must be submitted at least 14 days before the planned arrival.", "how long before the planned arrival must applications be submitted", "section_fact"),
        ("Bunkering is prohibited at night because the jetty is not lit.", "why is bunkering prohibited at night", "section_fact"),
        ("Visitors may enter the terminal only with a valid pass.", "under what condition may visitors enter the terminal", "permission"),
        ("Every vessel must carry a pilot unless the master holds a licence.", "what is the exception to the rule that every vessel must carry a pilot", "exception"),
        ("If a vessel is late, the agent must inform the office.", "what must the agent do if a vessel is late", "requirement"),
        ("A vessel must not anchor in the fairway.", "what must a vessel not do", "prohibition"),
        ("The harbour has 14 berths.", "how many berths does the harbour have", "section_fact"),
        ("There are three pilot stations in the estuary.", "how many pilot stations are there in the estuary", "section_fact"),
        ("The maximum speed in the inner basin is 5 knots.", "what is the maximum speed in the inner basin", "section_fact"),
        ("The east quay is 420 metres long.", "how long is the east quay", "section_fact"),
        ("The harbour was founded in 1887.", "when was the harbour founded", "section_fact"),
        ("The port engineer is responsible for the quays.", "who is responsible for the quays", "section_fact"),
        ("A ship's register consists of four parts and an index.", "what does a ship's register consist of", "section_fact"),
    ],
)  # fmt: skip
def test_a_plain_statement_becomes_its_question(sentence: str, asks: str, kind: str) -> None:
    found = [item for item in pairs(HEAD + sentence) if asks.casefold() in item.question.casefold()]
    assert [item.kind for item in found] == [kind]
    assert "Harbour Handbook" in found[0].question
    assert found[0].evidence == [sentence]
    assert found[0].answer in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "It must be renewed every two years by the office.",
        "This is a rule that everybody in the harbour knows.",
        "However, the master must report the arrival within 24 hours.",
        "As described above, the master must report within 24 hours.",
        "The reason is a fault that nobody has found so far.",
        "What matters is the depth of the water at the quay.",
        "Such vessels must carry a pilot at all times.",
        "The harbour is busy.",
        "A lower number means higher urgency.",
        "The report that the committee published says vessels must wait.",
        "A sailing is punctual if the vessel leaves within five minutes.",
        "The hand is a sailor with a certificate, which must be renewed every 24 months.",
        "The timetable is published at least 28 days before it comes into force.",
        "Work is the commonest reason for which people travel.",
        "There are three ways.",
    ],
)
def test_a_sentence_that_leans_on_others_or_is_no_plain_statement_is_left_alone(sentence: str) -> None:
    assert pairs(f"# Harbour Handbook\n\n{sentence}") == []


@pytest.mark.parametrize("heading", ["Why Pendulum?", "How it works?", "Which one?"])
def test_a_heading_that_asks_without_a_verb_is_no_question_in_a_sentence(heading: str) -> None:
    text = "Native datetime instances are enough for basic cases but they often show their limits."
    assert pairs(f"# Pendulum Guide\n\n## {heading}\n\n{text}\n\n{text}") == []


def test_a_heading_that_asks_is_answered_by_its_paragraph() -> None:
    items = pairs("# Pier FAQ\n\n## How do I get a permit?\n\nAsk the office in writing. It costs 85 euros.")
    assert [item.answer for item in items] == ["Ask the office in writing. It costs 85 euros."]
    assert "how do I get a permit" in items[0].question


def test_footnote_marks_and_line_breaks_stay_in_the_quote_and_leave_the_answer() -> None:
    items = pairs(f"{HEAD}A linkspan is the hinged ramp[1] that\njoins the quay to the ferry.")
    assert items[0].evidence == ["A linkspan is the hinged ramp[1] that\njoins the quay to the ferry."]
    assert items[0].answer == "A linkspan is the hinged ramp that joins the quay to the ferry."


def test_a_label_of_a_picture_does_not_make_a_name_a_common_word() -> None:
    prose = "Toad is a unified interface for the agents of the terminal."
    [item] = pairs(read(f"# Toad\n\n{prose}\n\n![toad](toad.png)\n", "rich"))
    assert "hat is Toad" in item.question


def test_names_keep_their_capital_and_common_words_lose_it() -> None:
    items = pairs(f"{HEAD}Rotterdam was founded in 1270. Payroll records must be checked every year.")
    questions = " ".join(item.question for item in items)
    assert "when was Rotterdam founded" in questions or "When was Rotterdam founded" in questions
    assert "must payroll records be checked" in questions


def test_a_passage_in_another_language_gives_nothing_whatever_its_document_is_in() -> None:
    german = (
        "Der **Anleger** ist die Stelle, an der die Fähre mit dem Bug an der Rampe liegt und das Tor öffnet."
    )
    english = "A **berth** is the place where the ferry lies with its bow at the ramp and opens the door."
    for_german, for_english = (
        pairs(replace(read(f"{HEAD}{text}\n"), language="en")) for text in (german, english)
    )
    assert for_german == []
    assert for_english
