"""`alpaca`: one instruction, one answer."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.chats import chat_of
from output.fitting import not_one_exchange
from output.reading import sample_of, text_in
from schemas.contracts import FormatEntry, FormatReader, FormatSetup, Row
from schemas.registry import formats
from schemas.requests import Message
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


class Alpaca:
    """Rows with `instruction`, `input` (empty) and `output`; `system` and `reasoning` where there are any."""

    def __init__(self, setup: FormatSetup) -> None:
        self._setup = setup

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat, traits = chat_of(sample, self._setup.settings), self._setup.traits
        row: dict[str, str | None] = {
            "instruction": sample.question,
            "input": "",
            "output": chat.completion.content,
        }
        if traits.system:
            row["system"] = next((turn.content for turn in chat.turns if turn.role == "system"), None)
        if traits.reasoning:
            row["reasoning"] = chat.reasoning
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        names = ["instruction", "input", "output"]
        names += ["system"] if self._setup.traits.system else []
        names += ["reasoning"] if self._setup.traits.reasoning else []
        return pa.schema([(name, pa.string()) for name in names])


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for; an input follows its instruction after an empty line.

    Raises:
        UnreadableRow: it is none; says why.
    """
    parts = [text for text in (text_in(row, "instruction"), text_in(row, "input")) if text]
    turns = (Message("user", "\n\n".join(parts)), Message("assistant", text_in(row, "output")))
    system = row.get("system")
    before = (Message("system", text_in(row, "system")),) if system is not None else ()
    return sample_of(row, before + turns)


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return "instruction" in row and "output" in row


formats.add(
    "alpaca",
    FormatEntry(Alpaca, "one instruction, one answer", not_one_exchange, FormatReader(recognises, read)),
)
