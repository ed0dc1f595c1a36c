"""`prompt_completion`: what is shown, and what is learned, as TRL reads it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import has_images, not_a_chat
from output.reading import sample_of
from output.templates import ChatTemplate
from output.turns import Turns, read_tools, read_turns, tools_text
from schemas.contracts import Cell, FormatEntry, FormatReader, FormatSetup, Row
from schemas.registry import formats
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


class PromptCompletion:
    """Rows with `prompt` and `completion`: turns, or text where a chat template is set."""

    def __init__(self, setup: FormatSetup) -> None:
        template = setup.settings.chat_template
        self._setup, self._turns = setup, Turns(setup.traits)
        self._template = ChatTemplate(template) if template else None

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat, traits = chat_of(sample, self._setup.settings), self._setup.traits
        row: dict[str, Cell] = {}
        if self._template:
            row["prompt"] = self._template.text(chat.prompt, sample.tools, generation_prompt=True)
            row["completion"] = self._template.text(chat.turns, sample.tools).removeprefix(str(row["prompt"]))
        else:
            row["prompt"] = self._turns.rows(chat.prompt)
            row["completion"] = self._turns.rows([chat.completion])
        if traits.reasoning:
            row["reasoning"] = chat.reasoning
        if traits.tools:
            row["tools"] = tools_text(sample.tools)
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        kind = pa.string() if self._template else self._turns.arrow_type()
        fields = [("prompt", kind), ("completion", kind)]
        fields += [("reasoning", pa.string())] if self._setup.traits.reasoning else []
        fields += [("tools", pa.string())] if self._setup.traits.tools else []
        return pa.schema(fields)


def misfit(sample: Sample) -> str | None:
    """Say what of a sample cannot be held."""
    return not_a_chat(sample) or has_images(sample)


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for, of turns or of plain text.

    Raises:
        UnreadableRow: it is none; says why.
    """
    prompt, completion = row["prompt"], row["completion"]
    asked = [{"role": "user", "content": prompt}] if isinstance(prompt, str) else prompt
    told = [{"role": "assistant", "content": completion}] if isinstance(completion, str) else completion
    return sample_of(row, read_turns(asked) + read_turns(told), tools=read_tools(row.get("tools")))


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return "prompt" in row and "completion" in row


formats.add(
    "prompt_completion",
    FormatEntry(
        PromptCompletion, "a prompt and its completion, for TRL", misfit, FormatReader(recognises, read)
    ),
)
