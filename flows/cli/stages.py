"""The stages alone: `tunesmith parse`, `generate`, `curate` and `export`."""

from pathlib import Path
from typing import Any

import click

from flows.cli.options import F, Sectioned, said, settings_options, shown


def _run_stage(stage: str, config: Path | None, direct: bool, quiet: bool, options: dict[str, Any]) -> None:
    from flows.api import run_stage
    from flows.configuring import configure

    report = run_stage(stage, configure(said(options), config), direct=direct, quiet=quiet)
    if not quiet:
        click.echo(report)


def _stage_options(command: F) -> F:
    """Give a stage its options: the settings', and how it is run."""
    command = click.option("--quiet", "-q", is_flag=True, help="No progress, and no summary.")(command)
    command = click.option("--direct", is_flag=True, help="Run as plain functions, without Prefect.")(command)
    return settings_options(command)


@shown("limit", "since", "password", "transcribe", "model", "base_url", "concurrency")
@click.command("parse", cls=Sectioned)
@click.argument("sources", nargs=-1)
@_stage_options
def parse_command(config: Path | None, direct: bool, quiet: bool, **options: Any) -> None:
    """Read SOURCES into the run folder; what is there already is not read again."""
    _run_stage("parse", config, direct, quiet, options)


@shown(
    "source_language", "recipe", "context", "language", "question_language", "answer_language", "seed",
    "model", "base_url", "budget", "concurrency", "batch",
)  # fmt: skip
@click.command("generate", cls=Sectioned)
@_stage_options
def generate_command(config: Path | None, direct: bool, quiet: bool, **options: Any) -> None:
    """Make candidate samples from the run folder's documents."""
    _run_stage("generate", config, direct, quiet, options)


@shown("filter_", "judge", "model", "base_url", "budget", "concurrency", "batch")
@click.command("curate", cls=Sectioned)
@_stage_options
def curate_command(config: Path | None, direct: bool, quiet: bool, **options: Any) -> None:
    """Judge the run folder's candidate samples; a changed filter costs no request that was paid before."""
    _run_stage("curate", config, direct, quiet, options)


@shown("target", "format", "storage")
@click.command("export", cls=Sectioned)
@_stage_options
def export_command(config: Path | None, direct: bool, quiet: bool, **options: Any) -> None:
    """Write the dataset from the run folder's judged samples."""
    _run_stage("export", config, direct, quiet, options)
