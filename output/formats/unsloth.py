"""`unsloth`: chats under `conversations`, as Unsloth's notebooks read them."""

from collections.abc import Mapping
from functools import partial

from output.fitting import has_images, not_a_chat
from output.formats.messages import Messages, read_chat
from schemas.contracts import FormatEntry, FormatReader
from schemas.registry import formats
from schemas.samples import Sample


def misfit(sample: Sample) -> str | None:
    """Say what of a sample cannot be held."""
    return not_a_chat(sample) or has_images(sample)


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format: conversations whose turns have roles."""
    turns = row.get("conversations")
    return isinstance(turns, list) and all(isinstance(turn, Mapping) and "role" in turn for turn in turns)


formats.add(
    "unsloth",
    FormatEntry(
        partial(Messages, column="conversations"),
        "chats under conversations, for Unsloth",
        misfit,
        FormatReader(recognises, partial(read_chat, column="conversations")),
    ),
)
