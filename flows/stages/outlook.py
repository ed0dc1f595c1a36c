"""What a whole run will ask and cost, from its documents alone: every stage that asks a model is in it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from flows.loops import run_to_end
from flows.stages.nearness import links_by_meaning, text_of_passage
from flows.stages.workshop import prepare, token_estimate
from pipeline.foresight import GENERATING, Foreseen, Foresight, Line
from pipeline.llms.embeddings.embedder import embedding_settings
from pipeline.llms.endpoints import batch_price, card_of, judge_asking, juror_asking
from pipeline.llms.estimate import CardOf, estimate
from pipeline.rough_vectors import rough_vectors
from pipeline.rounds import asked_for
from pipeline.transcribing import blind_pages
from schemas.contracts import ModelCard
from schemas.documents import Document
from schemas.mix import quotas, rest_of
from schemas.registry import providers
from schemas.requests import Request, Usage
from schemas.settings import Settings

EMBEDDINGS = "embeddings"
TRANSCRIBING = "transcribe"
# Where a number of samples is wanted, it is asked for as if so many of those that are made were accepted.
_ACCEPTED = 0.8
_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a run is expected to take, by stage and recipe, how many samples, and what that assumes."""

    lines: tuple[Line, ...] = ()
    samples: int = 0
    assumed: tuple[str, ...] = ()

    @property
    def total(self) -> Usage:
        """All lines together."""
        return sum((line.usage for line in self.lines), Usage())

    @property
    def by_account(self) -> dict[str, Usage]:
        """The same as the journal counts: what recipes ask by recipe, what filters ask by filter."""
        found: dict[str, Usage] = {}
        for line in self.lines:
            name = line.recipe if line.stage == GENERATING else line.stage
            found[name] = found.get(name, Usage()) + line.usage
        return found


class Outlook:
    """Takes in a run's documents one by one, as they are read, and says what the run will take."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.generation, curation = prepare(settings)
        self._curation = curation
        self._foresight = Foresight(
            self.generation, curation, cards(settings), token_estimate(settings), settings.seed
        )
        self._wanted = {
            label: ceil(asked_for(quota.count))
            for label, quota in quotas(settings).items()
            if quota.per == "run"
        }
        self._left = {
            label: count
            for label, count in self._wanted.items()
            if self.generation.scope(label) == "document"
        }
        self._pack: list[Document] = []
        self._corpus: list[Document] = []
        self._texts = _Texts(settings)
        self._transcribed = Usage()

    def see(self, document: Document) -> None:
        """Take in a document that is asked about."""
        generation = self.generation
        for request in generation.requests([document]):
            self._ask(request)
        if generation.asks("pack"):
            self._texts.add(document.text)
            together = [generation.packable(each) for each in (*self._pack, document)]
            if not generation.pack_limits().hold(together):
                self._end_pack()
            self._pack.append(document)
        if generation.asks("corpus"):
            self._corpus.append(document)

    def see_pages(self, document: Document) -> int:
        """Take in the pages that a model has to read first, and return how many there are."""
        pages = [page.request for page in blind_pages(document, self._settings) if page.request]
        entry = providers.get(self._settings.provider)
        self._transcribed += estimate(pages, card_of(self._settings, entry))
        return len(pages)

    @property
    def asks_judge(self) -> bool:
        """Whether a model is asked about samples, whoever makes them."""
        return self._curation.asks_model

    def expectation(self, documents_per_seen: float = 1.0) -> Expectation:
        """Return what the run will take, once all documents are seen, or some that stand for all."""
        self._end_pack()
        if self.generation.asks("corpus"):
            self._see_corpus()
        foreseen = run_to_end(self._foresight.foreseen())
        times = self._times(foreseen, documents_per_seen)
        lines = [replace(line, usage=line.usage * times.get(line.recipe, 1.0)) for line in foreseen.lines]
        samples = round(sum(count * times.get(recipe, 1.0) for recipe, count in foreseen.samples.items()))
        self._texts.add_alike(samples, foreseen.sample_characters)
        if self._texts.usage.requests:
            lines.append(Line(EMBEDDINGS, "", self._texts.usage))
        if self._transcribed.requests:
            lines.append(Line(TRANSCRIBING, "", self._transcribed))
        return Expectation(tuple(lines), samples, tuple(self._assumed(lines, documents_per_seen)))

    def _ask(self, request: Request) -> None:
        left = self._left.get(request.recipe)
        if left is not None:
            if left <= 0:
                return  # a count per run is reached before all is asked
            self._left[request.recipe] = left - request.count
        self._foresight.ask(request)

    def _end_pack(self) -> None:
        for request in self.generation.pack_requests(self._pack):
            self._foresight.ask(request)
        self._pack = []

    def _see_corpus(self) -> None:
        vectors = None
        if links_by_meaning(self._settings):
            passages = self.generation.corpus_passages(self._corpus)
            vectors = rough_vectors(passages)
            for passage in passages:
                self._texts.add(text_of_passage(passage))
        for request in self.generation.corpus_requests(lambda: self._corpus, vectors):
            self._foresight.ask(request)

    def _times(self, foreseen: Foreseen, documents_per_seen: float) -> dict[str, float]:
        """Return how many times what is foreseen each recipe takes: for documents that were not seen, and for
        further rounds where one does not reach the target."""
        times = {label: 1.0 if label in self._wanted else documents_per_seen for label in foreseen.samples}
        rest, counted = rest_of(self._settings), quotas(self._settings)
        made: dict[str, float] = {
            label: count * times[label] for label, count in foreseen.samples.items() if label not in counted
        }
        one_round = sum(made.values())
        if rest is not None and one_round:
            left = max(0.0, rest - _ACCEPTED * one_round)
            rounds = 1 + asked_for(left) / _ACCEPTED / one_round
            times |= {label: times[label] * rounds for label in made}
        return times

    def _assumed(self, lines: Iterable[Line], documents_per_seen: float) -> Iterator[str]:
        if documents_per_seen > 1:
            yield f"one document stands for {documents_per_seen:,.0f}"
        if self._curation.asks_model:
            judging = sum((line.usage for line in lines if line.stage != GENERATING), Usage()) * 0.1
            less = f"{judging.requests:,} requests" + (
                f", ${judging.cost_usd:,.2f}" if judging.cost_usd else ""
            )
            yield f"all samples pass the rules and are judged; each tenth that does not saves {less}"
        if self._wanted or self._settings.target:
            yield f"{_ACCEPTED:.0%} of the samples are accepted, where a number of them is wanted"
        if links_by_meaning(self._settings):
            yield "a model's vectors link as many passages as shared words do"
        if self._transcribed.requests:
            yield "nothing is asked about transcribed pages, whose text shows when they are read"
        yield "no request fails, and no answer has to be corrected"


class _Texts:
    """Texts that are turned into vectors, in requests of many."""

    def __init__(self, settings: Settings) -> None:
        own = settings.embeddings
        self._own, self._count, self._tokens = own, 0.0, 0.0
        chosen = embedding_settings(settings) if own.model else None
        self._price = card_of(chosen, providers.get(chosen.provider)).price.prompt if chosen else None

    def add(self, text: str) -> None:
        """Take in one more."""
        self.add_alike(1, len(text))

    def add_alike(self, count: int, characters: float) -> None:
        """Take in so many of about one length."""
        self._count += count
        self._tokens += count * min(characters / _CHARACTERS_PER_TOKEN, self._own.max_tokens)

    @property
    def usage(self) -> Usage:
        """What they take."""
        if self._price is None or not self._count:
            return Usage()
        tokens = round(self._tokens)
        return Usage(tokens, 0, 0, tokens * self._price / 1e6, ceil(self._count / self._own.batch))


def cards(settings: Settings) -> CardOf:
    """Return what tells to which model a request goes, and what that costs."""
    generating, judging = _card(settings), _card(judge_asking(settings))
    jurors = {juror.name: _card(juror_asking(settings, juror)) for juror in settings.judge.elsewhere}

    def card(request: Request) -> ModelCard:
        return jurors.get(request.sampling.model, judging) if request.recipe == "judge" else generating

    return card


def _card(settings: Settings) -> ModelCard:
    entry = providers.get(settings.provider)
    card = card_of(settings, entry)
    return replace(card, price=batch_price(settings, entry, card.price)) if settings.llm.batch else card
