"""Questions that take two to four passages to answer, linked by rare names that they share, or by meaning."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from typing import Literal

from pydantic import Field

from pipeline.corpus import Chain, Corpus, Link
from pipeline.follow_ups import Linked, extended
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.related import Band
from pipeline.rounds import turn
from pipeline.samples import answer_of, hard_question, touches
from schemas.answers import ReasonedAnswers
from schemas.contracts import Aid, Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample
from schemas.vectors import Vectors

_TASK = """\
The material comes in {parts} parts, {linked}

Write {count} questions that can only be answered with all parts together: with any one missing, the answer
cannot be found. The question does not give away what one part says on the way to the next.
`steps` says what is taken from which part and what follows, `answer` is the result alone.
`kind` is "bridge" where one part leads to the next, "comparison" where they are compared.
{standalone}
{evidence} Quote every part, at least once. If no such question can be asked, leave `items` empty.
{language}"""
_BY_NAMES = """\
linked by what stands between these tags:
<name-{tag}>{names}</name-{tag}>"""
_BY_MEANING = "which are about related things."
_PARTS = {2: "two", 3: "three", 4: "four"}


class MultiHopOptions(Options):
    """How many passages a question takes, and how many such sets are asked about, at most."""

    passages: int = Field(default=2, ge=2, le=4, description="that a question takes, each of which is needed")
    most_pairs: int = Field(default=1000, ge=1, description="sets of passages that are asked about")
    link: Literal["names", "meaning", "both"] = Field(
        default="both",
        description="rare names that passages share, nearness of their vectors, or both in turn where "
        "`embeddings.model` is set",
    )
    nearer_than: float = Field(
        default=0.95, ge=0, lt=1, description="share of random pairs of passages; linked ones are nearer"
    )
    too_near: float = Field(
        default=0.9, gt=0, le=1, description="passages whose cosine is at least this say the same"
    )
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
        corpus = Corpus(passages, self._setup.seed)
        yield from self._asked(corpus, [] if self._options.link == "meaning" else list(corpus.by_names()))

    def requests_near(self, passages: Iterable[Passage], vectors: Vectors) -> Iterator[Request]:
        """Yield requests as above, for sets of passages that are linked by names and by meaning in turn."""
        corpus, options = Corpus(passages, self._setup.seed), self._options
        near = corpus.by_meaning(vectors, Band(options.nearer_than, options.too_near), self._setup.seed)
        named = corpus.by_names() if options.link == "both" else iter(())
        in_turn = (link for pair in zip_longest(named, near) for link in pair if link is not None)
        yield from self._asked(corpus, list(in_turn))

    def _asked(self, corpus: Corpus, links: list[Link]) -> Iterator[Request]:
        start, count = self._turn()
        for chain in self._chains(corpus, links, start, count) or self._chains(corpus, links, 0, count):
            task = _TASK.format(
                parts=_PARTS[len(chain.passages)],
                linked=_linked(chain),
                count=self._setup.count,
                standalone=STANDALONE,
                evidence=EVIDENCE,
                language=language_rule(self._setup, chain.passages[0]),
            )
            shown = tuple(replace(passage, context=None) for passage in chain.passages)
            asked = request("multi_hop", self._setup, shown, task, ReasonedAnswers, self._setup.count)
            by = (*(f"name: {name}" for name in chain.names), *(("meaning",) if chain.by_meaning else ()))
            yield extended(asked, Linked, links=by)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each question; it is at fault where its evidence leaves a passage out."""
        for item in answer_of(reply, ReasonedAnswers).items:
            sample = hard_question(request, reply, item, self._setup.answer_language)
            links = request.links if isinstance(request, Linked) else ()
            sample = replace(sample, origin=replace(sample.origin, links=links))
            touches_all = all(touches(sample.evidence, passage) for passage in request.passages)
            yield sample if touches_all else replace(sample, fault="hop_without_evidence")

    def _turn(self) -> tuple[int, int]:
        """Return how many sets the earlier rounds took, and how many this one takes."""
        most = self._options.most_pairs
        return (self._setup.round * most, most) if self._setup.wanted is None else turn(self._setup, most)

    def _chains(self, corpus: Corpus, links: list[Link], start: int, count: int) -> list[Chain]:
        chains = (chain for chain in corpus.linked(links, self._options.passages) if self._fits(chain))
        return list(islice(chains, start, start + count))

    def _fits(self, chain: Chain) -> bool:
        documents = {passage.document.id for passage in chain.passages}
        return not self._options.across_documents or len(documents) == len(chain.passages)


def _linked(chain: Chain) -> str:
    if not chain.names:
        return _BY_MEANING
    return _BY_NAMES.format(tag=chain.passages[0].document.id, names=", ".join(chain.names))


def _aids(options: Options) -> frozenset[Aid]:
    assert isinstance(options, MultiHopOptions)
    aids: dict[str, frozenset[Aid]] = {
        "meaning": frozenset({"vectors"}),
        "both": frozenset({"vectors_where_set"}),
    }
    return aids.get(options.link, frozenset())


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
        aids=_aids,
    ),
)
