"""Pages without a text layer, read by the model while other documents are still parsed."""

import asyncio
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from flows.stages.job import Stop
from parsers.reading import Outcome
from parsers.transcripts import with_transcripts
from pipeline.transcribing import NO_TEXT, BlindPage, blind_pages
from schemas.documents import Document, PageNote, PageQuality
from schemas.errors import Interrupted
from schemas.requests import Completion, Failure, Reply
from schemas.settings import Settings

if TYPE_CHECKING:
    from pipeline.llms.gateway import Gateway

NO_TEXT_LAYER = "has no text layer"
NEEDS_MODEL = "needs a vision model (--transcribe)"
_MOST_BYTES = 64_000_000
_MOST_AHEAD = 64  # documents held while the model looks at the first of them


class Eyes:
    """The way from the thread that reads to the vision model, which answers on a loop of its own."""

    def __init__(self, stop: Stop) -> None:
        self._stop = stop
        self._ready = threading.Event()
        self._way: tuple[asyncio.AbstractEventLoop, Gateway] | None = None
        stop.tell(self._ready.set)

    def open(self, gateway: "Gateway") -> None:
        """Have pages read by `gateway`, on the loop that runs now."""
        self._way = asyncio.get_running_loop(), gateway
        self._ready.set()

    def through(self, outcomes: Iterable[Outcome], settings: Settings) -> Iterator[Outcome]:
        """Yield outcomes in their order, documents with the text of their pages that had none.

        Documents that follow are read meanwhile, so that the model always has pages to look at.

        Raises:
            EndpointError: the model cannot be used.
            Interrupted: the job was asked to stop.
        """
        ahead: deque[_Looked] = deque()
        for found in outcomes:
            ahead.append(self._look(found, settings))
            while ahead and (ahead[0].done or len(ahead) > _MOST_AHEAD or _is_much(ahead, settings)):
                yield self._read(ahead.popleft(), settings)
        while ahead:
            yield self._read(ahead.popleft(), settings)

    def _look(self, found: Outcome, settings: Settings) -> "_Looked":
        """Begin to have a document's blind pages read, if it has any."""
        if not isinstance(found, Document) or not found.textless_pages:
            return _Looked(found)
        self._ready.wait()
        self._stop.check()
        assert self._way is not None
        loop, gateway = self._way
        pages = list(blind_pages(found, settings))
        return _Looked(found, pages, asyncio.run_coroutine_threadsafe(_answered(gateway, pages), loop))

    def _read(self, looked: "_Looked", settings: Settings) -> Outcome:
        """Return a document with what was read of it. What could not be read keeps its note, and why."""
        document = looked.found
        if looked.answers is None or not isinstance(document, Document):
            return document
        try:
            completions = looked.answers.result()
        except CancelledError as error:  # the loop ended, and the run with it
            raise Interrupted from error
        self._stop.check()
        seen = dict(zip((page.number for page in looked.pages), completions, strict=True))
        read = {number: _text(done) for number, done in seen.items() if isinstance(done, Reply)}
        unread = {number: _why(done) for number, done in seen.items() if not isinstance(done, Reply)}
        notes = tuple(
            replace(note, detail=unread[note.page]) if _is_of(note, unread) else note
            for note in document.page_notes
        )
        return with_transcripts(replace(document, page_notes=notes), read, settings.model)


@dataclass(frozen=True, slots=True)
class _Looked:
    """How a source ended, and the answers about its blind pages, which may still be on their way."""

    found: Outcome
    pages: Sequence[BlindPage] = ()
    answers: "Future[list[Completion | None]] | None" = None

    @property
    def done(self) -> bool:
        return self.answers is None or self.answers.done()


def _is_much(ahead: Iterable[_Looked], settings: Settings) -> bool:
    """Whether enough pages are on their way: twice what may be asked at once, or much to hold."""
    pages = [page for looked in ahead for page in looked.pages if page.request and not looked.done]
    size = sum(len(image.content) for page in pages for image in page.images)
    return len(pages) > 2 * settings.llm.concurrency or size > _MOST_BYTES


def told_of_pages(document: Document) -> str:
    """Return what the books say of pages that a model read or could not read, if there are any."""
    unread = [note for note in document.page_notes if note.quality is PageQuality.NO_TEXT_LAYER]
    if unread:
        return no_text_layer(document.textless_pages, unread[0].detail)
    read = [note for note in document.page_notes if note.quality is PageQuality.TRANSCRIBED]
    return f"page {_numbers(note.page for note in read)} was {read[0].detail}" if read else ""


def no_text_layer(pages: Sequence[int], why: str = NEEDS_MODEL) -> str:
    """Return what the books say of pages that have no text, nothing where there are none."""
    return f"page {_numbers(pages)} {NO_TEXT_LAYER}: {why}" if pages else ""


def _numbers(pages: Iterable[int]) -> str:
    return ", ".join(map(str, pages))


def _text(reply: Reply) -> str:
    text = reply.text.strip()
    return "" if text.strip(".*") == NO_TEXT else text


def _why(completion: Failure | None) -> str:
    if completion is None:
        return "there is no picture of it that a model takes"
    return f"{completion.reason.value.replace('_', ' ')}: {completion.detail}"


def _is_of(note: PageNote, pages: Collection[int]) -> bool:
    return note.quality is PageQuality.NO_TEXT_LAYER and note.page in pages


async def _answered(gateway: "Gateway", pages: Sequence[BlindPage]) -> list[Completion | None]:
    async def one(page: BlindPage) -> Completion | None:
        return None if page.request is None else await gateway.complete(page.request)

    return list(await asyncio.gather(*map(one, pages)))
