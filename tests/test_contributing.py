"""The plug-ins that CONTRIBUTING.md shows in full work as they stand there."""

import re
from pathlib import Path

import pytest

from schemas import registry
from schemas.contracts import FilterSetup, FormatSetup, ParseOptions, RecipeSetup
from schemas.documents import Source
from schemas.requests import Message, Sampling
from schemas.samples import Origin, Sample
from schemas.settings import OutputSettings

TEXT = (Path(__file__).parent.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"`(\w+/[\w/]+\.py)`:\n\n```python\n(.*?)```", TEXT, re.S))
SAMPLE = Sample(
    "qa",
    "fact",
    (Message("user", "How many vessels are there?"), Message("assistant", "THERE ARE FOUR VESSELS IN ALL.")),
    Origin("r", "m", ()),
)


@pytest.fixture(autouse=True)
def _loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (registry.parsers, registry.recipes, registry.filters, registry.formats, registry.providers):
        kind.names()
        monkeypatch.setattr(kind, "_items", dict(kind._items))
    for path, code in SHOWN.items():
        exec(compile(code, path, "exec"), {"__name__": path})


def test_each_kind_of_plug_in_is_shown() -> None:
    assert {path.split("/")[-2] for path in SHOWN} == {"parsers", "recipes", "filters", "formats", "llms"}


def test_the_parser_reads() -> None:
    source = Source("a.ini", "text/x-ini", "0", 1, "a")
    document = registry.parsers.get("ini").parse(b"[ship]\nname = Petrel\n", source, ParseOptions())
    assert document.text == "ship\n\nname: Petrel"


def test_the_recipe_asks(tmp_path: Path) -> None:
    entry = registry.recipes.get("glossary")
    recipe = entry.build(RecipeSetup(2, Sampling("m"), entry.options()))
    assert list(recipe.requests([])) == []


def test_the_filter_judges() -> None:
    entry = registry.filters.get("shouting")
    shouting = entry.build(FilterSetup(entry.options()))
    assert hasattr(shouting, "judge")
    assert shouting.judge(SAMPLE, ()).reason == "answer_shouts"


def test_the_format_makes_a_row() -> None:
    entry = registry.formats.get("pairs")
    assert entry.misfit(SAMPLE) is None
    made = entry.build(FormatSetup(OutputSettings()))
    assert set(made.row(SAMPLE)) == set(made.arrow_schema().names)


def test_the_provider_is_known() -> None:
    assert registry.providers.get("example").key_variable == "EXAMPLE_API_KEY"
