"""A recipe: passages to requests, replies to samples."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from schemas.contracts.options import Options
from schemas.documents import Passage
from schemas.requests import Reply, Request, Sampling
from schemas.samples import Judged, Sample
from schemas.vectors import Vectors


@dataclass(frozen=True, slots=True)
class RecipeSetup:
    """What a recipe is built with. `count` is the number of samples to ask for per passage.

    `question_language` and `answer_language` are ISO 639-1 codes, None for the document's own. `round` counts
    how often the same passages have been asked about: another round brings other requests. `wanted` is how
    many samples the whole run shall have of the recipe, None where nobody said: one that asks about all
    documents together need not ask about more than give so many.
    """

    count: int
    sampling: Sampling
    options: Options
    question_language: str | None = None
    answer_language: str | None = None
    seed: int = 0
    round: int = 0
    wanted: int | None = None


class Recipe(Protocol):
    """Turns passages into requests, and replies into samples. Pure: it reads and asks nothing."""

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield what to ask about `passages`, in a fixed order. Those of one document come together."""
        ...

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample | Request]:
        """Yield the samples in a reply, and further requests where a recipe takes several steps."""
        ...


@runtime_checkable
class Shortens(Protocol):
    """A recipe that knows by itself how to ask for less. Others are asked about halves of the passages."""

    def shortened(self, request: Request) -> Iterator[Request]:
        """Yield what to ask in place of a request that is too long for the model; nothing to give it up."""
        ...


@runtime_checkable
class Chooses(Protocol):
    """A recipe that has several answers to a question judged, and makes samples of those that it chooses."""

    def choose(self, candidates: tuple[Judged, ...]) -> Iterator[Sample]:
        """Yield what is made of `candidates`, in the order of asking, each with the judge's verdict."""
        ...


@runtime_checkable
class Links(Protocol):
    """A recipe about all documents that links passages by the vectors of their texts, where there are any."""

    def requests_near(self, passages: Iterable[Passage], vectors: Vectors) -> Iterator[Request]:
        """Yield what to ask about `passages`; `vectors` has those of their texts, by the passages' ids."""
        ...


@runtime_checkable
class Consults(Protocol):
    """A recipe about all documents that looks into passages which it may not ask about, too."""

    def requests_among(
        self, passages: Iterable[Passage], allowed: Callable[[Passage], bool]
    ) -> Iterator[Request]:
        """Yield what to ask about those of `passages` that are `allowed`."""
        ...


Scope = Literal["document", "corpus", "pack"]
Aid = Literal["judge", "vectors", "vectors_where_set"]


@dataclass(frozen=True, slots=True)
class RecipeEntry:
    """How to build a recipe, and where it fits. `formats` are the export formats that can hold its samples.

    A `document` recipe is given one document's passages at a time, a `corpus` recipe all of them, a
    `pack` recipe those of several documents that fit the window together, each with its whole document as
    context. A recipe that `needs_model` refuses the extractive engine; one that does not
    `needs_documents` is a `corpus` recipe that asks even where there are no passages. A `held_out` recipe
    evaluates: it asks about a share of the passages that no other recipe of the mix is shown, and its
    samples belong in the test split. Samples of one that `reasons` have worked reasoning. `filters` are
    those that its samples need beside the usual ones. `aids` says what beside replies a recipe with such
    options needs, None where that is nothing.
    """

    build: Callable[[RecipeSetup], Recipe]
    summary: str
    formats: tuple[str, ...]
    options: type[Options] = Options
    default_count: int = 3
    needs_model: bool = True
    scope: Scope = "document"
    needs_documents: bool = True
    held_out: bool = False
    reasons: bool = False
    filters: tuple[str, ...] = ()
    aids: Callable[[Options], frozenset[Aid]] | None = None
