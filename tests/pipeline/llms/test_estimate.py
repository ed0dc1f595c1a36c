"""What an estimate says of the real recipes, against what the simulated endpoint then bills."""

import asyncio
from pathlib import Path

import pytest

from parsers.reading import read
from pipeline.generation import Generation
from pipeline.llms.endpoints import card_of
from pipeline.llms.estimate import estimate
from pipeline.llms.gateway import open_gateway
from pipeline.mix import build_recipes
from pipeline.tokens import TokenEstimate
from schemas.contracts import Price
from schemas.documents import Document
from schemas.registry import providers
from schemas.requests import Reply, Usage
from schemas.settings import ParseSettings, load_settings
from tests.endpoint.start import start_endpoint
from tests.pipeline.llms.asking import Collected

HANDBOOK = Path(__file__).parents[3] / "examples" / "handbook"


@pytest.fixture(scope="module")
def handbook() -> tuple[Document, ...]:
    found = read((str(HANDBOOK),), ParseSettings())
    return tuple(each for each in found if isinstance(each, Document) and each.has_text)


@pytest.mark.parametrize(
    ("recipe", "context"),
    [
        ("qa", "auto"),
        ("qa", "whole"),
        ("cot", "auto"),
        ("rewrite", "chunk"),
        ("table", "chunk"),
        ("summary", "whole"),
        ("conversation", "whole"),
        ("preference", "whole"),
        ("active_reading", "whole"),
    ],
)
def test_an_estimate_is_within_a_tenth_of_the_bill(
    handbook: tuple[Document, ...], tmp_path: Path, recipe: str, context: str
) -> None:
    with start_endpoint() as endpoint:
        settings = load_settings(
            {
                "model": "openai/simulated",
                "base_url": endpoint.base_url,
                "recipes": [recipe],
                "context": context,
                "format": "raw",
                "llm": {"price": {"prompt": 1.0, "cached": 0.25, "completion": 4.0}},
            }
        )
        recipes = build_recipes(settings, language_model=True)
        requests = list(Generation(settings, recipes, 100_000, TokenEstimate()).requests(handbook))
        told = estimate(requests, card_of(settings, providers.get("openai")))

        async def bill() -> Usage:
            collected = Collected()
            async with open_gateway(settings, tmp_path) as gateway:
                await gateway.run(requests, collected)
            assert all(isinstance(completion, Reply) for completion in collected.by_id.values())
            return sum((completion.usage for completion in collected.by_id.values()), Usage())

        paid = asyncio.run(bill())
    assert told.requests == paid.requests == len(requests) > 3
    assert told.prompt_tokens == pytest.approx(paid.prompt_tokens, rel=0.12)
    assert told.completion_tokens == pytest.approx(paid.completion_tokens, rel=0.10)
    assert told.cost_usd == pytest.approx(paid.cost_usd, rel=0.10)


def test_cached_tokens_without_a_price_of_their_own_are_not_free() -> None:
    settings = load_settings({"model": "openai/m", "llm": {"price": {"prompt": 2.0, "completion": 4.0}}})
    assert card_of(settings, providers.get("openai")).price == Price(2.0, 2.0, 4.0)
