"""The child process: takes one file after another, and answers with a document or a reason."""

import io
import os
from typing import TYPE_CHECKING, BinaryIO

from parsers.pool import limits, wire
from schemas.documents import Document
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

if TYPE_CHECKING:
    from schemas.contracts import ParserEntry

_LARGE_BYTES = 100_000
_LEAST_SHARE = 1000


def main(memory_mb: int, parent: int) -> None:
    """Answer jobs from standard input on standard output until the parent closes its end."""
    inbox, outbox = _channels()
    parsers.names()  # loads them all now, not on the first file's time
    limits.confine(memory_mb, parent)
    wire.send_ready(outbox)
    while (message := wire.receive(inbox)) is not None:
        job = wire.read_job(message)
        limits.allow_cpu(job.timeout_s)
        answer = _answer(job, message.body)
        wire.send_answer(outbox, answer)
        if answer.reason == "out_of_memory":
            return


def _channels() -> tuple[BinaryIO, BinaryIO]:
    """Return the two pipes, and point file descriptor 1 elsewhere: libraries like to print."""
    inbox, outbox = io.FileIO(os.dup(0)), io.FileIO(os.dup(1), "w")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    return io.BufferedReader(inbox), io.BufferedWriter(outbox)


def _answer(job: wire.Job, content: bytes) -> wire.Answer:
    try:
        return wire.Answer(_checked(_parsed(job, content), job))
    except UnreadableDocument as error:
        return wire.Answer(None, error.reason, error.detail)
    except MemoryError:
        return wire.Answer(None, "out_of_memory", "parsing it takes more memory than parse.memory_mb allows")
    except RecursionError:
        return wire.Answer(None, "too_deep", "it is nested deeper than its parser follows")
    except Exception as error:  # noqa: BLE001  # any parser's fault is this file's reason, never the run's end
        return wire.Answer(None, "crashed", f"{type(error).__name__}: {error}"[:300])


def _parsed(job: wire.Job, content: bytes) -> Document:
    if job.plainly:
        from parsers.pdf import parse_plainly

        return parse_plainly(content, job.source, job.options)
    entry: ParserEntry = parsers.get(job.parser)
    return entry.parse(content, job.source, job.options)


def _checked(document: Document, job: wire.Job) -> Document:
    """Return the document, unless it holds nothing, hardly anything, or too much."""
    size = len(document.text) + sum(len(figure.content) for figure in document.figures)
    if size > job.max_output_bytes:
        raise UnreadableDocument(job.source.uri, "output_too_large", "it unfolds past parse.max_output_mb")
    if document.figures or document.textless_pages:
        return document
    if not document.text.strip():
        raise UnreadableDocument(job.source.uri, "no_text", "it holds no text")
    if job.source.size_bytes >= _LARGE_BYTES and len(document.text) * _LEAST_SHARE < job.source.size_bytes:
        detail = f"{len(document.text)} characters came out of {job.source.size_bytes} bytes"
        raise UnreadableDocument(job.source.uri, "almost_no_text", detail)
    return document
