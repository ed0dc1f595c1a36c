"""Questions that take two passages to answer, linked by a name that few passages share."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from pydantic import Field

from pipeline.corpus import Corpus
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from schemas.answers import ReasonedAnswers
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Evidence, Sample

_TASK = """\
The material comes in two parts, which both speak of what stands between these tags:
<name-{tag}>{name}</name-{tag}>

Write {count} questions that can only be answered with both parts: with either part missing, the answer cannot
be found. The question does not give away what the first part says on the way to the second.
`steps` says what is taken from which part and what follows, `answer` is the result alone.
`kind` is "bridge" where one part leads to the other, "comparison" where both are compared.
{standalone}
{evidence} Quote both parts, at least once each. If no such question can be asked, leave `items` empty.
{language}"""


class MultiHopOptions(Options):
    """How many pairs of passages are asked about, at most."""

    most_pairs: int = Field(default=1000, ge=1)
    across_documents: bool = Field(default=False, description="pairs of different documents only")


class MultiHop:
    """Asks about pairs of linked passages, of one document or of two."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, MultiHopOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each pair, the rarest links first.

        Another round takes the next pairs, or the same ones anew where there are no more.
        """
        corpus, most = Corpus(passages, self._setup.seed), self._options.most_pairs
        for left, right, name in self._links(corpus, self._setup.round * most) or self._links(corpus, 0):
            pair = (replace(left, context=None), replace(right, context=None))
            task = _TASK.format(
                tag=left.document.id,
                name=name,
                count=self._setup.count,
                standalone=STANDALONE,
                evidence=EVIDENCE,
                language=language_rule(self._setup.language),
            )
            yield request("multi_hop", self._setup, pair, task, ReasonedAnswers, self._setup.count)

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
                language=self._setup.language,
                difficulty="hard",
            )
            touches_all = all(_touches(sample.evidence, passage) for passage in request.passages)
            yield sample if touches_all else replace(sample, fault="hop_without_evidence")

    def _links(self, corpus: Corpus, start: int) -> list[tuple[Passage, Passage, str]]:
        links = (link for link in corpus.linked() if self._fits(link[:2]))
        return list(islice(links, start, start + self._options.most_pairs))

    def _fits(self, pair: Sequence[object]) -> bool:
        ids = {passage.document.id for passage in pair if isinstance(passage, Passage)}
        return len(ids) > 1 or not self._options.across_documents


def _touches(evidence: Iterable[Evidence], passage: Passage) -> bool:
    return any(
        span.document_id == passage.document.id and span.start < passage.end and passage.start < span.end
        for span in evidence
    )


recipes.add(
    "multi_hop",
    RecipeEntry(
        MultiHop,
        "questions that need two linked passages, proven by leaving each out",
        CHAT_FORMATS,
        MultiHopOptions,
        1,
        scope="corpus",
        filters=("hops",),
    ),
)
