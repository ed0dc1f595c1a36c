"""Questions about the pictures of a document, shown to a vision model, with the text around them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pydantic import Field

from pipeline.pictures import Placed, caption_of, placed
from pipeline.prompts import language_rule, marked, request, showing
from pipeline.recipes import PICTURE_FORMATS
from pipeline.samples import answer_of, planned_question
from pipeline.scenarios import Scenario, ScenarioGrid, draw, plan
from schemas.answers import QuestionAnswers
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.registry import recipes
from schemas.requests import Image, Reply, Request
from schemas.samples import Evidence, Sample

_TASK = """\
With this message comes a picture that stands in the material{caption}. Write {count} questions about it that
only someone who sees the picture can answer: the text alone must not be enough.

{plan}

`kind` repeats the label of the line that an item follows, as in "P1". Where the picture gives nothing for a
line, leave its item out rather than invent one.
Take from the picture only what it shows beyond doubt; do not guess values between the marks of an axis.
`question` says what the picture is of, and may call it "the picture", "the chart", "the map" and the like; it
never speaks of the text around it.
`answer` is the result alone and short: a value with its unit, a name, a direction, or one plain sentence.
`evidence` holds one to three quotes from the material that say what the picture shows, its caption before
all, each copied character for character.
{language}"""

_GRID = ScenarioGrid(
    kind=("value read off", "comparison", "trend or order", "largest or smallest", "place or label"),
    difficulty=("easy", "medium", "hard"),
    audience=(),
    style=(),
    length=(),
)


class FigureOptions(Options):
    """Which pictures are asked about, and what the questions shall be like."""

    scenarios: ScenarioGrid = _GRID
    min_pixels: int = Field(default=100, ge=1, description="pictures with a shorter side are passed over")


class Figures:
    """Asks about each picture of a document, beside the passage that it stands in."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, FigureOptions)
        self._setup, self._options = setup, setup.options

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:
        """Yield one request for each picture that is large enough to be looked at."""
        for one in placed(tuple(passages), self._options.min_pixels):
            yield self._request(one)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each item in the reply, with the picture in its question's turn.

        The caption is evidence in any case: it names what the picture shows.
        """
        [image] = request.messages[-1].images
        caption = _caption(request.passages[0], image)
        scenarios = self._scenarios(image)
        for item in answer_of(reply, QuestionAnswers).items:
            sample = planned_question(request, reply, item, scenarios, self._setup.answer_language)
            question, *rest = sample.messages
            others = tuple(span for span in sample.evidence if span not in caption)
            yield replace(
                sample,
                messages=(replace(question, images=(image,)), *rest),
                evidence=(*caption, *others),
            )

    def _request(self, one: Placed) -> Request:
        image = Image(one.figure.media_type, one.figure.content)
        scenarios = self._scenarios(image)
        task = _TASK.format(
            caption=_with_caption(one),
            count=len(scenarios),
            plan=plan(scenarios),
            language=language_rule(self._setup, one.passage),
        )
        asked = request("figure", self._setup, (one.passage,), task, QuestionAnswers, len(scenarios))
        return replace(asked, messages=showing(asked.messages, (image,)))

    def _scenarios(self, image: Image) -> tuple[Scenario, ...]:
        setup = self._setup
        return draw(self._options.scenarios, setup.count, "figure", setup.seed, setup.round, image.digest)


def _with_caption(one: Placed) -> str:
    if one.caption is None:
        return ""
    return f", with this caption:\n{marked(one.passage.document, 'caption', one.figure.caption)}\n"


def _caption(passage: Passage, image: Image) -> tuple[Evidence, ...]:
    document = passage.document
    figure = next(figure for figure in document.figures if figure.content == image.content)
    block = caption_of(figure, document)
    if block is None:
        return ()
    return (Evidence(document.id, block.start, block.end, document.block_text(block), block.page),)


recipes.add(
    "figure",
    RecipeEntry(
        Figures,
        "questions about pictures, for a vision model; the picture is in the row",
        PICTURE_FORMATS,
        options=FigureOptions,
        filters=("agreement",),
    ),
)
