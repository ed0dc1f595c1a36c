"""Files of people's decisions: JSON lines, as `tunesmith rows --json` and the review page write them."""

from collections.abc import Mapping
from pathlib import Path

import orjson
from pydantic import ValidationError

from output.row_view import CONTEXT
from schemas.errors import SettingsError
from schemas.reviews import Said


def read_decisions(file: Path) -> list[Said]:
    """Return the decisions in a file of JSON lines. A line whose decision is null says nothing.

    Raises:
        SettingsError: the file cannot be read, or a line is no decision; says which and why.
    """
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        raise SettingsError("", f"{file}: {error.strerror}") from error
    placed = [(line, f"{file}:{number}") for number, line in enumerate(lines, 1) if line.strip()]
    rows = ((_row(line, place), place) for line, place in placed)
    return [said_in(row, place) for row, place in rows if row.get("decision", True)]


def _row(line: bytes, place: str) -> dict[str, object]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise SettingsError("", f"{place}: is no JSON ({error})") from error
    if not isinstance(row, dict):
        raise SettingsError("", f'{place}: is no decision, as in {{"id": "...", "decision": "reject"}}')
    return row


def said_in(row: Mapping[str, object], place: str = "decision") -> Said:
    """Return the decision in a row of `tunesmith rows --json`, or in one of a person's own.

    Raises:
        SettingsError: it is none; says why.
    """
    told = {name: value for name, value in row.items() if name not in CONTEXT and value is not None}
    try:
        return Said.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        named = "".join(f"{name}: " for name in first["loc"])
        raise SettingsError("", f"{place}: {named}{first['msg'].removeprefix('Value error, ')}") from error
