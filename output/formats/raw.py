"""`raw`: everything that is known of a sample, for the next program."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from output.chats import every_turn
from output.images import image_row, image_type, read_images
from output.reading import sample_of, text_in
from output.turns import Turns, read_tools, read_turns, tools_text
from schemas.contracts import Cell, FormatEntry, FormatReader, FormatSetup, Row, Traits
from schemas.registry import formats
from schemas.requests import Image, Message
from schemas.samples import Sample, Scored, Verdict

if TYPE_CHECKING:
    import pyarrow as pa

_SCORED = ("sample", "model", "filter", "reason", "detail")
_ALL = Traits(tools=True, images=True)


class Raw:
    """Rows with every field, the same columns always. Settings about chats change nothing here.

    `images` holds those that the turns show, in their order, then those of the sample as a whole.
    """

    def __init__(self, setup: FormatSetup) -> None:  # noqa: ARG002  # the contract's
        self._turns = Turns(_ALL)

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        images = [*(image for turn in every_turn(sample) for image in turn.images), *sample.images]
        row: dict[str, Cell] = {
            "messages": self._turns.rows(sample.messages),
            "chosen": self._maybe(sample.chosen),
            "rejected": self._maybe(sample.rejected),
            "reasoning": sample.reasoning,
            "tools": tools_text(sample.tools),
            "images": [image_row(image) for image in images],
            "unlocated": list(sample.unlocated),
            "passages": list(sample.origin.passages),
            "repaired": sample.origin.repaired,
            "pack": list(sample.origin.pack),
            "scored": [_scored_row(each) for each in sample.scored],
        }
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        turns, text = self._turns.arrow_type(), pa.string()
        columns = {
            **dict.fromkeys(("messages", "chosen", "rejected"), turns),
            "reasoning": text,
            "tools": text,
            "images": pa.list_(image_type()),
            "unlocated": pa.list_(text),
            "passages": pa.list_(text),
            "repaired": pa.bool_(),
            "pack": pa.list_(text),
            "scored": pa.list_(pa.struct([*((name, text) for name in _SCORED), ("score", pa.float64())])),
        }
        return pa.schema(list(columns.items()))

    def _maybe(self, turn: Message | None) -> list[Row] | None:
        return None if turn is None else [self._turns.row(turn)]


def misfit(sample: Sample) -> str | None:  # noqa: ARG001  # the contract's
    """Say what of a sample cannot be held: nothing."""
    return None


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for.

    Raises:
        UnreadableRow: it is none; says why.
    """
    images = iter(read_images(row.get("images")))
    turns = read_turns(row["messages"], images)
    chosen, rejected = (_maybe_turn(row.get(name), images) for name in ("chosen", "rejected"))
    sample = sample_of(
        row,
        turns,
        chosen=chosen,
        rejected=rejected,
        images=tuple(images),
        tools=read_tools(row.get("tools")),
    )
    passages, unlocated, pack = (_texts(row.get(name)) for name in ("passages", "unlocated", "pack"))
    origin = replace(sample.origin, passages=passages, repaired=bool(row.get("repaired")), pack=pack)
    return replace(sample, origin=origin, unlocated=unlocated, scored=_read_scored(row.get("scored")))


def _scored_row(scored: Scored) -> Row:
    verdict = scored.verdict
    said = (scored.sample_id, scored.model, verdict.filter, verdict.reason, verdict.detail)
    return dict(zip(_SCORED, said, strict=True)) | {"score": verdict.score}


def _read_scored(value: object) -> tuple[Scored, ...]:
    rows = [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []
    return tuple(_scored(row) for row in rows)


def _scored(row: Mapping[str, object]) -> Scored:
    sample, model, filter_, reason, detail = (text_in(row, name) for name in _SCORED)
    score = row.get("score")
    number = float(score) if isinstance(score, int | float) else None
    return Scored(sample, model, Verdict(filter_, not reason, reason, number, detail))


def _maybe_turn(value: object, images: Iterator[Image]) -> Message | None:
    return read_turns(value, images)[0] if value else None


def _texts(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, list) else ()


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return {"messages", "unlocated", "passages", "repaired"} <= row.keys()


formats.add(
    "raw",
    FormatEntry(Raw, "everything that is known of a sample", misfit, FormatReader(recognises, read)),
)
