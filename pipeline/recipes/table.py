"""Questions over tables, answered by a small program that code runs; its steps are the reasoning."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import Field

from pipeline.programs import ProgramError, Step, Table, run, shown, tables_in
from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, question_and_answer
from pipeline.scenarios import ScenarioGrid, draw, plan
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_ITEM_TOKENS = 145  # expected of a question with its steps and rows
_TASK = """\
Write {count} questions that take a calculation or a comparison over the table in the material.

{plan}

`program` answers the question: one step a line, assignments such as `north = cell("North", "2023")`, the last
line being the result. A program may use numbers, earlier names, + - * / // % **, comparisons, lists, and
cell(row, column), column(name), sum, min, max, mean, count, abs, round(value, digits),
largest(labels, values), smallest(labels, values). Rows are named by their first cell. Take every figure of
the table with cell or column, never as a number of your own.
`explanations` says in one sentence per step, in the same order, what it does and why, without its result.
`answer` is a whole sentence with {{result}} where the program's result belongs, and its unit beside it.
`kind` repeats the words after "kind:" in the line that an item follows.
{standalone}
{evidence} Quote the rows that the program reads.
{language}"""

_GRID = ScenarioGrid(
    kind=(
        "difference",
        "sum",
        "average",
        "share in per cent",
        "change in per cent",
        "largest or smallest",
        "count",
    ),
    audience=(),
    style=(),
    length=(),
)


class TableOptions(Options):
    """What is asked about tables."""

    scenarios: ScenarioGrid = _GRID


class TableQuestion(Answer):
    """One question, and the program that answers it."""

    question: str
    program: list[str] = Field(min_length=1)
    explanations: list[str]
    answer: str
    evidence: list[str] = Field(min_length=1)
    kind: str = ""


class TableQuestions(Answer):
    """The reply."""

    items: list[TableQuestion]


class TableReasoning:
    """Asks about each table that stands wholly in a passage. Passages without one are passed over."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, TableOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each table."""
        for passage in passages:
            for place, _ in tables_in(passage):
                yield self._request(place)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each question; one whose program fails bears that as its fault."""
        [(_, table)] = tables_in(request.passages[0])
        for item in answer_of(reply, TableQuestions).items:
            yield self._sample(request, reply, item, table)

    def _sample(self, request: Request, reply: Reply, item: TableQuestion, table: Table) -> Sample:
        steps, fault = _ran(item, table)
        answer = item.answer.replace("{result}", shown(steps[-1].value)) if steps else item.answer
        sample = question_and_answer(
            request,
            reply,
            item.question,
            answer,
            item.evidence,
            kind=item.kind,
            reasoning=_worked(item, steps) if steps else None,
            language=self._setup.answer_language,
        )
        return replace(sample, fault=fault)

    def _request(self, passage: Passage) -> Request:
        setup = self._setup
        scenarios = draw(self._options.scenarios, setup.count, "table", setup.seed, setup.round, passage.id)
        task = _TASK.format(
            count=setup.count,
            plan=plan(scenarios),
            standalone=STANDALONE,
            evidence=EVIDENCE,
            language=language_rule(setup, passage),
        )
        tokens = _ITEM_TOKENS * setup.count
        return request("table", setup, (passage,), task, TableQuestions, setup.count, tokens)


def _ran(item: TableQuestion, table: Table) -> tuple[tuple[Step, ...], str | None]:
    if "{result}" not in item.answer:
        return (), "result_not_in_answer"
    try:
        steps = run(item.program, table)
    except ProgramError:
        return (), "program_failed"
    return steps, None if len(steps) == len(item.explanations) else "steps_not_explained"


def _worked(item: TableQuestion, steps: tuple[Step, ...]) -> str:
    explained = [*item.explanations, *[""] * len(steps)]
    return "\n".join(
        f"{explanation.strip()} {step.line} → {shown(step.value)}".strip()
        for explanation, step in zip(explained, steps, strict=False)
    )


recipes.add(
    "table",
    RecipeEntry(
        TableReasoning,
        "questions over tables, computed by a program that code runs",
        CHAT_FORMATS,
        TableOptions,
        3,
        reasons=True,
    ),
)
