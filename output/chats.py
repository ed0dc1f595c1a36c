"""A sample as the chat that a trainer sees, under the output settings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.contracts import Traits
from schemas.requests import Message
from schemas.samples import Sample
from schemas.settings import OutputSettings

THINK = "<think>\n{reasoning}\n</think>\n\n{answer}"
ANSWER = "{reasoning}\n\n{answer}"


@dataclass(frozen=True, slots=True)
class Chat:
    """The turns of one sample. `reasoning` is set where it shall be a column of its own."""

    turns: tuple[Message, ...]
    reasoning: str | None = None

    @property
    def prompt(self) -> tuple[Message, ...]:
        """All turns before the last."""
        return self.turns[:-1]

    @property
    def completion(self) -> Message:
        """The last turn."""
        return self.turns[-1]


def chat_of(sample: Sample, settings: OutputSettings) -> Chat:
    """Return the chat of a sample that is no preference, with its reasoning where the settings want it."""
    turns = with_system(sample.messages, settings)
    if sample.reasoning is None or settings.reasoning == "drop":
        return Chat(turns)
    if settings.reasoning == "field":
        return Chat(turns, sample.reasoning)
    form = THINK if settings.reasoning == "think" else ANSWER
    told = form.format(reasoning=sample.reasoning, answer=turns[-1].content)
    return Chat((*turns[:-1], replace(turns[-1], content=told)))


def with_system(turns: tuple[Message, ...], settings: OutputSettings) -> tuple[Message, ...]:
    """Return the turns with the settings' system prompt, where they have no system turn of their own."""
    if not settings.system_prompt or any(turn.role == "system" for turn in turns):
        return turns
    return (Message("system", settings.system_prompt), *turns)


def traits_of(sample: Sample, settings: OutputSettings) -> Traits:
    """Return which optional columns the sample needs."""
    preference = sample.chosen is not None or sample.rejected is not None
    system, tools, images = bool(settings.system_prompt), bool(sample.tools), bool(sample.images)
    for turn in every_turn(sample):
        system = system or turn.role == "system"
        tools = tools or turn.role == "tool" or bool(turn.tool_calls)
        images = images or bool(turn.images)
    wants_field = settings.reasoning == "field" or (preference and settings.reasoning != "drop")
    reasoning = sample.reasoning is not None and wants_field
    return Traits(reasoning, system, tools, images, preference, bool(sample.scored))


def every_turn(sample: Sample) -> Iterator[Message]:
    """Yield all turns of a sample, those of a preference too."""
    yield from sample.messages
    if sample.chosen is not None:
        yield sample.chosen
    if sample.rejected is not None:
        yield sample.rejected
