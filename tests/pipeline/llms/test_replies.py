"""What an estimate says before a run, and what `tunesmith replies` lists after it."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest

from pipeline.llms.estimate import estimate
from pipeline.llms.gateway import open_gateway
from pipeline.llms.replies import list_replies, prune_replies, spent_on
from schemas.contracts import ModelCard, Price
from schemas.errors import RunFolderError, UnknownName
from tests.endpoint.start import start_endpoint
from tests.pipeline.llms.asking import MODEL, Collected, questions, settings_for


def test_an_estimate_is_within_a_tenth_of_what_is_then_paid(tmp_path: Path) -> None:
    async def work(base_url: str) -> float:
        price = {"prompt": 1.0, "cached": 0.0, "completion": 2.0}
        async with open_gateway(settings_for(base_url, price=price), tmp_path) as gateway:
            await gateway.run(questions(100), Collected())
            return gateway.stats().usage.cost_usd

    with start_endpoint() as endpoint:
        actual = asyncio.run(work(endpoint.base_url))
    card = ModelCard(MODEL, price=Price(prompt=1.0, cached=0.0, completion=2.0))
    assert estimate(questions(100), card).cost_usd == pytest.approx(actual, rel=0.10)


@pytest.mark.parametrize(
    ("content", "words"), [(b"no database" * 500, "move replies.sqlite3"), (None, "newer Tunesmith")]
)
def test_a_journal_that_is_damaged_or_of_a_newer_version_is_told_with_a_way_out(
    content: bytes | None, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "replies.sqlite3"
    if content is not None:
        file.write_bytes(content)
    else:
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.execute("PRAGMA user_version = 7")
    with pytest.raises(RunFolderError, match=words):
        list_replies(tmp_path)


def test_replies_are_listed_summed_and_pruned(tmp_path: Path) -> None:
    async def work(base_url: str) -> None:
        async with open_gateway(settings_for(base_url), tmp_path) as gateway:
            await gateway.run(questions(12), Collected())

    with start_endpoint() as endpoint:
        asyncio.run(work(endpoint.base_url))
    [kept] = list_replies(tmp_path)
    assert (kept.recipe, kept.replies, kept.refusals) == ("qa", 12, 0)
    assert spent_on(tmp_path)["qa"] == kept.usage
    assert list_replies(tmp_path, recipe="qa") == (kept,)
    assert list_replies(tmp_path, older_than_days=1) == ()
    with pytest.raises(UnknownName, match="did you mean 'qa'"):
        prune_replies(tmp_path, recipe="qqa")
    assert prune_replies(tmp_path, refusals=True) == 0
    assert prune_replies(tmp_path, older_than_days=1) == 0
    assert prune_replies(tmp_path, recipe="qa") == 12
    assert list_replies(tmp_path) == ()
    with pytest.raises(RunFolderError, match="no journal"):
        list_replies(tmp_path / "elsewhere")
