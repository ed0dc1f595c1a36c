"""A process that asks 300 questions and may be killed: `python -m tests.pipeline.llms.killed URL FOLDER`.

A third argument is the size in bytes that its files may have at most, as on a disk that fills up.
"""

import asyncio
import resource
import sys
from pathlib import Path

from pipeline.llms.gateway import open_gateway
from schemas.requests import Reply
from tests.pipeline.llms.asking import Collected, questions, settings_for


async def work(base_url: str, replies: Path) -> None:
    collected = Collected()
    async with open_gateway(settings_for(base_url, concurrency=8), replies) as gateway:
        await gateway.run(questions(300), collected)
    print(sum(isinstance(completion, Reply) for completion in collected.by_id.values()))


if __name__ == "__main__":
    if len(sys.argv) > 3:
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
    asyncio.run(work(sys.argv[1], Path(sys.argv[2])))
