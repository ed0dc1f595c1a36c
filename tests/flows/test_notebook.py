"""The Python interface where an event loop runs already, as in a notebook."""

import asyncio
from pathlib import Path

import pytest

from flows import build
from tests.flows.prefect_server import HANDBOOK, Server


def test_a_build_under_a_running_event_loop_is_made_with_prefect(
    prefect_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_server.url)

    async def cell() -> int:
        made = build([HANDBOOK / "engineering-notes.md"], out=str(tmp_path / "run"), recipes=["qa"])
        return sum(1 for _ in made.samples())

    assert asyncio.run(cell()) > 0


def test_a_build_without_prefect_works_under_a_running_event_loop_too(tmp_path: Path) -> None:
    async def cell() -> int:
        notes = HANDBOOK / "engineering-notes.md"
        return build([notes], out=str(tmp_path / "run"), recipes=["qa"], direct=True).ledger["samples"].kept

    assert asyncio.run(cell()) > 0
