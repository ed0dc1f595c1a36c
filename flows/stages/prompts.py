"""What a model would be asked, in full, without asking it."""

from collections.abc import Iterator, Sequence

from flows.stages.since import unopened
from flows.stages.workshop import prepare
from parsers.reading import read
from pipeline.languages import with_language
from schemas.documents import Document
from schemas.mix import labels, refusal
from schemas.requests import Request
from schemas.settings import Settings


def first_prompts(settings: Settings) -> list[Request]:
    """Return the first request of each recipe that asks about single documents. Nothing is sent or kept.

    Documents are read until each has one.

    Raises:
        TunesmithError: the settings or sources cannot be used.
    """
    generation, _ = prepare(settings)
    asking = {label for label in labels(settings.recipes) if generation.scope(label) == "document"}
    first: dict[str, Request] = {}
    for document in _documents(settings):
        for request in generation.requests([document]):
            first.setdefault(request.recipe, request)
            if first.keys() >= asking:
                return list(first.values())
    return list(first.values())


def prompts_text(requests: Sequence[Request]) -> str:
    """Return requests as a person reads them."""
    return "\n\n".join(
        f"=== {request.recipe}, {turn.role}\n{turn.content.strip()}"
        for request in requests
        for turn in request.messages
    )


def _documents(settings: Settings) -> Iterator[Document]:
    for found in read(
        settings.sources, settings.parse, limit=settings.limit, unopened=unopened(settings.since)
    ):
        if isinstance(found, Document) and found.has_text:
            document = with_language(found)
            if not refusal(settings, document.language):
                yield document
