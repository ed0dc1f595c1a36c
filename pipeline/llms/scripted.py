"""The scripted provider: replays replies from a file, for tests and for a dry look at prompts.

A script is JSON lines, or one JSON list. Each entry is a reply (text, or a JSON value to answer with), or an
object with `reply` and where it fits: `id`, a request's id; `contains`, words of its messages. Entries that
say where they fit serve again and again; the others are used up in order, and the last of them stays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from pipeline.llms.reading.dialogue import Dialogue
from pipeline.llms.wire.exchange import Exchange
from schemas.contracts import LLM, ProviderEntry
from schemas.errors import SettingsError
from schemas.registry import providers
from schemas.requests import Completion, Failure, FailureReason, Request

Answer = Callable[[Request], "str | None"]


class Scripted:
    """Answers each request with the text that `answer` gives, None where it has none."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    async def complete(self, request: Request) -> Completion:
        """Return the scripted reply, read as any endpoint's would be."""
        dialogue = Dialogue(request)
        while True:
            text = self._answer(dialogue.turn)
            if text is None:
                return Failure(
                    request.id, FailureReason.BAD_REQUEST, "the script has no reply for this request"
                )
            exchange = Exchange(dialogue.turn.id, request.recipe, request.sampling.model, text)
            completion = dialogue.hear(exchange, cached=False)
            if completion is not None:
                return completion

    async def close(self) -> None:
        """Let go of nothing."""


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of a script. Without `id` and `contains` it serves whichever request is next."""

    reply: str
    id: str = ""
    contains: str = ""

    def fits(self, request: Request) -> bool:
        """Whether the entry says that it is for `request`."""
        if self.id:
            return self.id == request.id
        return bool(self.contains) and any(self.contains in turn.content for turn in request.messages)


class Script:
    """The replies of a file, as a function of requests."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._aimed = [line for line in lines if line.id or line.contains]
        self._in_order = [line for line in lines if not (line.id or line.contains)]
        self._next = 0

    def __call__(self, request: Request) -> str | None:
        """Return the reply to `request`, None where there is none."""
        for line in self._aimed:
            if line.fits(request):
                return line.reply
        if not self._in_order:
            return None
        line = self._in_order[min(self._next, len(self._in_order) - 1)]
        self._next += 1
        return line.reply


def read_script(path: Path) -> Script:
    """Return the script in a file.

    Raises:
        SettingsError: there is none, or it is no JSON.
    """
    try:
        content = path.read_bytes().strip()
        entries = orjson.loads(content) if content[:1] == b"[" else map(orjson.loads, content.splitlines())
        return Script([_line(entry) for entry in entries])
    except (OSError, orjson.JSONDecodeError) as error:
        raise SettingsError("model", f"scripted/{path} cannot be read: {error}") from error


def _line(entry: Any) -> Line:  # noqa: ANN401  # any JSON value
    if isinstance(entry, dict) and "reply" in entry:
        return Line(_text(entry["reply"]), str(entry.get("id", "")), str(entry.get("contains", "")))
    return Line(_text(entry))


def _text(reply: Any) -> str:  # noqa: ANN401  # any JSON value
    return reply if isinstance(reply, str) else orjson.dumps(reply).decode()


def connect(path: str) -> LLM:
    """Return the engine that replays the script at `path`."""
    return Scripted(read_script(Path(path)))


providers.add(
    "scripted", ProviderEntry("replays replies from a file: --model scripted/PATH", connect=connect)
)
