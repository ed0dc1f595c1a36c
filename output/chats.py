"""A sample as the chat that a trainer sees, under the output settings."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from schemas.contracts import Traits
from schemas.requests import Image, Message
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
    wants_field = settings.reasoning == "field" or (preference and settings.reasoning != "drop")
    turns = tuple(every_turn(sample))
    return Traits(
        reasoning=sample.reasoning is not None and wants_field,
        system=bool(settings.system_prompt) or any(turn.role == "system" for turn in turns),
        tools=bool(sample.tools) or any(turn.tool_calls or turn.role == "tool" for turn in turns),
        images=bool(sample.images) or any(turn.images for turn in turns),
        preference=preference,
    )


def every_turn(sample: Sample) -> Iterator[Message]:
    """Yield all turns of a sample, those of a preference too."""
    yield from sample.messages
    yield from (turn for turn in (sample.chosen, sample.rejected) if turn is not None)


def images_of(sample: Sample) -> tuple[Image, ...]:
    """Return all images of a sample: its own first, then those of its turns in their order."""
    return sample.images + tuple(image for turn in every_turn(sample) for image in turn.images)
