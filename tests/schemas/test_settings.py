import pytest

from schemas.choices import RecipeChoice
from schemas.errors import SettingsError
from schemas.mix import Quota, quotas, rest_of
from schemas.settings import BudgetSettings, Settings, load_settings


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
        RecipeChoice(name="qa"),
        RecipeChoice(name="qa", count=5),
        RecipeChoice(name="cot", count=2),
        RecipeChoice(name="qa", count=3, options={"style": "short"}),
    )


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("qa:20/document", RecipeChoice(name="qa", count=20, per="document")),
        ({"qa": {"count": 20, "per": "document"}}, RecipeChoice(name="qa", count=20, per="document")),
        ({"qa": "300/run"}, RecipeChoice(name="qa", count=300, per="run")),
        ({"name": "qa", "count": "300/run"}, RecipeChoice(name="qa", count=300, per="run")),
    ],
)
def test_a_recipes_count_is_per_passage_document_or_run(written: object, read: RecipeChoice) -> None:
    assert load_settings({"recipes": [written]}).recipes == (read,)


def test_shares_of_a_target_are_counts_that_add_up_to_it() -> None:
    settings = load_settings(
        {"recipes": ["qa:33.4%", {"cot": "33.3%"}, {"summary": {"count": "33.3%"}}], "target": 100}
    )
    assert {label: quota.count for label, quota in quotas(settings).items()} == {
        "qa": 34,
        "cot": 33,
        "summary": 33,
    }


def test_what_shares_leave_of_a_target_is_for_the_others() -> None:
    settings = load_settings({"recipes": ["qa:4", "cot:30%", "summary:20/run"], "target": 200})
    assert quotas(settings) == {"cot": Quota(60, "run"), "summary": Quota(20, "run")}
    assert rest_of(settings) == 120


@pytest.mark.parametrize(
    ("recipes", "target", "message"),
    [
        (["qa:30%"], None, "set target, or give counts per run"),
        (["qa:70%", "cot:40%"], 100, "the shares add up to 110%"),
        (["qa:300/run"], 100, "the recipes' counts add up to 300, the target is 100"),
        (["qa:30%", "cot:30%"], 100, "the recipes' counts add up to 60, the target is 100"),
        (["qa:100/run", "cot"], 100, "the others would give nothing"),
        (["qa:20/document"], 100, "cannot both be exact"),
        (["qa:x%"], 100, "setting 'recipes.0.share'"),
        (["qa:5/page"], None, "'passage', 'document' or 'run'"),
        ([{"qa": {"per": "run"}}], None, "how many per run? give a count"),
    ],
)
def test_numbers_that_cannot_be_honoured_together_are_refused_in_one_line(
    recipes: list[object], target: int | None, message: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"recipes": recipes, "target": target})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


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


def test_every_setting_says_what_it_is_where_a_form_is_made_of_the_settings() -> None:
    schema = Settings.model_json_schema()
    sections = {"Settings": schema} | schema["$defs"]
    told = {
        f"{name}.{key}": field.get("description") or field.get("$ref")
        for name, section in sections.items()
        for key, field in section.get("properties", {}).items()
    }
    assert [name for name, text in told.items() if not text] == []
    assert "ParseSettings.passwords" not in told


@pytest.mark.parametrize(
    "short",
    [{"recipes": ["qa:3", {"cot": 2}]}, {"filters": ["length"]}, {"budget": "5usd"}, {"partitions": 2}],
)
def test_what_settings_may_say_in_short_is_in_their_schema_too(short: dict[str, object]) -> None:
    from jsonschema import ValidationError, validate

    schema = Settings.model_json_schema()
    validate(short, schema)
    load_settings(short)
    for wrong in ({"recipes": [{"name": "qa", "cout": 3}]}, {"budget": {"usd": -1}}):
        with pytest.raises(ValidationError):
            validate(wrong, schema)
