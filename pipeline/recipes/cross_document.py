"""Questions that take two or more documents to answer, of a pack that is shown whole and together."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipeline.follow_ups import Packed, extended
from pipeline.prompts import EVIDENCE, STANDALONE, Together, language_rule, pack_request, together
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, hard_question, touches
from schemas.answers import ReasonedAnswers
from schemas.contracts import RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_TASK = """\
The material is {documents} documents, each between tags of its own, which end in its number.

Write {count} questions that can only be answered with document {number}, between tags that begin with
<{tag}-{number}, and at least one other document together: with either missing, the answer cannot be found.
The question names what it is about, never a document or its number, and does not give away what one document
says on the way to the next.
`steps` says what is taken from which document and what follows, `answer` is the result alone.
`kind` is "bridge" where one document leads to the next, "comparison" where they are compared.
{standalone}
{evidence} Quote every document that the answer needs, at least two. If no such question can be asked, leave
`items` empty.
{language}"""


class CrossDocument:
    """Asks about each document of a pack beside the others."""

    def __init__(self, setup: RecipeSetup) -> None:
        self._setup = setup

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each document of the pack that `passages` are the parts of."""
        parts = tuple(passages)
        documents = tuple({part.document.id: part.context or part for part in parts}.values())
        if len(documents) > 1:
            pack = together(documents)
            yield from (self._asked(pack, parts, number) for number in range(len(documents)))

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each question; it is at fault where its evidence stands in one document alone.

        It was made from the parts that its evidence touches: they are what it is held to from here on.
        Evidence of the document that was asked about comes first: it is the one that the sample counts for.
        """
        assert isinstance(request, Packed)
        pack = tuple(passage.document.id for passage in request.passages)
        own = pack[request.number]
        for item in answer_of(reply, ReasonedAnswers).items:
            sample = hard_question(request, reply, item, self._setup.answer_language)
            touched = tuple(part.id for part in request.parts if touches(sample.evidence, part))
            found = replace(sample.origin, passages=touched, links=("pack",), pack=pack)
            several = len({span.document_id for span in sample.evidence}) > 1
            evidence = tuple(sorted(sample.evidence, key=lambda span: span.document_id != own))
            fault = None if several else "one_document_is_enough"
            yield replace(sample, evidence=evidence, origin=found, fault=fault)

    def shortened(self, request: Request) -> Iterator[Request]:
        """Yield what to ask where a pack is too long after all: about its document and half of the others."""
        assert isinstance(request, Packed)
        own = request.passages[request.number]
        others = [passage for passage in request.passages if passage is not own]
        half = tuple(others[: len(others) // 2])
        if half:
            yield self._asked(together((own, *half)), request.parts, 0)

    def _asked(self, pack: Together, parts: tuple[Passage, ...], number: int) -> Request:
        """Return the request about one of several documents."""
        documents = pack.documents
        task = _TASK.format(
            documents=len(documents),
            number=number + 1,
            tag=f"material-{documents[number].document.id}",
            count=self._setup.count,
            standalone=STANDALONE,
            evidence=EVIDENCE,
            language=language_rule(self._setup, documents[number]),
        )
        asked = pack_request("cross_document", self._setup, pack, task, ReasonedAnswers, self._setup.count)
        shown = {passage.document.id for passage in documents}
        own = tuple(part for part in parts if part.document.id in shown)
        return extended(asked, Packed, parts=own, number=number)


recipes.add(
    "cross_document",
    RecipeEntry(
        CrossDocument,
        "questions that need two or more documents, shown whole in packs",
        CHAT_FORMATS,
        default_count=1,
        scope="pack",
        filters=("hops",),
    ),
)
