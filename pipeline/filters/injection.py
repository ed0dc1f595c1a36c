"""Drops samples that obey, or pass on, what a document says to the model."""

from dataclasses import replace
from functools import lru_cache

from pipeline.facts.orders import injections, quoted_orders
from schemas.contracts import FilterEntry, FilterSetup
from schemas.documents import Document, PageNote, PageQuality, Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict


def with_marks(document: Document) -> Document:
    """Return `document` with a page note for each page that speaks to a model; itself where none does.

    The note's detail counts the places and shows the first. Documents without pages have it on page 1.
    """
    places: dict[int, list[str]] = {}
    for match in injections(document.text):
        places.setdefault(document.page_at(match.start()) or 1, []).append(match[0])
    notes = (
        PageNote(page, PageQuality.ADDRESSES_MODEL, f"{len(found)} in all, the first: {_shown(found[0])}")
        for page, found in places.items()
    )
    return replace(document, page_notes=(*document.page_notes, *notes)) if places else document


def _shown(found: str) -> str:
    return " ".join(found.split())[:80]


@lru_cache(maxsize=512)  # the samples of one passage come together
def _first(text: str) -> str:
    """Return what of `text` speaks to a model, first of all; an empty string for nothing."""
    return next((match[0] for match in injections(text)), "")


class Injection:
    """Compares a sample with the orders that its passages give to models."""

    def __init__(self, setup: FilterSetup) -> None:
        self._seed = setup.seed

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `passes_on_injection` or `obeys_injection`, else a keep.

        The detail of a keep shows what the passages say to a model, if they do.
        """
        told = "\n".join(sample.answers)
        said = f"{sample.question}\n{told}\n{sample.reasoning or ''}"
        if found := _first(said):
            return Verdict("injection", keep=False, reason="passes_on_injection", detail=found[:80])
        orders = (order for passage in passages for order in quoted_orders(passage.text))
        obeyed = next((order for order in orders if order.casefold() in told.casefold()), "")
        if obeyed:
            return Verdict("injection", keep=False, reason="obeys_injection", detail=obeyed)
        seen = next((found for passage in passages if (found := _first(passage.text))), "")
        return Verdict("injection", keep=True, detail=f"its source says: {_shown(seen)}" if seen else "")


filters.add(
    "injection", FilterEntry(Injection, "does not obey or repeat orders that a document gives to models")
)
