"""The options that settings have on the command line. Only what was said reaches the settings."""

from collections.abc import Callable
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from schemas.errors import SettingsError

if TYPE_CHECKING:
    from flows.telemetry import Telemetry


class _PlaceOfRun(click.ParamType[Any]):
    """A folder, or an object store's address."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401, ARG002  # click's
        """Return the place."""
        from pipeline.places import place_of

        return place_of(value)


class _PlaceOfDataset(_PlaceOfRun):
    """A dataset's folder or file, or the run folder that it stands in."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401, ARG002  # click's
        """Return the place; the address of a hub's dataset stays as it was written."""
        from output.hub import is_hub_address
        from pipeline.store import dataset_in

        return value if is_hub_address(str(value)) else dataset_in(value)


PLACE = _PlaceOfRun()
DATASET = _PlaceOfDataset()

F = TypeVar("F", bound=Callable[..., Any])

# Option -> where it stands in the settings. All others have the setting's own name.
_PLACES = {
    "recipe": "recipes",
    "filter_": "filters",
    "concurrency": "llm.concurrency",
    "password": "parse.passwords",
    "judge": "judge.enabled",
    "batch": "llm.batch",
    "transcribe": "parse.transcribe",
    "partitions": "partitions.at_once",
}

_OPTIONS = (
    click.option("--out", help="The run's folder.  [default: runs/latest]"),
    click.option("--config", type=click.Path(path_type=Path), help="Settings in a YAML file."),
    click.option(
        "--recipe",
        multiple=True,
        metavar="NAME[:COUNT]",
        help="What to make; repeatable. A count is per passage; qa:20/document, qa:300/run, cot:30%.",
    ),
    click.option("--filter", "filter_", multiple=True, metavar="NAME", help="What to check; repeatable."),
    click.option("--model", metavar="PROVIDER/MODEL", help="Who answers.  [default: extractive]"),
    click.option("--base-url", metavar="URL", help="An OpenAI-compatible endpoint of your own."),
    click.option("--context", type=click.Choice(["auto", "whole", "chunk"]), help="How documents are shown."),
    click.option("--language", metavar="CODE", help="Language of the samples, as in de."),
    click.option("--question-language", metavar="CODE", help="Language of the questions alone."),
    click.option("--answer-language", metavar="CODE", help="Language of the answers alone."),
    click.option("--source-language", metavar="CODE", help="Ask only about documents in this language."),
    click.option("--format", metavar="NAME", help="The rows' format.  [default: messages]"),
    click.option("--storage", type=click.Choice(["parquet", "jsonl"]), help="The files' format."),
    click.option("--limit", type=int, help="Read at most so many documents."),
    click.option("--since", metavar="WHEN", help="Open only local files changed since: 2026-01-31, 7d, 12h."),
    click.option("--target", type=int, help="Ask until so many samples are accepted."),
    click.option("--budget", metavar="AMOUNT", help="Spend at most: 5usd, 200000tokens, 1000requests."),
    click.option("--concurrency", type=int, help="Requests at once, at most."),
    click.option("--judge/--no-judge", default=None, help="Let a model judge the samples."),
    click.option("--batch", is_flag=True, default=None, help="Use the endpoint's batch API."),
    click.option("--transcribe", is_flag=True, default=None, help="Have the model read scanned pages."),
    click.option("--partitions", type=int, help="So many at once on the workers of your Prefect server."),
    click.option("--password", multiple=True, help="For encrypted documents; repeatable."),
    click.option("--seed", type=int, help="Repeats every random choice."),
    click.option(
        "--set", "set_", multiple=True, metavar="KEY=VALUE", help="Any setting, as in llm.top_p=0.9."
    ),
)


# Where `--help` shows an option; all others say how it is run.
_SECTIONS = {
    "What is read": ("limit", "since", "source_language", "password"),
    "What is made": (
        "recipe", "filter_", "target", "context", "language", "question_language", "answer_language",
        "judge", "seed",
    ),
    "Who answers": ("model", "base_url", "budget", "concurrency", "batch", "partitions"),
    "What is written": ("out", "format", "storage"),
    "All settings": ("config", "set_"),
}  # fmt: skip
_SETTINGS = frozenset(chain.from_iterable(_SECTIONS.values())) | {"transcribe"}


class Sectioned(click.Command):
    """A command with so many options that its help needs headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options under their headings."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        told = {each.name: record for each in options if (record := each.get_help_record(ctx))}
        for title, names in _SECTIONS.items():
            if here := [told.pop(name) for name in names if name in told]:
                with formatter.section(title):
                    formatter.write_dl(here)
        with formatter.section("How it runs"):
            formatter.write_dl(list(told.values()))


def settings_options(command: F) -> F:
    """Give a command the options that settings have."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def shown(*names: str) -> Callable[[click.Command], click.Command]:
    """Let a command's `--help` show, of the options that settings have, only those that matter to it.

    It takes the others too: what one stage is told, the next ones go by.
    """

    def narrowed(command: click.Command) -> click.Command:
        told = {"out", "config", "set_", *names}
        for option in command.params:
            if isinstance(option, click.Option) and option.name in _SETTINGS:
                option.hidden = option.name not in told
        return command

    return narrowed


def said(options: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that were named on the command line, nested as settings are.

    Raises:
        SettingsError: a `--set` that is no KEY=VALUE.
    """
    result: dict[str, Any] = {}
    for name, value in options.items():
        if name not in ("config", "set_") and value is not None and value != ():
            _put(result, _PLACES.get(name, name), list(value) if isinstance(value, tuple) else value)
    for assignment in options.get("set_", ()):
        key, equals, value = assignment.partition("=")
        if not equals:
            raise SettingsError("", f"--set wants KEY=VALUE, as in --set llm.top_p=0.9 (got {assignment!r})")
        _put(result, key.strip(), _yaml_value(value))
    return result


def _put(result: dict[str, Any], key: str, value: object) -> None:
    *sections, last = key.split(".")
    for section in sections:
        result = result.setdefault(section, {})
    result[last] = value


def _yaml_value(text: str) -> object:
    import yaml

    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


_TELEMETRY = (
    click.option(
        "--log-format",
        type=click.Choice(["text", "json"]),
        default="text",
        envvar="TUNESMITH_LOG_FORMAT",
        help="json: an event a line on standard error.",
    ),
    click.option(
        "--metrics-port",
        type=click.IntRange(0, 65535),
        metavar="PORT",
        envvar="TUNESMITH_METRICS_PORT",
        help="Serve Prometheus at /metrics while a run lasts.",
    ),
    click.option(
        "--metrics-host",
        metavar="HOST",
        envvar="TUNESMITH_METRICS_HOST",
        help="Where it listens.  [default: 127.0.0.1]",
    ),
)


def telemetry_options(command: F) -> F:
    """Give a command the options of what its runs tell machines."""
    for option in reversed(_TELEMETRY):
        command = option(command)
    return command


def telemetry(options: dict[str, Any]) -> "Telemetry":
    """Take the options of `telemetry_options` out of `options`, and return what they say."""
    from flows.metrics import HOST
    from flows.telemetry import Telemetry

    form, port, host = (options.pop(name) for name in ("log_format", "metrics_port", "metrics_host"))
    return Telemetry(form == "json", port, host or HOST)
