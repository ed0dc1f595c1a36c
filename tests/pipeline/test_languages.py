"""Which languages may be asked for, and which one a text is found to be in."""

from dataclasses import replace

import pytest

from pipeline.languages import identified, language_of, with_language
from schemas.contracts import Filter, FilterSetup
from schemas.errors import SettingsError
from schemas.languages import Spoken
from schemas.mix import refusal
from schemas.registry import filters
from schemas.requests import Message
from schemas.samples import Origin, Sample
from schemas.settings import load_settings
from tests.flows.in_languages import HANDBOOKS
from tests.pipeline.written import whole, written

GERMAN = "Die Pumpe in Halle neun fördert in jeder Minute vierhundertzwanzig Liter Wasser."
FRENCH = "La pompe du hall neuf débite quatre cent vingt litres d'eau par minute."
ENGLISH = "The pump in hall nine moves four hundred and twenty litres of water a minute."


@pytest.mark.parametrize("said", ["de", "DE", "German", "german ", "de-AT", "de_CH"])
def test_a_language_is_named_by_its_code_or_its_name(said: str) -> None:
    settings = load_settings({"language": said, "recipes": [{"qa": {"count": 2, "language": said}}]})
    assert (settings.language, settings.recipes[0].language) == ("de", "de")
    assert settings.recipes[0].options == {}


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"language": "ru"}, "language"),
        ({"question_language": "Klingon"}, "question_language"),
        ({"answer_language": ""}, "answer_language"),
        ({"source_language": "ja"}, "source_language"),
        ({"recipes": ["cot", {"qa": {"answer_language": "nl"}}]}, "recipes.1.answer_language"),
    ],
)
def test_a_language_beyond_the_twelve_is_refused_with_those_there_are(
    settings: dict[str, object], key: str
) -> None:
    with pytest.raises(SettingsError, match=r"none of ar \(Arabic\), .*, vi \(Vietnamese\)") as found:
        load_settings(settings)
    assert key in str(found.value)
    assert "\n" not in str(found.value)


def test_a_recipes_own_languages_go_before_those_of_the_run() -> None:
    settings = load_settings(
        {
            "language": "de",
            "answer_language": "fr",
            "source_language": "hi",
            "recipes": [
                "qa",
                {"qa": {"language": "th"}},
                {"qa": {"question_language": "ar", "source_language": "en"}},
            ],
        }
    )
    assert [choice.spoken(settings.spoken) for choice in settings.recipes] == [
        Spoken("de", "fr", "hi"),
        Spoken("th", "th", "hi"),
        Spoken("ar", "fr", "en"),
    ]


@pytest.mark.parametrize(
    ("settings", "language", "reason"),
    [
        ({}, "ru", "unsupported_language"),
        ({}, "hi", ""),
        ({}, None, ""),
        ({"language": "de"}, "ru", ""),
        ({"question_language": "de"}, "ru", "unsupported_language"),
        ({"source_language": "hi"}, "de", "other_source_language"),
        ({"source_language": "hi"}, None, ""),
        ({"recipes": ["qa", {"cot": {"language": "en"}}]}, "ru", ""),
        ({"recipes": ["qa", {"cot": {"source_language": "en"}}]}, "ru", "unsupported_language"),
    ],
)
def test_documents_are_refused_for_their_language_where_no_recipe_can_use_them(
    settings: dict[str, object], language: str | None, reason: str
) -> None:
    assert refusal(load_settings(settings), language) == reason


@pytest.mark.parametrize("language", HANDBOOKS)
def test_a_document_is_found_to_be_in_its_language_whatever_it_says_of_itself(language: str) -> None:
    text = HANDBOOKS[language].partition("\n")[2].strip()
    stated = replace(written(text), language="en-US")
    assert with_language(stated).language == language


@pytest.mark.parametrize(
    ("blocks", "stated", "language"),
    [
        (("Water.",), "en-GB", "en"),
        (("Water.",), "German", "de"),
        (("Water.",), "klingonisch!", None),
        (("| 1 | 2 |\n| 3 | 4 |",), "", None),
        (("1 22 333 4,444 55.5 " * 40,), "", None),
        ((GERMAN * 8, ENGLISH * 8), "de", None),
    ],
)
def test_what_tells_no_language_keeps_the_stated_one_and_two_languages_are_none(
    blocks: tuple[str, ...], stated: str, language: str | None
) -> None:
    assert with_language(written(*blocks, language=stated)).language == language


def test_passages_of_a_document_in_two_languages_are_identified_each_by_itself() -> None:
    found = [language_of(whole(replace(written(text), language=None))) for text in (GERMAN, FRENCH, "42")]
    assert found == ["de", "fr", None]


def test_a_text_in_none_of_the_twelve_is_called_by_its_own_language() -> None:
    assert identified(HANDBOOKS["ru"]).code == "ru"


def rule(spoken: Spoken, **by_recipe: Spoken) -> Filter:
    entry = filters.get("language")
    built = entry.build(FilterSetup(entry.options(), spoken=spoken, spoken_by=by_recipe))
    assert isinstance(built, Filter)
    return built


def sample_of(question: str, answer: str, recipe: str = "qa", reasoning: str | None = None) -> Sample:
    turns = (Message("user", question), Message("assistant", answer))
    return Sample(recipe, "fact", turns, Origin("r", "m", ()), reasoning=reasoning)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (f"{GERMAN} Sie steht in der Halle neun und läuft Tag und Nacht.", ""),
        (f"{GERMAN} {ENGLISH}", "mixes_languages"),
        (f"{GERMAN} Auf dem Schild steht “{ENGLISH}”", ""),
        (f"{GERMAN} 每分钟 420 Liter.", "mixes_languages"),
        (ENGLISH, "wrong_language"),
        (HANDBOOKS["ru"], "wrong_language"),
        ("420 l/min", ""),
    ],
)
def test_an_answer_that_mixes_languages_is_dropped(answer: str, reason: str) -> None:
    assert rule(Spoken("de", "de")).judge(sample_of("Was leistet die Pumpe?", answer), ()).reason == reason


NAME = "Bundesanstalt für Materialforschung und -prüfung"


@pytest.mark.parametrize(
    ("answer", "keep"),
    [
        (NAME, True),
        (f"The pump in hall nine was tested in the spring of that year.\n- {NAME}", True),
        (f"The pump in hall nine was tested in the spring of that year. {GERMAN}", False),
        (GERMAN, False),
    ],
)
def test_a_name_that_the_source_gives_is_no_other_language(answer: str, keep: bool) -> None:
    text = f"{ENGLISH} It was tested in the spring of that year by the {NAME}, and bought a year later."
    sample = sample_of("Who tested the pump in hall nine in the spring of that year?", answer)
    assert rule(Spoken()).judge(sample, (whole(written(text)),)).keep is keep


def test_reasoning_is_held_to_the_language_of_the_answer() -> None:
    sample = sample_of("Was leistet die Pumpe?", "420 Liter", reasoning=ENGLISH)
    assert rule(Spoken("de", "de")).judge(sample, ()).reason == "wrong_language"


def test_each_recipe_is_held_to_its_own_languages() -> None:
    judge = rule(Spoken("de", "de"), cot=Spoken("en", "fr")).judge
    assert judge(sample_of(ENGLISH, FRENCH, "cot"), ()).keep
    assert not judge(sample_of(ENGLISH, FRENCH, "qa"), ()).keep


def test_every_turn_of_a_conversation_is_held_to_its_language() -> None:
    said = (("user", GERMAN), ("assistant", GERMAN), ("user", ENGLISH), ("assistant", GERMAN))
    turns = tuple(Message(role, text) for role, text in said)  # type: ignore[arg-type]
    sample = Sample("conversation", "", turns, Origin("r", "m", ()))
    assert rule(Spoken("de", "de")).judge(sample, ()).reason == "wrong_language"
