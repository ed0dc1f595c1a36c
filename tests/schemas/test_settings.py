import pytest

from schemas.errors import SettingsError
from schemas.settings import BudgetSettings, Choice, Settings, load_settings


def test_defaults_need_nothing() -> None:
    assert load_settings() == Settings()


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"recepies": ["qa"]}, "setting 'recepies': there is no such setting; did you mean 'recipes'?"),
        ({"llm": {"concurency": 3}}, "did you mean 'concurrency'?"),
        (
            {"llm": {"concurrency": 0}},
            "setting 'llm.concurrency': Input should be greater than or equal to 1",
        ),
        ({"recipes": ["qa:x"]}, "setting 'recipes.0.count'"),
        ({"split": {"train": 1.0, "test": 0.5}}, "must add up to 1"),
        ({"budget": "5 eur"}, "must look like 5, 5usd"),
        ({"base_url": "https://me:secret@host/v1"}, "keys come from the environment"),
        ({"context": "half"}, "'auto', 'whole' or 'chunk'"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_the_way_out(
    values: dict[str, object], message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(values)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_misspelt_key_is_told_before_what_is_missing_for_its_sake() -> None:
    with pytest.raises(SettingsError, match="did you mean 'base_url'"):
        load_settings({"llm": {"endpoints": [{"base_ulr": "http://localhost/v1"}]}})


def test_an_address_with_a_key_in_it_is_refused_without_repeating_it() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"base_url": "https://me:secret@host/v1"})
    assert "secret" not in str(caught.value)


def test_recipes_can_be_written_in_four_ways() -> None:
    settings = load_settings({"recipes": ["qa", "qa:5", {"cot": 2}, {"qa": {"count": 3, "style": "short"}}]})
    assert settings.recipes == (
        Choice(name="qa"),
        Choice(name="qa", count=5),
        Choice(name="cot", count=2),
        Choice(name="qa", count=3, options={"style": "short"}),
    )


@pytest.mark.parametrize(
    ("written", "budget"),
    [
        ("5", BudgetSettings(usd=5)),
        ("$2.50", BudgetSettings(usd=2.5)),
        (7, BudgetSettings(usd=7)),
        ("200000 tokens", BudgetSettings(tokens=200_000)),
        ("1_000requests", BudgetSettings(requests=1000)),
        ({"usd": 1, "tokens": 5}, BudgetSettings(usd=1, tokens=5)),
    ],
)
def test_a_budget_is_written_as_people_do(written: object, budget: BudgetSettings) -> None:
    assert load_settings({"budget": written}).budget == budget


def test_later_layers_win_key_by_key() -> None:
    settings = load_settings({"llm": {"concurrency": 4, "top_p": 0.5}}, {"llm": {"concurrency": 8}})
    assert (settings.llm.concurrency, settings.llm.top_p) == (8, 0.5)


def test_what_is_written_down_can_be_read_again_and_holds_no_password() -> None:
    settings = load_settings({"recipes": ["qa:2"], "parse": {"passwords": ["geheim"], "comments": True}})
    written = settings.model_dump_json()
    assert "geheim" not in written
    assert "geheim" not in repr(settings)
    assert load_settings(settings.model_dump(mode="json")).recipes == settings.recipes


def test_a_model_is_its_provider_and_the_endpoints_own_name() -> None:
    settings = load_settings({"model": "together/meta-llama/Llama-4-Scout"})
    assert (settings.provider, settings.model_name) == ("together", "meta-llama/Llama-4-Scout")
