"""Runs that start by themselves, and people who have the last word: `deploy`, `serve`, `watch`, `approve`."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from flows.cli.options import Sectioned, said, settings_options, telemetry, telemetry_options

if TYPE_CHECKING:
    from flows.deploying import Order

F = TypeVar("F", bound=Callable[..., Any])

_TIMES = (
    click.option("--name", help="The deployment's name.  [default: the run folder's]"),
    click.option("--cron", metavar="LINE", help="When, as in '0 2 * * *'."),
    click.option("--interval", metavar="TIME", help="How often, as in 6h."),
    click.option("--review", is_flag=True, help="Ask a person before the dataset is published."),
    click.option("--timezone", default="UTC", metavar="ZONE", help="As in Europe/Berlin.  [default: UTC]"),
)


def _times(command: F) -> F:
    for option in reversed(_TIMES):
        command = option(command)
    return settings_options(command)


@click.command("deploy", cls=Sectioned)
@click.argument("sources", nargs=-1)
@_times
@click.option("--work-pool", help="Whose workers run it.  [default: tunesmith, made as a process pool]")
@click.option("--image", help="The image to run, for pools of containers.")
@click.option("--secret", multiple=True, metavar="VAR=BLOCK", help="A key from a Prefect secret block.")
@telemetry_options
def deploy_command(
    name: str | None, work_pool: str | None, image: str | None, secret: tuple[str, ...], **options: Any
) -> None:
    """Schedule the build of SOURCES on the Prefect server that is set, for its workers to run."""
    from dataclasses import replace

    from flows.deploying import deploy

    tells = telemetry(options).as_environment()
    order = replace(_order(name, options), image=image, secrets=_secrets(secret), environment=tells)
    if work_pool:
        order = replace(order, pool=work_pool)
    click.echo(deploy(order).as_text())


@click.command("serve", cls=Sectioned)
@click.argument("sources", nargs=-1)
@_times
@click.option(
    "--health-port",
    type=click.IntRange(1, 65535),
    metavar="PORT",
    default=8080,
    show_default=True,
    help="Where /health answers.",
)
@telemetry_options
def serve_command(name: str | None, health_port: int, **options: Any) -> None:
    """Wait for scheduled builds of SOURCES, and run them here, one after the other."""
    from flows.serving import serve

    tells = telemetry(options)
    serve(_order(name, options), health_port=health_port, telemetry=tells)


@click.command("watch", cls=Sectioned)
@click.argument("sources", nargs=-1)
@settings_options
@click.option("--direct", is_flag=True, help="Run as plain functions, without Prefect.")
@click.option("--quiet", "-q", is_flag=True, help="No progress, and no summary.")
@telemetry_options
def watch_command(config: Path | None, direct: bool, quiet: bool, **options: Any) -> None:
    """Build from SOURCES, local files and folders, now and again whenever they change."""
    from flows.api import Result
    from flows.configuring import configure
    from flows.summary import result_text
    from flows.watching import watch

    def told(end: object) -> None:
        if not isinstance(end, Result):
            click.echo(f"error: {end}", err=True)
        elif not quiet:
            click.echo(result_text(end))

    tells = telemetry(options)
    watch(configure(said(options), config), told, direct=direct, quiet=quiet, telemetry=tells)


@click.command("approve")
@click.argument("run")
@click.option("--reject", is_flag=True, help="Refuse instead: the dataset is not published.")
@click.option("--comment", default="", help="Why, for whoever reads the run.")
def approve_command(run: str, reject: bool, comment: str) -> None:
    """Answer RUN, a run folder or the id of a flow run, that waits with its dataset (build --review)."""
    from flows.ticket import find_ticket, give_answer

    give_answer(find_ticket(run), approve=not reject, comment=comment)
    click.echo("refused" if reject else "approved")


def _order(name: str | None, options: dict[str, Any]) -> "Order":
    from flows.configuring import configure
    from flows.deploying import Order
    from flows.timetable import Timetable

    timetable = Timetable(options.pop("cron"), options.pop("interval"), options.pop("timezone"))
    review = bool(options.pop("review"))
    config: Path | None = options.pop("config")
    settings = configure(said(options), config)
    return Order(Path(settings.out).name if name is None else name, settings, timetable, review)


def _secrets(pairs: tuple[str, ...]) -> dict[str, str]:
    from schemas.errors import SettingsError

    for pair in pairs:
        if not all(pair.partition("=")):
            raise SettingsError("", f"--secret wants VARIABLE=BLOCK (got {pair!r})")
    return {pair.partition("=")[0]: pair.partition("=")[2] for pair in pairs}
