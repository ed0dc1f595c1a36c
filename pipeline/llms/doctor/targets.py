"""The endpoints that the settings of a run would use, and for what."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.llms.embeddings.embedder import embedding_settings
from pipeline.llms.endpoints import endpoints_of, judge_asking, juror_asking
from schemas.contracts import ProviderEntry
from schemas.registry import providers
from schemas.settings import Endpoint, JudgeKind, Juror, Settings

Kind = Literal["chat", "reward", "embeddings"]


@dataclass(frozen=True, slots=True)
class Target:
    """A model at an endpoint. `settings` are those that ask it, `uses` what a run asks it for."""

    settings: Settings
    entry: ProviderEntry
    endpoint: Endpoint
    kind: Kind
    uses: tuple[str, ...]

    @property
    def place(self) -> tuple[str, str, Kind]:
        """What sets it apart from others."""
        return self.endpoint.base_url, self.settings.model_name, self.kind


def targets_of(settings: Settings, *, judges: bool) -> tuple[Target, ...]:
    """Return each model at each endpoint once. `judges` says whether a filter or a recipe asks the judge.

    Raises:
        UnknownName: there is no such provider.
        SettingsError: nothing says where a model is served.
    """
    found: dict[tuple[str, str, Kind], Target] = {}
    for target in _all(settings, judges=judges):
        known = found.get(target.place)
        uses = tuple(dict.fromkeys((*known.uses, *target.uses))) if known else target.uses
        found[target.place] = replace(known or target, uses=uses)
    return tuple(found.values())


def _all(settings: Settings, *, judges: bool) -> Iterator[Target]:
    yield from _at(settings, "chat", "writes")
    judge = settings.judge
    if judges:
        judging = judge_asking(settings)
        yield from _at(judging, judge.kind, "judges")
        for juror in judge.jury:
            yield from _at(_juror(settings, judging, juror), judge.kind, "judges")
    if settings.embeddings.model is not None:
        yield from _at(embedding_settings(settings), "embeddings", "embeds")


def _juror(settings: Settings, judging: Settings, juror: str | Juror) -> Settings:
    """Return the settings that ask a further judge: at its own endpoint, or at the judge's."""
    if isinstance(juror, Juror):
        return juror_asking(settings, juror)
    name = juror.removeprefix(f"{judging.provider}/")
    return judging.model_copy(update={"model": f"{judging.provider}/{name}"})


def _at(settings: Settings, kind: JudgeKind | Literal["embeddings"], use: str) -> Iterator[Target]:
    entry = providers.get(settings.provider)
    if entry.connect is None:
        for endpoint in endpoints_of(settings, entry):
            yield Target(settings, entry, endpoint, kind, (use,))
