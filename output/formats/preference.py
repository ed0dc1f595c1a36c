"""`preference`: prompts with a chosen and a rejected answer, as TRL's preference trainers read them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from output.chats import with_system
from output.fitting import not_a_preference
from output.images import image_row, image_type, read_images
from output.reading import sample_of
from output.turns import Turns, read_tools, read_turns, tools_text
from schemas.contracts import Cell, FormatEntry, FormatReader, FormatSetup, Row
from schemas.errors import UnreadableRow
from schemas.registry import formats
from schemas.requests import Image, Message
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


_SCORES = ("score_chosen", "score_rejected")


class Preference:
    """Rows with `prompt`, `chosen` and `rejected`, or with whole conversations where the prompt is implicit.

    Where a judge scored both answers, `score_chosen` and `score_rejected` say how.
    Reasoning never goes into the chosen answer alone, or its mere presence would be what is learned: it
    stands in a column of its own, or is dropped.
    """

    def __init__(self, setup: FormatSetup) -> None:
        self._settings, self._traits = setup.settings, setup.traits
        self._turns = Turns(setup.traits)

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        assert sample.chosen is not None
        assert sample.rejected is not None
        prompt = self._turns.rows(with_system(sample.messages, self._settings), sample.images)
        chosen, rejected = [self._turns.row(sample.chosen)], [self._turns.row(sample.rejected)]
        row: dict[str, Cell] = (
            {"chosen": prompt + chosen, "rejected": prompt + rejected}
            if self._settings.implicit_prompt
            else {"prompt": prompt, "chosen": chosen, "rejected": rejected}
        )
        if self._traits.reasoning:
            row["reasoning"] = sample.reasoning
        if self._traits.tools:
            row["tools"] = tools_text(sample.tools)
        if self._traits.scores:
            row |= dict(zip(_SCORES, _scores(sample), strict=True))
        if self._traits.images:
            row["images"] = [image_row(image) for image in sample.pictures]
        return row

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        turns = self._turns.arrow_type()
        names = ("chosen", "rejected") if self._settings.implicit_prompt else ("prompt", "chosen", "rejected")
        fields = [(name, turns) for name in names]
        fields += [("reasoning", pa.string())] if self._traits.reasoning else []
        fields += [("tools", pa.string())] if self._traits.tools else []
        fields += [(name, pa.float64()) for name in _SCORES] if self._traits.scores else []
        fields += [("images", pa.list_(image_type()))] if self._traits.images else []
        return pa.schema(fields)


def _scores(sample: Sample) -> tuple[float | None, ...]:
    """Return the scores of the chosen and the rejected answer, None for both where nobody gave any."""
    return tuple(each.verdict.score for each in sample.scored) or (None, None)


def read(row: Mapping[str, object]) -> Sample:
    """Return the sample that a row stands for: with a prompt or without, of turns or of plain text.

    Raises:
        UnreadableRow: it is none; says why.
    """
    images = read_images(row.get("images"))
    prompt = _turns(row["prompt"], "user", images) if row.get("prompt") else ()
    chosen, rejected = _turns(row["chosen"], "assistant"), _turns(row["rejected"], "assistant")
    if not prompt:
        prompt = chosen[:-1]
        if prompt != rejected[:-1]:
            raise UnreadableRow("'chosen' and 'rejected' start differently")
    placed = sum(len(turn.images) for turn in prompt)
    return sample_of(
        row,
        prompt,
        chosen=chosen[-1],
        rejected=rejected[-1],
        images=images[placed:],
        tools=read_tools(row.get("tools")),
    )


def _turns(value: object, role: str, images: tuple[Image, ...] = ()) -> tuple[Message, ...]:
    turns = read_turns([{"role": role, "content": value}] if isinstance(value, str) else value, images)
    if not turns:
        raise UnreadableRow(f"the {role}'s part is empty")
    return turns


def recognises(row: Mapping[str, object]) -> bool:
    """Whether a row is of this format."""
    return "chosen" in row and "rejected" in row


formats.add(
    "preference",
    FormatEntry(
        Preference,
        "prompts with a chosen and a rejected answer, for TRL's DPO and reward trainers",
        not_a_preference,
        FormatReader(recognises, read),
    ),
)
