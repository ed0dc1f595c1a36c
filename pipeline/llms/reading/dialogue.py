"""What follows from an endpoint's reply: an answer, a correction, more room, a fresh try, or a failure."""

from dataclasses import dataclass, field, replace

from pipeline.llms.reading.answer import ReadAnswer, read_answer
from pipeline.llms.reading.thinking import split_thinking
from pipeline.llms.wire.exchange import Exchange
from schemas.requests import (
    Completion,
    Failure,
    FailureReason,
    FinishReason,
    Message,
    Reply,
    Request,
    Usage,
)

_MORE_ROOM = 2


@dataclass(slots=True)
class Dialogue:
    """The turns that one request takes, by its `id`. `turn` is what to ask now, with an id of its own.

    An unreadable answer is corrected once; if that fails too, the request is asked afresh, once, with
    another seed. All is decided by replies alone, so that a resumed run finds each turn in the journal again.
    """

    request: Request
    id: str = field(init=False)
    turn: Request = field(init=False)
    usage: Usage = field(default_factory=Usage)
    cached: bool = True
    _afresh: bool = False
    _corrected: bool = False
    _given_room: bool = False
    _best: Reply | None = None

    def __post_init__(self) -> None:
        self.id = self.request.id
        self.turn = self.request

    def hear(self, exchange: Exchange, *, cached: bool) -> Completion | None:
        """Return how the request ends, None where `turn` has become the next thing to ask."""
        self.usage += exchange.usage
        self.cached = self.cached and cached
        if exchange.error is not None:
            return self.settle(exchange.error, exchange.detail)
        if exchange.finish_reason is FinishReason.LENGTH:
            return self._truncated(exchange)
        return self._answered(exchange)

    def _answered(self, exchange: Exchange) -> Completion | None:
        reply, reading = self._read(exchange)
        if reading is None:
            return self._whole(reply) if reply.text else self._unreadable("an empty answer")
        if reading.answer is not None and not reading.partial:
            return self._whole(reply)
        self._keep(reply)
        if self._corrected or not reply.text:
            return self._unreadable(reading.problem)
        self._corrected = True
        self.turn = _corrected(self.turn, reply.text, reading.problem)
        return None

    def _unreadable(self, problem: str) -> Completion | None:
        if self._afresh or self._best is not None:
            return self.settle(FailureReason.MALFORMED, problem)
        self._afresh, self._corrected, self._given_room = True, False, False
        sampling = self.request.sampling
        self.turn = replace(self.request, sampling=replace(sampling, seed=(sampling.seed or 0) + 1))
        return None

    def _truncated(self, exchange: Exchange) -> Completion | None:
        reply, _ = self._read(exchange)
        self._keep(reply)
        room = self.turn.sampling.max_output_tokens
        if self._given_room or room is None:
            return self.settle(FailureReason.TRUNCATED, f"cut off after {exchange.usage.completion_tokens}")
        self._given_room = True
        sampling = replace(self.turn.sampling, max_output_tokens=room * _MORE_ROOM)
        self.turn = replace(self.turn, sampling=sampling)
        return None

    def _read(self, exchange: Exchange) -> "tuple[Reply, ReadAnswer | None]":
        said = split_thinking(exchange.content)
        schema = self.request.answer_schema
        reading = read_answer(said.text, schema) if schema is not None else None
        reply = Reply(
            request_id=self.id,
            text=said.text,
            model=exchange.model,
            answer=reading.answer if reading else None,
            thinking="\n".join(part for part in (exchange.thinking.strip(), said.thinking) if part),
            finish_reason=exchange.finish_reason,
            repaired=reading.repaired if reading else False,
        )
        return reply, reading

    def _keep(self, reply: Reply) -> None:
        """Remember a reply of which whole items are left, should nothing better come."""
        if reply.answer is not None:
            self._best = replace(reply, repaired=True)

    def _whole(self, reply: Reply) -> Reply:
        return replace(reply, usage=self.usage, cached=self.cached)

    def settle(self, reason: FailureReason, detail: str) -> Completion:
        """Return the whole items that were had on the way, else the failure."""
        if self._best is not None:
            return self._whole(self._best)
        return Failure(self.id, reason, detail, self.usage, self.cached)


def _corrected(turn: Request, said: str, problem: str) -> Request:
    """Return the request that shows a model its unreadable answer and what is wrong with it."""
    wanted = (
        f"That answer could not be read: {problem}. Give the whole answer again as one JSON value that fits "
        "the schema, with no other text."
    )
    messages = (*turn.messages, Message("assistant", said), Message("user", wanted))
    return replace(turn, messages=messages)
