"""What parent and child say to each other over pipes: a head as JSON, then raw bytes.

No pickle: a child that a hostile file has taken over must not be able to run code in its parent.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import BinaryIO

from pydantic import TypeAdapter

from schemas.contracts import ParseOptions
from schemas.documents import Document, Source

_LENGTHS = struct.Struct(">QQ")


@dataclass(frozen=True, slots=True)
class Job:
    """One file to parse. `plainly` asks for the parser's plain second way."""

    parser: str
    source: Source
    options: ParseOptions
    timeout_s: float
    max_output_bytes: int
    plainly: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a job: a document, or the reason why there is none."""

    document: Document | None
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class _Reply:
    answer: Answer
    figure_sizes: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A head and the bytes that follow it."""

    head: bytes
    body: bytes


_jobs = TypeAdapter(Job)
_replies = TypeAdapter(_Reply)


def send_job(stream: BinaryIO, job: Job, content: bytes) -> None:
    """Hand a job and its file to the child."""
    _send(stream, _jobs.dump_json(job), [content])


def read_job(message: Message) -> Job:
    """Return the job that a message holds; its body is the file."""
    return _jobs.validate_json(message.head)


def send_ready(stream: BinaryIO) -> None:
    """Tell the parent that the child takes jobs."""
    _send(stream, b"", [])


def send_answer(stream: BinaryIO, answer: Answer) -> None:
    """Hand an answer to the parent. Figures travel as raw bytes behind the rest."""
    figures = answer.document.figures if answer.document else ()
    sizes = tuple(len(figure.content) for figure in figures)
    if answer.document:
        bare = tuple(replace(figure, content=b"") for figure in figures)
        answer = replace(answer, document=replace(answer.document, figures=bare))
    head = _replies.dump_json(_Reply(answer, sizes))
    _send(stream, head, [figure.content for figure in figures])


def read_answer(message: Message) -> Answer:
    """Return the answer that a message holds.

    Raises:
        ValueError: the message is not what a child sends.
    """
    reply = _replies.validate_json(message.head)
    document = reply.answer.document
    if document is None:
        return reply.answer
    bounds = pairwise(accumulate(reply.figure_sizes, initial=0))
    figures = tuple(
        replace(figure, content=message.body[start:end])
        for figure, (start, end) in zip(document.figures, bounds, strict=True)
    )
    return replace(reply.answer, document=replace(document, figures=figures))


def receive(stream: BinaryIO, max_bytes: int | None = None) -> Message | None:
    """Return the next message, None when the other side is gone.

    Raises:
        OverflowError: the message is larger than `max_bytes`.
    """
    lengths = stream.read(_LENGTHS.size)
    if len(lengths) < _LENGTHS.size:
        return None
    head_size, body_size = _LENGTHS.unpack(lengths)
    if max_bytes is not None and head_size + body_size > max_bytes:
        raise OverflowError(head_size + body_size)
    head, body = stream.read(head_size), stream.read(body_size)
    if len(head) < head_size or len(body) < body_size:
        return None
    return Message(head, body)


def _send(stream: BinaryIO, head: bytes, body: Sequence[bytes]) -> None:
    stream.write(_LENGTHS.pack(len(head), sum(map(len, body))))
    stream.write(head)
    for part in body:
        stream.write(part)
    stream.flush()
