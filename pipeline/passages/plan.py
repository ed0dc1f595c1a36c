"""Which documents are shown whole, which in chunks, and why."""

from dataclasses import dataclass, replace
from typing import Literal

from pipeline.passages.chunks import chunks
from pipeline.tokens import TokenEstimate
from schemas.contracts import Price
from schemas.documents import Document, Passage
from schemas.errors import SettingsError
from schemas.settings import Settings

_MOST_TIMES_DEARER = 4.0  # what auto mode pays at most for whole documents, against chunks
_REPLY_TOKENS = 600  # about what one request brings back, the same in both modes
_UNKNOWN_PRICE = Price()


@dataclass(frozen=True, slots=True)
class PassagePlan:
    """How one document is passed, and why. A document without text has no passages."""

    mode: Literal["whole", "chunk"]
    reason: str
    passages: tuple[Passage, ...]


def plan_passages(
    document: Document,
    settings: Settings,
    window: int | None,
    estimate: TokenEstimate,
    price: Price = _UNKNOWN_PRICE,
) -> PassagePlan:
    """Return the passages of `document`, in reading order, which cover it completely.

    `window` is the model's, in tokens; where it is None, only settings that ask for whole documents get them.
    Without a `price`, fitting is enough for auto mode.
    In whole mode every passage is a section to aim at, whose `context` is one and the same whole document.

    Raises:
        SettingsError: the overlap is as large as a passage.
    """
    wanted = settings.passages
    if wanted.overlap_tokens * 2 > wanted.max_tokens:
        raise SettingsError("passages.overlap_tokens", "must be at most half of passages.max_tokens")
    pieces = chunks(document, estimate.count, wanted.max_tokens, wanted.overlap_tokens)
    if not pieces:
        return PassagePlan("chunk", "the document has no text", ())
    tokens = estimate.count(document.text)
    obstacle = _obstacle(settings, window, tokens)
    if obstacle is None and settings.context == "auto":
        obstacle = _too_dear(tokens, len(pieces), price)
    if obstacle is not None:
        return PassagePlan("chunk", obstacle, pieces)
    fits = f"{tokens:,} tokens " + (f"fit the window of {window:,}" if window else "as the settings ask")
    return PassagePlan("whole", fits, _whole(document, tokens, pieces))


def pack_room(settings: Settings, window: int | None) -> int:
    """Return how many tokens of whole documents may be shown together.

    Raises:
        SettingsError: the settings ask for chunks, or the window is not known.
    """
    if settings.context == "chunk":
        raise SettingsError("context", "is chunk, and documents are packed whole; take auto or whole")
    most = settings.passages.max_whole_tokens
    if window is None and most is None:
        raise SettingsError("llm.window", "is not known, and documents are packed to fit it; set it")
    reserve = settings.passages.reserve_tokens
    if window is not None and window <= reserve:
        problem = (
            f"keeps {reserve:,} tokens free of a window of {window:,}, which leaves no room for documents"
        )
        raise SettingsError("passages.reserve_tokens", f"{problem}; lower it")
    room = None if window is None else window - reserve
    return min(each for each in (room, most) if each is not None)


def _whole(document: Document, tokens: int, pieces: tuple[Passage, ...]) -> tuple[Passage, ...]:
    whole = Passage(document, 0, len(document.text), (), tokens)
    return tuple(replace(piece, context=whole) for piece in pieces)


def _obstacle(settings: Settings, window: int | None, tokens: int) -> str | None:
    """Return why the document cannot be passed whole, None where it can."""
    if settings.context == "chunk":
        return "the settings ask for chunks"
    if window is None:
        asked_for = settings.context == "whole"
        return None if asked_for else "the model's window is unknown; set llm.window for whole documents"
    room = window - settings.passages.reserve_tokens
    if settings.context == "auto" and settings.passages.max_whole_tokens is not None:
        room = min(room, settings.passages.max_whole_tokens)
    if tokens > room:
        return f"{tokens:,} tokens are more than the {max(room, 0):,} that may hold a whole document"
    return None


def _too_dear(tokens: int, sections: int, price: Price) -> str | None:
    """Return why whole mode costs too much, None where it does not or no price is known.

    The first request of a document pays the full price, those after it that of the prefix cache, where
    the provider has one.
    """
    replies = sections * _REPLY_TOKENS * price.completion
    in_chunks = tokens * price.prompt + replies
    again = tokens * (price.cached or price.prompt)
    whole = tokens * price.prompt + (sections - 1) * again + replies
    if whole <= _MOST_TIMES_DEARER * in_chunks:
        return None
    return f"whole would cost {whole / in_chunks:.1f} times as much as chunks"
