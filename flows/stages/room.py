"""How many batches are at work at once."""

import asyncio

# While one batch is judged, others are made: no slot of the endpoint waits for a batch's last sample. So many
# batches are begun at once, or as many as have this many documents for each request that may be in flight.
BATCHES_AT_ONCE = 4
DOCUMENTS_PER_SLOT = 2


class Room:
    """Holds some batches, or some documents for each of the endpoint's slots, whichever is more."""

    def __init__(self, slots: int) -> None:
        self._most_documents = DOCUMENTS_PER_SLOT * slots
        self._batches = self._documents = 0
        self._left = asyncio.Event()

    async def enter(self, documents: int) -> None:
        """Wait until there is room for a batch of so many documents, and take it."""
        while self._batches >= BATCHES_AT_ONCE and self._documents + documents > self._most_documents:
            self._left.clear()
            await self._left.wait()
        self._batches += 1
        self._documents += documents

    def leave(self, documents: int) -> None:
        """Make room again."""
        self._batches -= 1
        self._documents -= documents
        self._left.set()
