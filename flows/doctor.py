"""What `tunesmith doctor` found, in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import orjson

from flows.loops import run_to_end
from pipeline.curation import Curation
from pipeline.llms.doctor.examining import examine_all
from pipeline.llms.doctor.findings import Findings
from schemas.errors import EndpointError
from schemas.registry import providers
from schemas.settings import Settings

_MARKS = {True: "ok", False: "no", None: "?"}
_HEADS = ("", "for", "reachable", "key", "model", "answers", "images", "window", "tokens", "batches", "left")


@dataclass(frozen=True, slots=True)
class Examination:
    """The findings of all endpoints that a run would use. Nothing in them is secret."""

    model: str
    is_language_model: bool
    findings: tuple[Findings, ...]

    @property
    def exit_code(self) -> int:
        """0 where a run would work."""
        return EndpointError.exit_code if any(found.problem for found in self.findings) else 0

    def as_text(self) -> str:
        """Return a table with a row for each endpoint, then what to do."""
        return "\n".join(self._lines())

    def as_json(self) -> str:
        """Return the same for programs."""
        said = {"usable": not self.exit_code, "endpoints": self.findings}
        return orjson.dumps(said, option=orjson.OPT_INDENT_2).decode()

    def _lines(self) -> Iterator[str]:
        if not self.is_language_model:
            yield f"{self.model} is built in, and no language model: recipes that need one refuse it"
        elif not self.findings:
            yield f"{self.model} answers in this process; there is no endpoint to examine"
        if not self.findings:
            return
        yield from _aligned([_HEADS, *(_row(*each) for each in enumerate(self.findings, 1))])
        yield ""
        for number, found in enumerate(self.findings, 1):
            weight = f", weight {found.weight:g}" if found.weight != 1 else ""
            yield f"{number}  {found.model} at {found.endpoint}{weight}"
            yield from (f"   note: {note}" for note in found.notes)
        for number, found in enumerate(self.findings, 1):
            if found.problem:
                yield f"problem: {number} cannot be used: {found.problem}; {found.advice}"


def examine(settings: Settings) -> Examination:
    """Ask each endpoint that a run would use a few short questions, and return what it can do.

    Raises:
        UnknownName: there is no such provider, recipe or filter.
        SettingsError: nothing says where a model is served, or a setting does not fit.
    """
    entry = providers.get(settings.provider)
    judges = Curation(settings, language_model=entry.is_language_model).judges
    findings = run_to_end(examine_all(settings, judges=judges))
    return Examination(settings.model, entry.is_language_model, findings)


def _row(number: int, found: Findings) -> tuple[str, ...]:
    usable = bool(found.reachable and found.key_accepted and found.model_known)
    chats = found.kind == "chat" and usable
    return (
        str(number),
        ", ".join(found.uses),
        _MARKS[found.reachable],
        _MARKS[found.key_accepted],
        _MARKS[found.model_known],
        (found.structured[0] if found.structured else "no") if chats else found.gives or "-",
        _MARKS[found.images] if chats else "-",
        (f"{found.window:,}" if found.window else "?") if chats else "-",
        _tokens(found) if usable else "-",
        _MARKS[found.batches] if chats else "-",
        found.left or "-",
    )


def _tokens(found: Findings) -> str:
    """Return what replies tell of their tokens."""
    return "told, cached too" if found.counts_cached else "told" if found.counts else "not told"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
