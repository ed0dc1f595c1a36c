"""Conversations whose later questions need the earlier turns, each turn with its evidence."""

from collections.abc import Iterable, Iterator, Sequence

from pydantic import Field

from pipeline.evidence import locate_all
from pipeline.facts.words import content_stems
from pipeline.prompts import EVIDENCE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, origin, source_language
from pipeline.scenarios import ScenarioGrid, draw
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Message, Reply, Request
from schemas.samples import Sample

_TURN_TOKENS = 85  # expected
_TASK = """\
Write a conversation of {turns} turns about what the material states, between {audience} and an assistant.

A turn is a question with its answer. The first question stands alone and names its subject. At least {needed}
of the later ones are follow-ups as people really ask them, which are understood only from the turns before
("And how often?", "What if it is soft?"). For every turn, `standalone` is its question rewritten so that it
can be understood alone; for the first it is the question itself.
Tone: {style}. Nobody speaks of "the text" or "the material".
{evidence}
{language}"""

_GRID = ScenarioGrid(difficulty=(), length=())


class ConversationOptions(Options):
    """How long conversations are, and how many of their questions need what came before."""

    turns: int = Field(default=4, ge=2, le=20)
    follow_ups: int = Field(default=1, ge=1)
    scenarios: ScenarioGrid = _GRID


class Turn(Answer):
    """One question with its answer, and the question as it reads alone."""

    question: str
    standalone: str
    answer: str
    evidence: list[str] = Field(min_length=1)


class Conversation(Answer):
    """The reply: all turns."""

    turns: list[Turn] = Field(min_length=1)


class Conversations:
    """Asks for conversations about each passage."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, ConversationOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield `count` requests for each passage, each for one conversation."""
        setup = self._setup
        for passage in passages:
            key = ("conversation", setup.seed, setup.round, passage.id)
            for scenario in draw(self._options.scenarios, setup.count, *key):
                task = _TASK.format(
                    turns=self._options.turns,
                    needed=self._options.follow_ups,
                    audience=scenario.audience or "a person",
                    style=scenario.style or "natural",
                    evidence=EVIDENCE,
                    language=language_rule(setup, passage),
                )
                tokens = _TURN_TOKENS * self._options.turns
                yield request("conversation", setup, (passage,), task, Conversation, answer_tokens=tokens)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield the conversation. It is at fault where fewer questions than asked for need earlier turns."""
        turns = answer_of(reply, Conversation).turns
        located = locate_all((quote for turn in turns for quote in turn.evidence), request.passages)
        yield Sample(
            recipe="conversation",
            kind=f"{len(turns)} turns",
            messages=tuple(message for turn in turns for message in _messages(turn)),
            origin=origin(request, reply),
            evidence=located.evidence,
            unlocated=located.unlocated,
            language=self._setup.answer_language or source_language(request),
            fault=self._fault(turns),
        )

    def _fault(self, turns: Sequence[Turn]) -> str | None:
        if len(turns) < 2:
            return "conversation_too_short"
        needing = sum(_needs_earlier(turns[:number], turn) for number, turn in enumerate(turns) if number)
        return "follow_ups_stand_alone" if needing < self._options.follow_ups else None


def _messages(turn: Turn) -> tuple[Message, Message]:
    return Message("user", turn.question.strip()), Message("assistant", turn.answer.strip())


def _needs_earlier(earlier: Sequence[Turn], turn: Turn) -> bool:
    """Return whether the question leaves out words that it needs alone and that the earlier turns gave."""
    left_out = content_stems(turn.standalone) - content_stems(turn.question)
    given = content_stems(" ".join(f"{past.question} {past.answer}" for past in earlier))
    return bool(left_out & given)


recipes.add(
    "conversation",
    RecipeEntry(
        Conversations,
        "multi-turn chats with follow-up questions, every turn grounded",
        CHAT_FORMATS,
        ConversationOptions,
        1,
    ),
)
