"""The deployment whose runs are partitions, and what a run finds of its own on the server."""

from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import State, StateType
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelled

from flows.deploying import DEFAULT_POOL, TAGS, pool_type
from flows.partition_flow import partition_flow
from pipeline.store import place_of
from schemas.errors import SettingsError
from schemas.settings import Settings


def tag_of(settings: Settings) -> str:
    """Return what all partitions of a run are tagged with, whoever began them."""
    return f"out:{place_of(settings.out).resolve()}"


async def end_leftovers(client: PrefectClient, tag: str) -> None:
    """Cancel the partitions that a coordinator left which was killed: who holds the run's lock is alone."""
    alive = [StateType.SCHEDULED, StateType.PENDING, StateType.RUNNING]
    left = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[tag]), state=FlowRunFilterState(type=FlowRunFilterStateType(any_=alive))
    )
    for run in await client.read_flow_runs(flow_run_filter=left):
        ended: State[object] = Cancelled(message="its run began anew")
        await client.set_flow_run_state(run.id, ended, force=True)


async def deployment_of(client: PrefectClient, settings: Settings) -> UUID:
    """Return the deployment that partitions are runs of: the one that is named, or our own."""
    named = settings.partitions.deployment
    if named is not None:
        try:
            return (await client.read_deployment_by_name(named)).id
        except ObjectNotFound as error:
            raise SettingsError("partitions.deployment", f"there is no '{named}' on the server") from error
    await pool_type(client, DEFAULT_POOL)
    return await deploy_partitions(DEFAULT_POOL)


async def deploy_partitions(
    pool: str, name: str = "tunesmith", image: str | None = None, **how: object
) -> UUID:
    """Put the flow that makes partitions on the server, for the workers of `pool`, and return its id."""
    from prefect.types.entrypoint import EntrypointType

    deployment = await partition_flow.ato_deployment(
        name=name,
        tags=list(TAGS),
        description="Makes partitions of runs that were begun elsewhere.",
        entrypoint_type=EntrypointType.MODULE_PATH,
        job_variables=dict(how),
    )
    applied = await deployment.aapply(work_pool_name=pool, image=image)
    assert isinstance(applied, UUID)
    return applied
