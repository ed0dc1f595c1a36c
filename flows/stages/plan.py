"""What a run would do, and cost, without sending anything or leaving a folder behind."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from flows.stages.since import unopened
from flows.stages.workshop import prepare, token_estimate
from parsers.reading import Unreadable, read
from pipeline.generation import Generation
from pipeline.languages import with_language
from pipeline.llms.endpoints import card_of
from pipeline.llms.estimate import estimate
from pipeline.transcribing import blind_pages
from schemas.documents import Document
from schemas.mix import quotas, refusal
from schemas.registry import providers
from schemas.requests import Request, Usage
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would take. `modes` counts documents by how they would be shown, with the reason."""

    model: str
    documents: int
    unreadable: dict[str, int]
    needs_vision: int
    characters: int
    modes: dict[str, int]
    requests: dict[str, int]
    usage: Usage


_OWN_SIZE = re.compile(r"\d[\d,.]*(?= tokens| times)")  # a document's, in the reason why it is shown so


@dataclass(slots=True)
class _Count:
    documents: int = 0
    needs_vision: int = 0
    characters: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    modes: Counter[str] = field(default_factory=Counter)
    requests: Counter[str] = field(default_factory=Counter)
    transcribing: Usage = field(default_factory=Usage)


def plan(settings: Settings) -> Plan:
    """Return what `settings` would read, ask and cost. Documents are read; nothing is sent or kept.

    The estimate covers generation; a judge's requests depend on what there will be to judge, and those of
    recipes about all documents on what links them. Packs are estimated as if nothing related documents.
    Pages are transcribed first; what is asked about their text shows only then.

    Raises:
        TunesmithError: the settings or sources cannot be used.
    """
    generation, _ = prepare(settings)
    count = _Count()
    card = card_of(settings, providers.get(settings.provider))
    left = {label: quota.count for label, quota in quotas(settings).items() if quota.per == "run"}

    def documents() -> Iterator[Document]:
        for found in read(
            settings.sources, settings.parse, limit=settings.limit, unopened=unopened(settings.since)
        ):
            if isinstance(found, Unreadable):
                count.unreadable[found.reason] += 1
            elif isinstance(found, Document):
                if settings.parse.transcribe:
                    pages = [page.request for page in blind_pages(found, settings) if page.request]
                    count.requests["transcribe"] += len(pages)
                    count.transcribing += estimate(pages, card)
                if not found.has_text:
                    count.needs_vision += 1
                    continue
                found = with_language(found)
                if reason := refusal(settings, found.language):
                    count.unreadable[reason] += 1
                    continue
                count.documents += 1
                count.characters += len(found.text)
                count.modes[generation.plan(found)] += 1
                yield found

    def requests() -> Iterator[Request]:
        for request in _asked(generation, documents()):
            if request.recipe in left:
                if left[request.recipe] <= 0:
                    continue  # a count per run is reached before all is asked
                left[request.recipe] -= request.count
            count.requests[request.recipe] += 1
            yield request

    usage = estimate(requests(), card, token_estimate(settings)) + count.transcribing
    return Plan(
        settings.model,
        count.documents,
        dict(count.unreadable),
        count.needs_vision,
        count.characters,
        gathered(count.modes),
        dict(+count.requests),
        usage,
    )


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


def _asked(generation: Generation, documents: Iterable[Document]) -> Iterator[Request]:
    """Yield what is asked about each document, and about packs of them in their order."""
    pack: list[Document] = []
    for document in documents:
        yield from generation.requests([document])
        if generation.asks("pack"):
            if not generation.pack_limits().hold([generation.packable(each) for each in (*pack, document)]):
                yield from generation.pack_requests(pack)
                pack = []
            pack.append(document)
    yield from generation.pack_requests(pack)
