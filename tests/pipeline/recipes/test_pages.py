"""The recipes' pages say what is so."""

import pytest

from schemas.registry import recipes
from tests.pipeline.recipes.pages import PAGES, SHOWN, page_with, sample_shown


@pytest.mark.parametrize("name", SHOWN)
def test_a_page_shows_the_row_that_its_recipe_makes(name: str) -> None:
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert page == page_with(name, sample_shown(name)), "run python -m tests.pipeline.recipes.pages"
    for document in SHOWN[name].documents:
        assert document.text in page


@pytest.mark.parametrize("name", recipes.names())
def test_a_page_names_the_formats_options_count_and_filters_of_its_recipe(name: str) -> None:
    entry, page = recipes.get(name), (PAGES / f"{name}.md").read_text(encoding="utf-8")
    assert f"# {name}: {entry.summary}\n" in page
    assert f"- export formats: {', '.join(entry.formats)}\n" in page
    per = {"figure": "picture", "cross_document": "document"}.get(name, "passage")
    assert f"asked for per {per}: {entry.default_count}\n" in page
    for option in (*entry.options.model_fields, *entry.filters):
        assert f"`{option}`" in page
