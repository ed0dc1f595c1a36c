"""Every command that the documentation shows can be copied, comment and all, and is one."""

import re
import shlex
from pathlib import Path

import click
import pytest

from flows.api import check
from flows.cli import cli
from flows.cli.options import said
from schemas.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
PAGES += sorted((ROOT / "docs" / "recipes").glob("*.md"))
_SETTINGS = Settings.model_fields.keys() | {"recipe", "filter_", "concurrency", "judge", "batch", "set_"}


def shown() -> list[str]:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES).replace("\\\n", " ")
    return sorted(set(re.findall(r"^(?: {4})?(?:\.venv/bin/)?(tunesmith .*)$", text, re.M)))


def parsed(line: str) -> click.Context:
    """Return a command line as a shell and the program would understand it, without running it."""
    words = shlex.split(line, comments=True)[1:]
    words = words[: words.index(">")] if ">" in words else words
    context = cli.make_context("tunesmith", words, resilient_parsing=False)
    arguments = [*context._protected_args, *context.args]
    command: click.Command = cli
    while isinstance(command, click.Group):
        name, found, arguments = command.resolve_command(context, arguments)
        assert found is not None
        command = found
        context = command.make_context(name, arguments, parent=context)
        arguments = [*context._protected_args, *context.args]
    return context


def test_the_documentation_shows_commands() -> None:
    assert len(shown()) > 30


@pytest.mark.parametrize("line", shown())
def test_a_command_that_is_shown_is_one(line: str) -> None:
    context = parsed(line)
    options = {name: value for name, value in context.params.items() if name in _SETTINGS and value}
    if "recipe" in options and not context.params.get("config"):
        check(load_settings(said({"sources": ("docs/",), "model": "openai/gpt-4.1-mini"} | options)))
