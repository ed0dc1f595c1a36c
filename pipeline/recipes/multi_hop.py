"""Questions that take two to four passages to answer, linked by names that few passages share."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from pydantic import Field

from pipeline.corpus import Chain, Corpus
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.rounds import turn
from pipeline.samples import answer_of, question_and_answer
from schemas.answers import ReasonedAnswers
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Evidence, Sample

_TASK = """\
The material comes in {parts} parts, linked by what stands between these tags:
<name-{tag}>{names}</name-{tag}>

Write {count} questions that can only be answered with all parts together: with any one missing, the answer
cannot be found. The question does not give away what one part says on the way to the next.
`steps` says what is taken from which part and what follows, `answer` is the result alone.
`kind` is "bridge" where one part leads to the next, "comparison" where they are compared.
{standalone}
{evidence} Quote every part, at least once. If no such question can be asked, leave `items` empty.
{language}"""
_PARTS = {2: "two", 3: "three", 4: "four"}


class MultiHopOptions(Options):
    """How many passages a question takes, and how many such sets are asked about, at most."""

    passages: int = Field(default=2, ge=2, le=4, description="that a question takes, each of which is needed")
    most_pairs: int = Field(default=1000, ge=1, description="sets of passages that are asked about")
    across_documents: bool = Field(default=False, description="only passages of different documents")


class MultiHop:
    """Asks about linked passages, of one document or of several."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, MultiHopOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each set of linked passages, the rarest links first.

        Another round takes the next sets, or the same ones anew where there are no more.
        """
        corpus, (start, count) = Corpus(passages, self._setup.seed), self._turn()
        for chain in self._chains(corpus, start, count) or self._chains(corpus, 0, count):
            task = _TASK.format(
                parts=_PARTS[len(chain.passages)],
                tag=chain.passages[0].document.id,
                names=", ".join(chain.names),
                count=self._setup.count,
                standalone=STANDALONE,
                evidence=EVIDENCE,
                language=language_rule(self._setup, chain.passages[0]),
            )
            shown = tuple(replace(passage, context=None) for passage in chain.passages)
            yield request("multi_hop", self._setup, shown, task, ReasonedAnswers, self._setup.count)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each question; it is at fault where its evidence leaves a passage out."""
        for item in answer_of(reply, ReasonedAnswers).items:
            sample = question_and_answer(
                request,
                reply,
                item.question,
                item.answer,
                item.evidence,
                kind=item.kind,
                reasoning="\n".join(step.strip() for step in item.steps),
                language=self._setup.answer_language,
                difficulty="hard",
            )
            touches_all = all(_touches(sample.evidence, passage) for passage in request.passages)
            yield sample if touches_all else replace(sample, fault="hop_without_evidence")

    def _turn(self) -> tuple[int, int]:
        """Return how many sets the earlier rounds took, and how many this one takes."""
        most = self._options.most_pairs
        return (self._setup.round * most, most) if self._setup.wanted is None else turn(self._setup, most)

    def _chains(self, corpus: Corpus, start: int, count: int) -> list[Chain]:
        chains = (chain for chain in corpus.linked(self._options.passages) if self._fits(chain))
        return list(islice(chains, start, start + count))

    def _fits(self, chain: Chain) -> bool:
        documents = {passage.document.id for passage in chain.passages}
        return not self._options.across_documents or len(documents) == len(chain.passages)


def _touches(evidence: Iterable[Evidence], passage: Passage) -> bool:
    return any(
        span.document_id == passage.document.id and span.start < passage.end and passage.start < span.end
        for span in evidence
    )


recipes.add(
    "multi_hop",
    RecipeEntry(
        MultiHop,
        "questions that need two to four linked passages, proven by leaving each out",
        CHAT_FORMATS,
        MultiHopOptions,
        1,
        scope="corpus",
        filters=("hops",),
    ),
)
