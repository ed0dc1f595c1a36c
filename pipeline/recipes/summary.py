"""Summaries, short and long, of each section, or of a whole document where it is shown."""

from collections.abc import Iterable, Iterator
from typing import Literal

from pipeline.prompts import EVIDENCE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from schemas.answers import QuestionAnswers
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

# Expected tokens of a summary, which is no longer than what it sums up, and of its question and evidence.
_SUMMARY_TOKENS = {"short": 50, "long": 210, "bullets": 160}
_AROUND_TOKENS = 85
_TASK = """\
Summarise {what}, {count} times, at these lengths:
{lengths}

Give each summary as an item. Its `question` is the instruction that someone would give who wants it: it names
the subject and the length, and can be understood without seeing the material. Its `answer` is the summary:
the main points in the material's own order of weight, with every figure, name and date as stated. Its `kind`
is the word before the colon.
{evidence}
{language}"""

_LENGTHS = {
    "short": "short: one or two sentences",
    "long": "long: two or three paragraphs",
    "bullets": "bullets: four to eight points, one a line, each starting with '- '",
}
Length = Literal["short", "long", "bullets"]


class SummaryOptions(Options):
    """Which summaries are wanted. With `text`, the instruction is followed by the text to summarise."""

    lengths: tuple[Length, ...] = ("short", "long")
    sections: bool = True
    text: bool = False


class Summaries:
    """Asks for summaries of a whole document first, then of its sections."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, SummaryOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for a document that is shown whole, and one for each of its sections."""
        last: Passage | None = None
        for passage in passages:
            context = passage.context
            if context is not None and context is not last:
                last = context
                yield self._request(
                    Passage(context.document, context.start, context.end, (), context.tokens, context)
                )
            if context is None or (self._options.sections and passage.text != context.text):
                yield self._request(passage)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each summary in the reply."""
        text = f"\n\n{request.passages[0].text}" if self._options.text else ""
        for item in answer_of(reply, QuestionAnswers).items:
            instruction = item.question.strip() + text
            yield question_and_answer(
                request,
                reply,
                instruction,
                item.answer,
                item.evidence,
                kind=item.kind,
                language=self._setup.answer_language,
            )

    def _request(self, passage: Passage) -> Request:
        lengths = self._options.lengths
        is_part = passage.context is not None and passage.text != passage.context.text
        task = _TASK.format(
            what="that part of the material" if is_part else "the material",
            count=len(lengths),
            lengths="\n".join(_LENGTHS[length] for length in lengths),
            evidence=EVIDENCE,
            language=language_rule(self._setup, passage),
        )
        tokens = sum(_AROUND_TOKENS + min(_SUMMARY_TOKENS[length], passage.tokens // 2) for length in lengths)
        return request("summary", self._setup, (passage,), task, QuestionAnswers, len(lengths), tokens)


recipes.add(
    "summary",
    RecipeEntry(
        Summaries, "summaries, short and long, by section and whole", CHAT_FORMATS, SummaryOptions, 2
    ),
)
