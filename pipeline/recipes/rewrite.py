"""Rephrasings of what a document says, for continued pretraining."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pydantic import Field

from pipeline.prompts import language_rule, request
from pipeline.recipes import TEXT_FORMATS
from pipeline.samples import answer_of, text_sample
from pipeline.scenarios import ScenarioGrid, draw
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_LENGTH_SHARE = 1.2  # expected length, as a share of what is written anew
_TASK = """\
Write what the material says anew, as {manner}.

Keep every number with its unit, every date and every name exactly as the material gives it, and keep every
fact and condition. Add none. What you write must stand alone: do not speak of "the text" or "the material".
{language}"""

_MANNERS = {
    "plain": "clear plain prose for a general reader",
    "textbook": "a passage of a good textbook, which explains each idea before it builds on it",
    "dialogue": "a dialogue between someone who wants to know and someone who knows, with natural questions",
    "viewpoints": "an account from the viewpoints of two or three people whom the subject concerns",
    "reversed": "prose in which each relation is told from its other end, as in 'B is what A turns into' for "
    "'A turns into B', so that every fact can be recalled from either side",
}
Style = Literal["plain", "textbook", "dialogue", "viewpoints", "reversed"]


class RewriteOptions(Options):
    """In which styles to write. A passage gets as many of them, in a drawn order, as the count says."""

    styles: tuple[Style, ...] = Field(
        default=("plain", "textbook", "dialogue", "viewpoints", "reversed"), min_length=1
    )


class Rewritten(Answer):
    """The reply: the text written anew, and in which style."""

    style: Style
    text: str


class Rewriting:
    """Asks for each passage in several styles, one request a style."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, RewriteOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield a request for each passage and drawn style."""
        styles = ScenarioGrid(style=self._options.styles)
        count = min(self._setup.count, len(self._options.styles))
        for passage in passages:
            for scenario in draw(styles, count, "rewrite", self._setup.seed, self._setup.round, passage.id):
                manner = f"{_MANNERS[scenario.style]} (style: {scenario.style})"
                task = _TASK.format(manner=manner, language=language_rule(self._setup, passage))
                tokens = round(passage.tokens * _LENGTH_SHARE)
                yield request("rewrite", self._setup, (passage,), task, Rewritten, answer_tokens=tokens)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield the new text, with the whole passage as its evidence."""
        written = answer_of(reply, Rewritten)
        language = self._setup.answer_language
        yield text_sample(request, reply, written.text, kind=written.style, language=language)


recipes.add(
    "rewrite",
    RecipeEntry(
        Rewriting,
        "rephrasings for continued pretraining, facts kept",
        TEXT_FORMATS,
        RewriteOptions,
        2,
        filters=("facts_kept",),
    ),
)
