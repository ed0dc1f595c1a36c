"""Samples from rows: what every format's way back has in common."""

import re
from collections.abc import Mapping
from dataclasses import replace

from output.provenance import read_evidence, read_origin
from schemas.errors import UnreadableRow
from schemas.requests import Image, Message
from schemas.samples import Sample
from schemas.text import whole_text

_THOUGHT = re.compile(r"\s*<think>\n?(.*?)\n?</think>\s*", re.DOTALL)


def sample_of(
    row: Mapping[str, object],
    turns: tuple[Message, ...],
    *,
    chosen: Message | None = None,
    rejected: Message | None = None,
    images: tuple[Image, ...] = (),
    tools: tuple[str, ...] = (),
) -> Sample:
    """Return a sample of `turns`, with what the row's other columns say of it.

    Reasoning comes from a column, or out of `<think>` tags at the start of the last answer.

    Raises:
        UnreadableRow: there are no turns.
    """
    if not turns:
        raise UnreadableRow("there are no turns")
    reasoning = text_in(row, "reasoning") or None
    if "reasoning" not in row and turns[-1].role == "assistant":
        turns, reasoning = _without_thought(turns)
    return Sample(
        recipe=text_in(row, "recipe") or "imported",
        kind=text_in(row, "kind"),
        messages=turns,
        origin=read_origin(row),
        evidence=read_evidence(row),
        reasoning=reasoning,
        chosen=chosen,
        rejected=rejected,
        images=images,
        language=text_in(row, "language") or None,
        difficulty=text_in(row, "difficulty") or None,
        tools=tools,
    )


def text_in(row: Mapping[str, object], column: str) -> str:
    """Return the text in a column, empty where there is none.

    Raises:
        UnreadableRow: the column holds something else.
    """
    value = row.get(column)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableRow(f"'{column}' is not text")
    return whole_text(value)


def _without_thought(turns: tuple[Message, ...]) -> tuple[tuple[Message, ...], str | None]:
    found = _THOUGHT.match(turns[-1].content)
    if found is None:
        return turns, None
    answer = replace(turns[-1], content=turns[-1].content[found.end() :])
    return (*turns[:-1], answer), found[1]
