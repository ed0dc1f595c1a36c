"""Names where every noun has a capital, and what leans on them."""

import random

import pytest

from pipeline.calibrate.examples import Example
from pipeline.calibrate.faults import planted
from pipeline.corpus import Corpus
from pipeline.facts.names import names
from tests.pipeline.curated import passage_of, sample_of

_FILLER = "Die Schleuse wird am Morgen geöffnet, und jedes Schiff zahlt am Abend eine Gebühr an die Kasse."


def german(text: str) -> list[str]:
    return [text[name.start : name.end] for name in names(text, "de")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dort leitet Kapitänin Vera Lund den Hafen.", ["Vera Lund"]),
        ("Sie wenden sich an Herrn Jonas Kessler.", ["Jonas Kessler"]),
        ("Die Pumpe P-100 heißt „Alte Dame“.", ["P-100", "Alte Dame"]),
        ("Es kostet 40 Euro Gebühr und drei Liter Öl.", []),
        ("Alle Schiffe legen an, wenn Sie Fragen haben.", []),
        ("Der Hafenmeister öffnet die Schleuse.", []),
    ],
)
def test_in_german_only_nouns_in_a_row_codes_and_quoted_terms_are_names(text: str, found: list[str]) -> None:
    assert german(text) == found


def test_a_german_noun_is_no_entity_to_swap_but_a_person_is() -> None:
    plain = passage_of(f"{_FILLER} Der Hafenmeister öffnet die Schleuse um sechs Uhr.")
    person = passage_of(f"{_FILLER} Den Hafen leitet Kapitänin Vera Lund seit drei Jahren.", "Leitung")
    other = passage_of(f"{_FILLER} Am Nordkai wacht Kapitän Jonas Kessler in der Nacht.", "Wache")
    examples = [
        Example(sample_of("Wer?", "Der Hafenmeister öffnet die Schleuse.", plain, language=None), (plain,)),
        Example(sample_of("Wer leitet?", "Es ist Kapitänin Vera Lund.", person, language=None), (person,)),
        Example(sample_of("Wer wacht?", "Es ist Kapitän Jonas Kessler.", other, language=None), (other,)),
    ]
    swapped = [planted(each, "swapped_entity", examples, random.Random(0)) for each in examples]
    assert swapped[0] is None
    assert swapped[1] is not None
    assert swapped[1].answer == "Es ist Kapitänin Jonas Kessler."


def test_german_passages_are_linked_by_a_person_and_not_by_a_noun() -> None:
    texts = (
        "Kapitänin Vera Lund leitet den Hafen. Sie hat dort vor Jahren als Lotsin begonnen.",
        "Die Nachtwache wird von Kapitänin Vera Lund eingeteilt, jeweils für einen ganzen Monat im Voraus.",
        "Wer die Gebühr nicht zahlt, verliert am Ende den Liegeplatz, wie es in der Ordnung des Amts steht.",
        "Für einen Liegeplatz am Kai muss man sich bewerben, was im Frühjahr auf dem Formular geschieht.",
    )
    passages = [passage_of(f"Dort gilt: {text}", str(number)) for number, text in enumerate(texts)]
    corpus = Corpus(passages, seed=0)
    [chain] = corpus.linked(corpus.by_names())
    assert chain.passages == (passages[0], passages[1])
    assert chain.names == ("vera lund",)
