"""Questions whose answers have to be worked out, with the steps that lead there."""

from collections.abc import Iterable, Iterator

from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, planned_question
from pipeline.scenarios import Scenario, ScenarioGrid, plan, scenarios_for
from schemas.answers import ReasonedAnswers
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_TASK = """\
Write {count} questions about the material that take several steps to answer, each worked out.

{plan}

`kind` repeats the label of the line that an item follows, as in "P1". Where the material gives nothing for
a line, leave its item out rather than invent one.
`steps` are two to six short steps, each of which states what it takes from the material or from an earlier
step and what follows from it. Write every calculation out as an equation with plain numbers, as in
"1,250 - 980 = 270". `answer` is the result alone, complete with its unit, without the way to it.
{standalone}
{evidence}
{language}"""

_GRID = ScenarioGrid(
    kind=(
        "calculation",
        "comparison",
        "cause and effect",
        "condition applied to a case",
        "combination of facts",
    ),
    difficulty=("medium", "hard"),
    length=("one sentence", "two sentences"),
)


class ReasoningOptions(Options):
    """What the questions shall be like."""

    scenarios: ScenarioGrid = _GRID


class Reasoning:
    """Asks for questions with worked answers about each passage."""

    def __init__(self, setup: RecipeSetup) -> None:
        self._setup = setup

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each passage."""
        for passage in passages:
            scenarios = self._scenarios(passage)
            task = _TASK.format(
                count=len(scenarios),
                plan=plan(scenarios),
                standalone=STANDALONE,
                evidence=EVIDENCE,
                language=language_rule(self._setup, passage),
            )
            yield request("cot", self._setup, (passage,), task, ReasonedAnswers, len(scenarios))

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each item in the reply; its steps are lines of the reasoning."""
        scenarios = self._scenarios(request.passages[0])
        for item in answer_of(reply, ReasonedAnswers).items:
            yield planned_question(request, reply, item, scenarios, self._setup.answer_language)

    def _scenarios(self, passage: Passage) -> tuple[Scenario, ...]:
        options = self._setup.options
        assert isinstance(options, ReasoningOptions)
        return scenarios_for(passage, options.scenarios, "cot", self._setup)


recipes.add(
    "cot",
    RecipeEntry(
        Reasoning,
        "questions with worked, checkable steps to the answer",
        CHAT_FORMATS,
        options=ReasoningOptions,
        default_count=2,
        needs_model=False,
        reasons=True,
        filters=("agreement",),
    ),
)
