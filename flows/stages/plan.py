"""What a run would do, and cost, without sending anything or leaving a folder behind."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flows.stages.foreseeing import beyond
from flows.stages.outlook import Expectation, Outlook
from flows.stages.since import unopened
from parsers.reading import Unreadable, read
from pipeline.languages import with_language
from schemas.documents import Document
from schemas.mix import refusal
from schemas.requests import Usage
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would take. `modes` counts documents by how they would be shown, with the reason.

    `warning` says how far a budget below that goes, empty where there is none.
    """

    model: str
    documents: int
    unreadable: dict[str, int]
    needs_vision: int
    characters: int
    modes: dict[str, int]
    expected: Expectation
    warning: str = ""

    @property
    def requests(self) -> dict[str, int]:
        """How many requests recipes and filters would send."""
        return {name: usage.requests for name, usage in self.expected.by_account.items()}

    @property
    def usage(self) -> Usage:
        """All that would be paid."""
        return self.expected.total


_OWN_SIZE = re.compile(r"\d[\d,.]*(?= tokens| times)")  # a document's, in the reason why it is shown so


@dataclass(slots=True)
class _Count:
    documents: int = 0
    needs_vision: int = 0
    characters: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)


def plan(settings: Settings) -> Plan:
    """Return what `settings` would read, ask and cost. Documents are read; nothing is sent or kept.

    Raises:
        TunesmithError: the settings or sources cannot be used.
    """
    outlook, count = Outlook(settings), _Count()
    for document in _asked_about(settings, outlook, count):
        count.documents += 1
        count.characters += len(document.text)
        count.modes[outlook.generation.plan(document)] += 1
        outlook.see(document)
    expected = outlook.expectation()
    return Plan(
        settings.model,
        count.documents,
        dict(count.unreadable),
        count.needs_vision,
        count.characters,
        gathered(count.modes),
        expected,
        beyond(settings.budget, expected.total),
    )


def _asked_about(settings: Settings, outlook: Outlook, count: _Count) -> Iterator[Document]:
    """Yield the documents that recipes ask about, and count the others."""
    for found in read(
        settings.sources, settings.parse, limit=settings.limit, unopened=unopened(settings.since)
    ):
        if isinstance(found, Unreadable):
            count.unreadable[found.reason] += 1
        elif isinstance(found, Document):
            if settings.parse.transcribe:
                outlook.see_pages(found)
            if not found.has_text:
                count.needs_vision += 1
                continue
            document = with_language(found)
            if reason := refusal(settings, document.language):
                count.unreadable[reason] += 1
            else:
                yield document


def gathered(modes: Counter[str]) -> dict[str, int]:
    """Return how many documents are shown in each way: those that differ by size alone are one way."""
    counts, sizes = Counter[str](), defaultdict[str, list[str]](list)
    for mode, count in modes.items():
        way = _OWN_SIZE.sub("{}", mode, count=1)
        counts[way] += count
        sizes[way] += _OWN_SIZE.findall(mode)[:1]
    return {way.replace("{}", _range(sizes[way])): count for way, count in counts.most_common()}


def _range(sizes: Iterable[str]) -> str:
    """Return the least and the largest of `sizes`, written as they are."""
    ordered = sorted(sizes, key=lambda size: float(size.replace(",", "")))
    return " to ".join(dict.fromkeys((ordered[0], ordered[-1]))) if ordered else ""
