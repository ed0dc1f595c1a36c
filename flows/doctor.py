"""What `tunesmith doctor` found, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from flows.loops import run_to_end
from pipeline.llms.probe import Findings, probe
from schemas.errors import EndpointError
from schemas.registry import providers
from schemas.settings import Settings

_MARKS = {True: "ok", False: "no", None: "?"}


@dataclass(frozen=True, slots=True)
class Examination:
    """An endpoint's findings. Nothing in them is secret."""

    findings: Findings
    is_language_model: bool

    @property
    def exit_code(self) -> int:
        """0 where a run would work."""
        return EndpointError.exit_code if self.findings.problem else 0

    def as_text(self) -> str:
        """Return a line for each thing that was looked at, and what to do next."""
        return "\n".join(self._lines())

    def as_json(self) -> str:
        """Return the same for programs."""
        return orjson.dumps(self.findings, option=orjson.OPT_INDENT_2).decode()

    def _lines(self) -> Iterator[str]:
        found = self.findings
        if not self.is_language_model:
            yield f"{found.model} is built in, and no language model: recipes that need one refuse it"
            return
        yield f"endpoint     {found.endpoint}"
        yield f"model        {found.model}"
        yield f"reachable    {_MARKS[found.reachable]}"
        yield f"key          {_MARKS[found.key_accepted]}"
        yield f"model known  {_MARKS[found.model_known]}"
        if found.problem:
            yield f"problem: {found.problem}; {found.advice}"
            return
        yield f"JSON         {', '.join(found.structured) or 'no way worked: replies may be unreadable'}"
        yield f"images       {_MARKS[found.images]}"
        yield f"window       {f'{found.window:,} tokens' if found.window else 'not told; set llm.window'}"


def examine(settings: Settings) -> Examination:
    """Ask the settings' endpoint a few short questions, and return what it can do.

    Raises:
        UnknownName: there is no such provider.
        SettingsError: nothing says where the model is served.
    """
    entry = providers.get(settings.provider)
    return Examination(run_to_end(probe(settings)), entry.is_language_model)
