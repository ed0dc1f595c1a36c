"""`text`: plain text for continued pretraining, or chats rendered with a chat template."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import has_images, not_a_chat
from output.reading import sample_of, text_in
from output.templates import ChatTemplate
from schemas.contracts import FormatEntry, FormatReader, FormatSetup, Row
from schemas.registry import formats
from schemas.requests import Message
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


class Text:
    """Rows with one `text`: the rendered chat, or its turns with an empty line between them."""

    def __init__(self, setup: FormatSetup) -> None:
        template = setup.settings.chat_template
        self._setup = setup
        self._template = ChatTemplate(template) if template else None

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat = chat_of(sample, self._setup.settings)
        if self._template:
            text = self._template.text(chat.turns, sample.tools)
        else:
            text = "\n\n".join(turn.content for turn in chat.turns if turn.content)
        row: dict[str, str | None] = {"text": text}
        if self._setup.traits.reasoning:
            row["reasoning"] = chat.reasoning
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        reasoning = [("reasoning", pa.string())] if self._setup.traits.reasoning else []
        return pa.schema([("text", pa.string()), *reasoning])


def misfit(sample: Sample) -> str | None:
    """Say what of a sample cannot be held."""
    return not_a_chat(sample) or has_images(sample)


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for: all of its text is to be learned."""
    return sample_of(row, (Message("assistant", text_in(row, "text")),))


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return isinstance(row.get("text"), str)


formats.add(
    "text",
    FormatEntry(
        Text, "plain or rendered text, for continued pretraining", misfit, FormatReader(recognises, read)
    ),
)
