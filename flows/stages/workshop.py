"""What generation and curation of all batches share: recipes, filters, and the way to the models."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol

from flows.stages.job import Job
from flows.stages.room import Room
from output.tokenizing import token_count
from pipeline.curation import Curation
from pipeline.generation import Generation
from pipeline.llms.endpoints import card_of, judge_asking, juror_asking
from pipeline.llms.gateway import Gateway, open_gateway
from pipeline.mix import build_recipes
from pipeline.tokens import TokenEstimate, llama_token_count
from schemas.documents import Passage
from schemas.registry import providers
from schemas.requests import Completion, Request
from schemas.samples import Sample, Verdict
from schemas.settings import LLMSettings, Settings

# How many samples wait for the judge at once, per request that the endpoint may take at once.
JUDGED_PER_SLOT = 2
# In batch mode this part of a full batch counts as slots: enough documents are held to fill batches.
BATCH_SHARE = 8
_JUDGING = "judge"


@dataclass(frozen=True, slots=True)
class Workshop:
    """Everything that turns batches of documents into judged samples.

    `lacking` tells how many samples each document shall still give, None where that is not counted.
    """

    job: Job
    generation: Generation
    curation: Curation
    gateway: Gateway
    judge: Gateway
    room: Room
    lacking: Mapping[str, int] | None = None
    jurors: Mapping[str, Gateway] = field(default_factory=dict)
    rating: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(JUDGED_PER_SLOT))

    def in_round(
        self, round_: int, recipe: str | None, lacking: Mapping[str, int] | None = None
    ) -> "Workshop":
        """Return the workshop for another round, with the same gateways: what they learnt stays known."""
        generation, curation = prepare(self.job.settings, round_)
        return replace(self, generation=generation.of(recipe), curation=curation, lacking=lacking)

    async def ask(self, request: Request) -> Completion:
        """Answer a filter's request ahead of all that waits; only a judge's goes to the judge or a juror."""
        juror = self.jurors.get(request.sampling.model) if request.recipe == _JUDGING else None
        if juror is not None:
            return await juror.complete(request)
        generating = self.job.settings.model_name
        own = request.sampling.model == generating != self.curation.judge_sampling.model
        return await (self.gateway if own else self.judge).complete(request)

    async def rate(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return the judge's verdict on a candidate, as soon as there is room for the question."""
        async with self.rating:
            self.job.stop.check()
            return await self.curation.rate(sample, passages, self.ask)


@asynccontextmanager
async def open_workshop(
    job: Job, round_: int = 0, recipe: str | None = None, lacking: Mapping[str, int] | None = None
) -> AsyncIterator[Workshop]:
    """Yield a workshop whose gateways close with it, for one `recipe`, or for all without a number per run.

    Raises:
        UnknownName, SettingsError, NeedsModel: the settings name what is not there, or does not fit.
        EndpointError: the model cannot be used.
    """
    settings = job.settings
    generation, curation = prepare(settings, round_)
    async with AsyncExitStack() as stack:
        gateway = await stack.enter_async_context(open_gateway(settings, job.run.replies))
        judge = gateway
        judges = curation.asks_model or curation.rates
        own = settings.judge
        judging = judge_asking(settings)
        if judges and judging is not settings:
            judge = await stack.enter_async_context(open_gateway(judging, job.run.replies, own.kind))
        jurors = {
            juror.name: await stack.enter_async_context(
                open_gateway(juror_asking(settings, juror), job.run.replies, own.kind)
            )
            for juror in own.elsewhere
            if judges
        }
        gateways = [*dict.fromkeys((gateway, judge, *jurors.values()))]
        _introduce(job, gateways)
        if job.eyes is not None:
            job.eyes.open(gateway)
        yield Workshop(
            job,
            generation.of(recipe),
            curation,
            gateway,
            judge,
            Room(asked_at_once(settings.llm)),
            lacking,
            jurors,
            asyncio.Semaphore(JUDGED_PER_SLOT * asked_at_once(settings.llm)),
        )


def _introduce(job: Job, gateways: list[Gateway]) -> None:
    """Let the job stop and watch its gateways."""
    loop = asyncio.get_running_loop()
    for gateway in gateways:
        job.stop.tell(partial(soon, loop, gateway))
    job.gateways[:] = gateways


def asked_at_once(llm: LLMSettings) -> int:
    """Return for how many requests at once there shall be work: the slots, or a good part of a batch."""
    return max(llm.concurrency, llm.batch_requests // BATCH_SHARE) if llm.batch else llm.concurrency


class Stoppable(Protocol):
    """What a job stops from another thread."""

    def stop(self) -> None:
        """End within seconds."""
        ...


def soon(loop: asyncio.AbstractEventLoop, gateway: Stoppable) -> None:
    """Stop what works on `loop`, from whatever thread."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(gateway.stop)


def token_estimate(settings: Settings) -> TokenEstimate:
    """Return what counts tokens: the tokenizer that is named, Llama 4's own if it is there, or rules.

    Raises:
        SettingsError: the tokenizer cannot be read.
    """
    if folder := settings.passages.tokenizer:
        return TokenEstimate(token_count(folder, "passages.tokenizer"))
    return TokenEstimate(llama_token_count() if "llama-4" in settings.model_name.lower() else None)


def prepare(settings: Settings, round_: int = 0) -> tuple[Generation, Curation]:
    """Return what asks and what judges, without opening anything: bad settings show at once."""
    entry = providers.get(settings.provider)
    recipes = build_recipes(settings, language_model=entry.is_language_model, round_=round_)
    generation = Generation(settings, recipes, card_of(settings, entry).window, token_estimate(settings))
    if generation.asks("pack"):
        generation.pack_limits()  # says what is lacking
    return generation, Curation(settings, language_model=entry.is_language_model)
