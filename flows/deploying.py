"""Deployments: the build flow with its settings and a timetable, for workers or for `serve`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.api import check
from flows.launch import prepare_prefect
from flows.loops import run_to_end
from flows.standing import standing_server
from flows.timetable import Timetable
from parsers.sources.finding import expect
from schemas.errors import SettingsError, SourceNotFound
from schemas.settings import Settings

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.deployments.runner import RunnerDeployment

DEFAULT_POOL = "tunesmith"
TAGS = ("tunesmith",)


@dataclass(frozen=True, slots=True)
class Order:
    """What to deploy. `secrets` maps environment variables to Prefect's secret blocks that hold them;
    `environment` has other variables of the processes that make the runs."""

    name: str
    settings: Settings
    timetable: Timetable
    review: bool = False
    pool: str = DEFAULT_POOL
    image: str | None = None
    secrets: Mapping[str, str] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment on a server. `absent` are sources that are not on this machine, in words."""

    name: str
    pool: str
    timetable: Timetable
    server: str
    absent: tuple[str, ...] = ()

    def as_text(self) -> str:
        """Return what was deployed, and what to do next."""
        date = self.timetable.next_run()
        next_ = f", next on {date:%Y-%m-%d at %H:%M}" if date else ""
        return "\n".join(
            [
                f"{self.name} runs {self.timetable}{next_}, on workers of '{self.pool}'",
                *(f"  mind: {what}; the workers must find it" for what in self.absent),
                "Next:",
                f"  a worker:   prefect worker start --pool {self.pool}",
                f"  run it now: prefect deployment run '{self.name}'",
                f"  look at it: {self.server.removesuffix('/api')}/deployments",
            ]
        )


def deploy(order: Order) -> Deployed:
    """Put the order on the server that is set, in place of an earlier one of the same name.

    Raises:
        SettingsError: the timetable or the settings cannot be used, or there is no such work pool.
        ServerFailed: there is no server that can be used.
    """
    server = prepared(order)
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: server}):
        name = run_to_end(_deployed(order))
    return Deployed(name, order.pool, order.timetable, server, () if order.image else _absent(order.settings))


def _absent(settings: Settings) -> tuple[str, ...]:
    """Return which sources would not be found here, in words."""
    absent = []
    for uri in settings.sources:
        try:
            expect([uri])
        except SourceNotFound as error:
            absent.append(str(error))
    return tuple(absent)


def prepared(order: Order) -> str:
    """Find what cannot work before anything is sent, and return the server's address.

    Raises:
        SettingsError, ServerFailed: as `deploy`.
    """
    order.timetable.check()
    _check_name(order.name)
    check(order.settings)
    if order.settings.parse.passwords:
        raise SettingsError(
            "parse.passwords", "is a secret, and everybody who sees a deployment sees its parameters"
        )
    server = standing_server()
    prepare_prefect(show_logs=True)
    order.timetable.next_run()
    return server


def _check_name(name: str) -> None:
    """Refuse what stands for something else in the addresses of Prefect's interface."""
    if not name or set(name) & set("/%&<>"):
        raise SettingsError("", f"--name wants a name without / % & < > (got {name!r})")


async def deployment_of(order: Order, **where: Any) -> "RunnerDeployment":
    """Return the deployment that an order asks for. `where` says which work pool, and how it starts runs."""
    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.types.entrypoint import EntrypointType

    from flows.orchestrate import build_flow

    return await build_flow.ato_deployment(
        name=order.name,
        schedules=list(order.timetable.schedules()),
        parameters=parameters_of(order),
        tags=[*TAGS, order.settings.model],
        description=f"Makes the dataset in {order.settings.out} with {order.settings.model}.",
        concurrency_limit=ConcurrencyLimitConfig(limit=1),  # two runs on one folder would refuse each other
        entrypoint_type=EntrypointType.MODULE_PATH,
        **where,
    )


def parameters_of(order: Order) -> dict[str, Any]:
    """Return the flow's parameters: what was set, and no default, so that later versions may have better."""
    settings = order.settings.model_dump(mode="json", exclude_unset=True)
    return {"settings": settings} | ({"review": True} if order.review else {})


async def _deployed(order: Order) -> str:
    from prefect.client.orchestration import get_client

    async with get_client() as client:
        kind = await pool_type(client, order.pool)
        await _check_secrets(client, order.secrets)
    variables: dict[str, Any] = {}
    if kind == "process":
        variables["working_dir"] = str(Path.cwd())  # relative paths mean what they mean here
    blocks = {name: f"{{{{ prefect.blocks.secret.{block} }}}}" for name, block in order.secrets.items()}
    if env := {**order.environment, **blocks}:
        variables["env"] = env
    if order.settings.partitions.at_once:
        order = await _with_partitions(order, variables)
    deployment = await deployment_of(order, job_variables=variables)
    await deployment.aapply(work_pool_name=order.pool, image=order.image)
    return deployment.full_name


async def _check_secrets(client: "PrefectClient", secrets: Mapping[str, str]) -> None:
    """Make sure that the blocks are there: a worker that meets none could only fail, at night."""
    from prefect.exceptions import ObjectNotFound

    for variable, block in secrets.items():
        try:
            await client.read_block_document_by_name(block, "secret", include_secrets=False)
        except ObjectNotFound as error:
            raise SettingsError(
                "",
                f"--secret {variable}={block}: no secret block is called '{block}'; make it in Prefect's "
                "interface, or in Python: Secret(value=...).save(name)",
            ) from error


async def _with_partitions(order: Order, variables: dict[str, Any]) -> Order:
    """Deploy what makes the partitions beside the build, and return the order that names it."""
    from flows.partition_runs import deploy_partitions

    await deploy_partitions(order.pool, order.name, order.image, **variables)
    partitions = order.settings.partitions.model_copy(
        update={"deployment": f"tunesmith-partition/{order.name}"}
    )
    return replace(order, settings=order.settings.model_copy(update={"partitions": partitions}))


async def pool_type(client: "PrefectClient", name: str) -> str:
    """Return the type of a work pool. Our own default one is made when it is not there."""
    from prefect.client.schemas.actions import WorkPoolCreate
    from prefect.exceptions import ObjectNotFound

    try:
        return (await client.read_work_pool(name)).type
    except ObjectNotFound as error:
        if name != DEFAULT_POOL:
            raise SettingsError(
                "",
                f"no work pool is called '{name}'; make it: prefect work-pool create {name} --type process",
            ) from error
    return (await client.create_work_pool(WorkPoolCreate(name=name, type="process"))).type
