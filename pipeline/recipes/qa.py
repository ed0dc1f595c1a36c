"""Questions and answers, each planned before it is asked for, each with its evidence."""

from collections.abc import Iterable, Iterator

from pipeline.prompts import EVIDENCE, STANDALONE, language_rule, request
from pipeline.recipes import CHAT_FORMATS
from pipeline.samples import answer_of, planned_question
from pipeline.scenarios import Scenario, ScenarioGrid, plan, scenarios_for
from schemas.answers import QuestionAnswers
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Reply, Request
from schemas.samples import Sample

_TASK = """\
Write {count} question and answer pairs that teach what the material states.

{plan}

`kind` repeats the label of the line that an item follows, as in "P1". Where the material gives nothing for
a line, leave its item out rather than invent one. An answer is complete and correct on its own, in the
style and length of its line, with the numbers, units, names and conditions that the material gives.
{standalone}
{evidence}
{language}"""

_KINDS = ("definition", "fact", "procedure", "reason", "comparison", "condition", "exception", "quantity")


class QAOptions(Options):
    """What the questions shall be like."""

    scenarios: ScenarioGrid = ScenarioGrid(kind=_KINDS)


class QuestionAnswering:
    """Asks for question and answer pairs about each passage."""

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
            yield request("qa", self._setup, (passage,), task, QuestionAnswers, len(scenarios))

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each pair in the reply."""
        scenarios = self._scenarios(request.passages[0])
        for item in answer_of(reply, QuestionAnswers).items:
            yield planned_question(request, reply, item, scenarios, self._setup.answer_language)

    def _scenarios(self, passage: Passage) -> tuple[Scenario, ...]:
        options = self._setup.options
        assert isinstance(options, QAOptions)
        return scenarios_for(passage, options.scenarios, "qa", self._setup)


recipes.add(
    "qa",
    RecipeEntry(
        QuestionAnswering,
        "questions and answers with evidence",
        CHAT_FORMATS,
        options=QAOptions,
        default_count=6,
        needs_model=False,
    ),
)
