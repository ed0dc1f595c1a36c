import asyncio
from pathlib import Path

from pipeline.llms.gateway import open_gateway
from schemas.settings import Settings


def test_another_thread_may_ask_how_far_the_built_in_engine_is(tmp_path: Path) -> None:
    async def done() -> int:
        async with open_gateway(Settings(), tmp_path) as gateway:
            return (await asyncio.to_thread(gateway.stats)).done

    assert asyncio.run(done()) == 0
