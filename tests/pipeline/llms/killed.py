"""A process that asks 300 questions and may be killed: `python -m tests.pipeline.llms.killed URL FOLDER`.

A third argument is the size in bytes up to which its files may grow, as on a disk that fills up.
"""

import asyncio
import resource
import sys
from pathlib import Path

from pipeline.llms.gateway import open_gateway
from schemas.requests import Reply
from tests.pipeline.llms.asking import Collected, questions, settings_for


async def work(base_url: str, replies: Path, most_bytes: int) -> None:
    collected = Collected()
    async with open_gateway(settings_for(base_url, concurrency=8), replies) as gateway:
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
        await gateway.run(questions(300), collected)
    print(sum(isinstance(completion, Reply) for completion in collected.by_id.values()))


if __name__ == "__main__":
    most_bytes = int(sys.argv[3]) if len(sys.argv) > 3 else resource.RLIM_INFINITY
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), most_bytes))
