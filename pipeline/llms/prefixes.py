"""What a server with a prefix cache remembers of the prompts it was sent."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.requests import Message, Request

_OPENING = 256  # characters by which earlier messages are found again
_MOST_OPENINGS = 512
_BLOCK = 64  # tokens that are kept or forgotten together


@dataclass(slots=True)
class Prefixes:
    """Prompts by how they begin, for each model by itself. `tokens` counts those of one message."""

    tokens: Callable[[Message], int]
    _starts: set[int] = field(default_factory=set)
    _last: OrderedDict[tuple[int, str], str] = field(default_factory=OrderedDict)

    def known(self, request: Request) -> int:
        """Return how many prompt tokens of a request were sent before it, and remember all of them."""
        start, known = hash(request.sampling.model), 0
        *before, last = request.messages
        is_known = True
        for message in before:
            behind, start = start, hash((start, message))
            if is_known and start in self._starts:
                known += self.tokens(message)
            elif is_known:
                is_known = False
                known += self._alike(behind, message)
            self._starts.add(start)
        known += self._alike(start, last) if is_known else 0
        return known - known % _BLOCK

    def _alike(self, start: int, message: Message) -> int:
        """Return how many tokens a message has in common with the one that came behind the same start."""
        content = message.content
        key = (start, content[:_OPENING])
        earlier = self._last.get(key, "")
        self._last[key] = content
        self._last.move_to_end(key)
        if len(self._last) > _MOST_OPENINGS:
            self._last.popitem(last=False)
        return self.tokens(Message(message.role, content[: _common(earlier, content)])) if earlier else 0


def _common(left: str, right: str) -> int:
    """Return with how many characters both begin."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
