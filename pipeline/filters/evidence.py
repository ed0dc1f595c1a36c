"""Drops a sample whose quotes do not stand in its source."""

from pydantic import Field

from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Document, Passage
from schemas.registry import filters
from schemas.samples import Evidence, Sample, Verdict


class EvidenceOptions(Options):
    """How many of the quotes that a model claimed must have been found."""

    min_located: float = Field(default=1.0, ge=0, le=1, description="share of the claimed quotes")
    exempt: tuple[str, ...] = Field(
        default=("unanswerable",), description="recipes and kinds whose answer has nothing to quote"
    )


class EvidenceFilter:
    """Scores a sample by the share of its claimed quotes that were found.

    A sample that was made from no passage at all has no source to quote, and passes.
    """

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, EvidenceOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `no_evidence`, `evidence_altered` or `evidence_not_found`, else a keep."""
        if not sample.origin.passages or {sample.recipe_name, sample.kind} & set(self._options.exempt):
            return Verdict("evidence", keep=True)
        if not sample.evidence and not sample.unlocated:
            return Verdict("evidence", keep=False, reason="no_evidence", score=0.0)
        documents = {passage.document.id: passage.document for passage in passages}
        altered = [span for span in sample.evidence if not _stands(span, documents)]
        if altered:
            return Verdict("evidence", False, "evidence_altered", 0.0, altered[0].quote[:200])
        score = len(sample.evidence) / (len(sample.evidence) + len(sample.unlocated))
        if not sample.evidence or score < self._options.min_located:
            return Verdict("evidence", False, "evidence_not_found", score, sample.unlocated[0][:200])
        return Verdict("evidence", keep=True, score=score)


def _stands(span: Evidence, documents: dict[str, Document]) -> bool:
    document = documents.get(span.document_id)
    return (
        document is not None
        and bool(span.quote.strip())
        and document.text[span.start : span.end] == span.quote
    )


filters.add(
    "evidence",
    FilterEntry(EvidenceFilter, "its quotes stand in the source, at their offsets", EvidenceOptions),
)
