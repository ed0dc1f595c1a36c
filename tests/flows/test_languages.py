"""Documents in one language, samples in others: whole builds in four scripts, one mix for all of them."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from pipeline.languages import sure_language
from schemas.samples import Sample
from tests.endpoint.start import Started, start_endpoint
from tests.flows.in_languages import HANDBOOKS

pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Started]:
    with start_endpoint() as started:
        yield started


def built(
    endpoint: Started, folder: Path, languages: tuple[str, ...], *recipes: Any, **settings: Any
) -> Result:
    docs = folder / "docs"
    docs.mkdir()
    for language in languages:
        (docs / f"{language}.md").write_text(HANDBOOKS[language], encoding="utf-8")
    return build(
        [docs],
        out=str(folder / "run"),
        direct=True,
        **endpoint.settings,
        recipes=list(recipes),
        **settings,
    )


def kept(result: Result) -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for selected in result.samples():
        found.setdefault(selected.judged.sample.recipe, []).append(selected.judged.sample)
    return found


def languages(samples: list[Sample]) -> set[tuple[str | None, str | None]]:
    return {(sure_language(sample.question), sure_language(sample.answer)) for sample in samples}


def test_each_recipe_asks_and_answers_in_its_own_languages_about_documents_in_its_own(
    endpoint: Started, tmp_path: Path
) -> None:
    result = built(
        endpoint,
        tmp_path,
        ("ar", "en", "hi", "th", "ru"),
        {"qa": {"count": 3, "source_language": "ar", "question_language": "German"}},
        {"qa": {"count": 3, "source_language": "hi", "language": "en"}},
        {"cot": {"count": 4, "source_language": "th", "question_language": "fr"}},
        {"summary": {"source_language": "en", "language": "th"}},
        {"conversation": {"source_language": "en", "language": "hi"}},
    )
    found = kept(result)
    assert {label: languages(samples) for label, samples in found.items()} == {
        "qa": {("de", "ar")},
        "qa-2": {("en", "en")},
        "cot": {("fr", "th")},
        "summary": {("th", "th")},
        "conversation": {("hi", "hi")},
    }
    assert {label: {sample.language for sample in samples} for label, samples in found.items()} == {
        "qa": {"ar"}, "qa-2": {"en"}, "cot": {"th"}, "summary": {"th"}, "conversation": {"hi"},
    }  # fmt: skip
    assert result.ledger["sources"].dropped == {"other_source_language": 1}


def test_samples_are_in_the_language_of_their_document_where_none_is_asked_for(
    endpoint: Started, tmp_path: Path
) -> None:
    found = kept(built(endpoint, tmp_path, ("ar", "hi", "th"), "qa:3"))
    assert languages(found["qa"]) == {("ar", "ar"), ("hi", "hi"), ("th", "th")}


def test_an_interpreter_says_what_it_heard_translates_and_answers(endpoint: Started, tmp_path: Path) -> None:
    options = {"form": "interpreter", "asked_in": ["hi", "th"], "into": ["ar", "en"]}
    found = kept(built(endpoint, tmp_path, ("en",), {"translate": {"count": 3, **options}}))
    kinds = Counter(sample.kind for sample in found["translate"])
    assert set(kinds) == {"hi-ar", "hi-en", "th-ar", "th-en"}
    for sample in found["translate"]:
        heard, translation, answer = sample.answer.splitlines()
        asked, told = sample.kind.split("-")
        assert heard == f"Recognised language: {'Hindi' if asked == 'hi' else 'Thai'}"
        assert sure_language(sample.question) == asked
        assert sure_language(f"{translation} {answer}") == told


def test_documents_in_other_languages_than_the_one_asked_for_end_in_the_ledger(
    endpoint: Started, tmp_path: Path
) -> None:
    result = built(endpoint, tmp_path, ("en", "hi", "ru"), "qa:2", source_language="hi")
    assert {sample.language for sample in kept(result)["qa"]} == {"hi"}
    assert result.ledger["sources"].dropped == {"other_source_language": 2}


def test_a_document_in_an_unsupported_language_may_be_asked_about_in_another(
    endpoint: Started, tmp_path: Path
) -> None:
    result = built(endpoint, tmp_path, ("ru",), "qa:2", language="de")
    assert languages(kept(result)["qa"]) == {("de", "de")}
    assert result.ledger["sources"].dropped == {}


def test_a_document_in_an_unsupported_language_ends_in_the_ledger(endpoint: Started, tmp_path: Path) -> None:
    result = built(endpoint, tmp_path, ("en", "ru"), "qa:2")
    assert {sample.language for sample in kept(result)["qa"]} == {"en"}
    assert result.ledger["sources"].dropped == {"unsupported_language": 1}
