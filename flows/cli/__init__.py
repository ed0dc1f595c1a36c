"""The command line: one function per command, no logic in it.

Results go to standard output, progress and logs to standard error. Commands are imported when they are run,
so that `--help` is instant.
"""

import json
import os
import sys
from difflib import get_close_matches
from importlib import import_module
from typing import NoReturn

import click
from click.exceptions import NoArgsIsHelpError

from schemas.errors import Interrupted, TunesmithError

# Where each command lives, and what `--help` says of it, in the order of a first day's use.
_SECTIONS = {
    "Make a dataset": {
        "build": ("build", "Make a dataset from documents: all stages in one."),
        "init": ("setup", "Write a commented tunesmith.yaml."),
        "doctor": ("setup", "Check the endpoint, the key and the model."),
        "list": ("setup", "List parsers, recipes, filters, formats or providers."),
    },
    "One stage at a time": {
        "parse": ("stages", "Read sources into a run folder."),
        "generate": ("stages", "Make candidate samples from parsed documents."),
        "curate": ("stages", "Judge candidate samples."),
        "export": ("stages", "Write the dataset from judged samples."),
    },
    "Look at runs": {
        "runs": ("runs", "List, show, compare and prune runs."),
        "rows": ("rows", "Show rows with their places, quotes and verdicts."),
        "review": ("rows", "Keep, reject or edit single rows, for this and later builds."),
        "report": ("runs", "Write report.html anew."),
        "diff": ("runs", "Explain what changed between two datasets."),
        "sql": ("datasets", "Ask a run's tables in SQL."),
        "calibrate": ("runs", "Measure what filters and judge are worth."),
        "replies": ("runs", "List, size and prune the journal of replies."),
    },
    "Build again and again": {
        "watch": ("schedule", "Build whenever files change."),
        "serve": ("schedule", "Wait for scheduled builds, and run them here."),
        "deploy": ("schedule", "Schedule builds on a Prefect server, for its workers."),
        "approve": ("schedule", "Answer a run that waits before it publishes (build --review)."),
    },
    "Datasets that are there": {
        "check": ("datasets", "Tell what a trainer would meet in a dataset."),
        "convert": ("datasets", "Write a dataset anew in another format."),
        "import": ("datasets", "Read a dataset of another tool into a run folder."),
        "push": ("datasets", "Send a dataset to the Hugging Face hub or an object store."),
    },
}
_MODULES = {name: module for section in _SECTIONS.values() for name, (module, _) in section.items()}
_START = """\
Start with: tunesmith build docs/   (the same command again goes on where it stopped)

Exit codes: 0 done, 1 check found what a trainer would choke on, 2 the command or its settings,
3 the endpoint, 4 the run folder, 5 nothing was left to write, 6 Prefect's server, 7 sources failed,
8 refused by a person, 9 a partition, 124 out of time, 130 stopped.

Completion: eval "$(_TUNESMITH_COMPLETE=bash_source tunesmith)", or zsh_source, or fish_source.
"""


class LazyGroup(click.Group):
    """A group that imports a command only to run it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        """Return the commands in the order of a first day's use."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # click's
        """Return a command, imported."""
        if cmd_name not in _MODULES:
            return None
        module = import_module(f"flows.cli.{_MODULES[cmd_name]}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002  # click's
        """Write the commands without importing them."""
        for title, section in _SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<9}", help_) for name, (_, help_) in section.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with; an unknown one is told with the nearest right one."""
        if args and not args[0].startswith("-") and args[0] not in _MODULES:
            near = get_close_matches(args[0], _MODULES, n=1)
            hint = f"; did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"there is no command '{args[0]}'{hint}", ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=LazyGroup, epilog=_START, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="tunesmith")
def cli() -> None:
    """Turn a pile of documents into a fine-tuning dataset that people trust."""


def main() -> None:
    """Run the command line. Errors that a user can meet are one line, and the exit code says which.

    A program that asked for JSON is told of an error in JSON too, on standard output.
    """
    try:
        _leave(cli(prog_name="tunesmith", standalone_mode=False) or 0)
    except click.ClickException as error:
        if isinstance(error, NoArgsIsHelpError):
            click.echo(error.format_message(), err=True)
            _leave(error.exit_code)
        context = getattr(error, "ctx", None)
        way_out = f" (see: {context.command_path} --help)" if context else ""
        click.echo(f"error: {error.format_message()}{way_out}", err=True)
        _end(error, error.format_message(), error.exit_code)
    except Interrupted as error:
        click.echo(str(error), err=True)
        _end(error, str(error), error.exit_code)
    except TunesmithError as error:
        click.echo(f"error: {error}", err=True)
        _end(error, str(error), error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        click.echo(str(Interrupted()), err=True)
        _end(Interrupted(), str(Interrupted()), Interrupted.exit_code)


def _end(error: Exception, message: str, exit_code: int) -> NoReturn:
    if "--json" in sys.argv[1:]:
        click.echo(json.dumps({"error": message, "kind": type(error).__name__, "exit_code": exit_code}))
    _leave(exit_code)


def _leave(exit_code: int) -> NoReturn:
    """End the process, at once where Prefect would wait for a server that went away."""
    launch = sys.modules.get("flows.launch")
    if launch is not None and launch.LOST.is_set():
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
    sys.exit(exit_code)
