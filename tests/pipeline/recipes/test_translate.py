"""`translate`: translations, and the interpreter between two languages."""

import pytest

from schemas.errors import SettingsError
from tests.pipeline.recipes.building import FLOWS, built, sample


def test_a_translation_names_its_languages_and_quotes_its_source() -> None:
    found = sample(
        "translate", {"items": [{"source": FLOWS, "translation": "Die Pumpe …"}]}, into=["en", "de"]
    )
    assert (found.kind, found.language) == ("en-de", "de")
    assert found.evidence[0].quote == FLOWS


@pytest.mark.parametrize(
    ("translation", "fault"),
    [
        ("Die Pumpe P-7 fördert 420 Liter in der Minute und läuft Tag und Nacht.", None),
        (
            "La pompe P-7 débite 420 litres par minute, de jour comme de nuit.",
            "translated_into_another_language",
        ),
        (FLOWS, "translated_into_another_language"),
    ],
)
def test_a_translation_into_another_language_is_at_fault(translation: str, fault: str | None) -> None:
    item = {"source": FLOWS, "translation": translation}
    assert sample("translate", {"items": [item]}, into=["de"]).fault == fault


def test_the_interpreter_says_which_language_it_heard() -> None:
    item = {
        "question": "¿Cuánto?",
        "translation": "How much?",
        "answer": "420 litres.",
        "evidence": ["420 litres"],
    }
    found = sample("translate", {"items": [item]}, form="interpreter")
    assert found.answer == "Recognised language: Spanish\nTranslation: How much?\nAnswer: 420 litres."
    assert found.kind == "es-en"


def test_a_language_that_nobody_taught_is_refused() -> None:
    with pytest.raises(SettingsError, match="'xx' is none of"):
        built("translate", into=["xx"])
