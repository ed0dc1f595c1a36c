"""The engine behind the endpoint: slots, prefill and decode time, and a prefix cache."""

import asyncio
import hashlib
import random
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.endpoint.options import Options
from tests.endpoint.tokens import BLOCK_CHARACTERS


@dataclass(slots=True)
class Busy:
    """How long slots were taken, in slot-seconds, and between which first and last moment."""

    slot_seconds: float = 0.0
    taken: int = 0
    first: float | None = None
    last: float = 0.0
    _since: float = 0.0

    def change(self, by: int) -> None:
        """Note that `by` more slots are taken."""
        now = time.monotonic()
        self.slot_seconds += self.taken * (now - self._since) if self.first is not None else 0.0
        self.first = now if self.first is None else self.first
        self.last = self._since = now
        self.taken += by


@dataclass(slots=True)
class Prefixes:
    """Blocks of prompts that were read before, the least used ones forgotten."""

    capacity: int
    _known: OrderedDict[bytes, None] = field(default_factory=OrderedDict)

    def known_share(self, chain: list[bytes]) -> float:
        """Return which share of a prompt's blocks, from the start, is known."""
        known = 0
        for block in chain:
            if block not in self._known:
                break
            self._known.move_to_end(block)
            known += 1
        return known / len(chain) if chain else 0.0

    def learn(self, chain: list[bytes]) -> None:
        """Keep a prompt's blocks."""
        for block in chain:
            self._known[block] = None
            self._known.move_to_end(block)
        while len(self._known) > self.capacity:
            self._known.popitem(last=False)


class Engine:
    """Serves as many requests at once as it has slots; the others wait their turn."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._slots = asyncio.Semaphore(options.slots)
        self._prefixes = Prefixes(options.prefix_blocks)
        self._random = random.Random(options.seed)
        self.busy = Busy()

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """Hold a slot while a request is read and its answer written."""
        async with self._slots:
            self.busy.change(1)
            try:
                yield
            finally:
                self.busy.change(-1)

    async def read(self, prompt: str, tokens: int) -> int:
        """Take the time that a prompt takes. Return how many of its tokens came from the cache."""
        options = self._options
        chain = _chain(prompt)
        cached = int(tokens * self._prefixes.known_share(chain))
        await _take(tokens - cached, options.prefill_tokens_per_s)
        self._prefixes.learn(chain)
        if options.fixed_s:
            share = self._random.uniform(1 - options.spread, 1 + options.spread)
            await asyncio.sleep(options.fixed_s * share)
        return cached

    async def write(self, tokens: int) -> None:
        """Take the time that so many tokens of an answer take."""
        await _take(tokens, self._options.decode_tokens_per_s)


async def _take(tokens: int, per_s: float) -> None:
    if per_s:
        await asyncio.sleep(tokens / per_s)


def _chain(prompt: str) -> list[bytes]:
    """Return one hash per block, each over all that stands before it too."""
    digest = hashlib.blake2b(digest_size=12)
    chain: list[bytes] = []
    for start in range(0, len(prompt) - BLOCK_CHARACTERS + 1, BLOCK_CHARACTERS):
        digest.update(prompt[start : start + BLOCK_CHARACTERS].encode("utf-8", "replace"))
        chain.append(digest.copy().digest())
    return chain
