"""Pictures: which are asked about, where they stand, what comes of the replies, and how they are checked."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from pipeline.filters.agreement import OwnAnswer
from pipeline.filters.judge import ClaimVerdict, Judgement
from pipeline.pictures import picture_tokens, pixels, placed
from pipeline.recipes import PICTURE_FORMATS
from pipeline.recipes.figure import FigureOptions, Figures
from pipeline.select.candidates import normalised_key, text_of
from schemas.answers import QuestionAnswer, QuestionAnswers
from schemas.contracts import FilterSetup, ModelFilter
from schemas.documents import BlockKind, Document, Figure, Passage
from schemas.registry import filters, formats
from schemas.requests import Completion, Image, Message, Request
from schemas.samples import Sample, Verdict
from tests.pipeline.written import PNG, SAMPLING, reply, setup, whole, written

CAPTION = "Figure 1: Honey by year, in kilograms."
TEXT = written(
    "# Yields", "The hives are weighed in autumn.", (BlockKind.CAPTION, CAPTION), "# Care", "Feed in August."
)
CHART = Figure("figure-1", "image/png", PNG, page=3, caption=CAPTION)


def pictured(*figures: Figure) -> Document:
    return replace(TEXT, figures=figures)


def asked(document: Document, *passages: Passage) -> list[Request]:
    recipe = Figures(setup(options=FigureOptions()))
    return list(recipe.requests(passages or (whole(document),)))


def answered(request: Request, *quotes: str) -> Sample:
    recipe = Figures(setup(options=FigureOptions()))
    item = QuestionAnswer(
        question="In the chart of honey by year, which year gave most?",
        answer="2024",
        evidence=list(quotes),
        kind="P1",
    )
    [sample] = recipe.samples(request, reply(request, QuestionAnswers(items=[item])))
    assert isinstance(sample, Sample)
    return sample


def sample() -> Sample:
    return answered(asked(pictured(CHART))[0], CAPTION)


def verdict(name: str, sample: Sample, reply_to: Callable[[Request], Completion] | None = None) -> Verdict:
    entry = filters.get(name)
    judge = entry.build(FilterSetup(entry.options(), SAMPLING))
    passages = (whole(pictured(CHART)),)
    if not isinstance(judge, ModelFilter):
        return judge.judge(sample, passages)

    async def ask(request: Request) -> Completion:
        assert reply_to is not None
        return reply_to(request)

    return asyncio.run(judge.judge_with(sample, passages, ask))


def test_a_picture_is_shown_with_the_passage_of_its_caption() -> None:
    document = pictured(CHART)
    half = document.text.index("Care")
    passages = (Passage(document, 0, half), Passage(document, half, len(document.text)))
    [request] = asked(document, *passages)
    assert request.passages == passages[:1]
    assert request.messages[-1].images == (Image("image/png", PNG),)
    assert f"<material-{document.id}-caption>\n{CAPTION}\n" in request.messages[-1].content


def test_each_picture_is_asked_about_once_and_what_is_no_picture_to_look_at_never() -> None:
    icon = PNG[:16] + (16).to_bytes(4, "big") * 2 + PNG[24:]
    figures = (
        CHART,
        replace(CHART, id="figure-2"),
        replace(CHART, content=icon),
        replace(CHART, content=b"x"),
    )
    assert len(asked(pictured(*figures))) == 1
    assert asked(pictured(replace(CHART, media_type="image/tiff"))) == []
    assert asked(TEXT) == []


def test_a_picture_without_caption_stands_on_its_page() -> None:
    document = pictured(replace(CHART, caption="", page=5))
    half = document.text.index("Care")
    passages = (Passage(document, 0, half), Passage(document, half, len(document.text)))
    [one] = placed(passages, 100)
    assert (one.passage, one.caption) == (passages[1], None)


def test_a_row_has_its_picture_and_its_caption_as_evidence_whatever_the_model_quotes() -> None:
    request = asked(pictured(CHART))[0]
    made = answered(request, "weighed in autumn", "It is not there.")
    assert [(turn.role, len(turn.images)) for turn in made.messages] == [("user", 1), ("assistant", 0)]
    assert [span.quote for span in made.evidence] == [CAPTION, "weighed in autumn"]
    assert made.unlocated == ("It is not there.",)
    assert made.difficulty in ("easy", "medium", "hard")


def test_a_question_may_speak_of_its_picture_and_of_nothing_else() -> None:
    made = sample()
    assert verdict("stand_alone", made).keep
    assert verdict("support", made).keep
    about_text = replace(made, messages=(Message("user", "What does the text above say?", made.pictures),))
    assert verdict("stand_alone", about_text).reason == "question_needs_document"
    without = replace(made, messages=(Message("user", made.question), made.messages[1]))
    assert verdict("support", without).reason == "number_not_in_source"


@pytest.mark.parametrize(("answer", "reason"), [("2024", ""), ("In 2023.", "answers_disagree")])
def test_what_others_read_off_the_picture_decides(answer: str, reason: str) -> None:
    def again(request: Request) -> Completion:
        assert request.messages[-1].images == sample().pictures
        return reply(request, OwnAnswer(answer=answer))

    assert verdict("agreement", sample(), again).reason == reason


def test_the_judge_sees_the_picture_and_may_name_it_as_what_decides() -> None:
    def decided(request: Request) -> Completion:
        claim = ClaimVerdict(claim=1, verdict="supported", quote="PICTURE.")
        return reply(request, Judgement(claims=[claim], relevant=5, clear=5, useful=5, difficulty=2))

    made = sample()
    assert verdict("judge", made, decided).keep
    blind = replace(made, messages=(Message("user", made.question), made.messages[1]))
    assert verdict("judge", blind, decided).reason == "judge_unsupported"


def test_the_same_words_about_another_picture_are_no_duplicate() -> None:
    made = sample()
    other = replace(
        made, messages=(Message("user", made.question, (Image("image/png", b"other"),)), made.messages[1])
    )
    assert normalised_key(text_of(made)) != normalised_key(text_of(other))


def test_formats_that_hold_pictures_are_those_that_the_recipe_names() -> None:
    fitting = {name for name, entry in formats.items() if entry.misfit(sample()) is None}
    assert fitting == set(PICTURE_FORMATS)


@pytest.mark.parametrize(
    ("content", "sides"),
    [
        (PNG, (640, 480)),
        (b"GIF89a" + (30).to_bytes(2, "little") + (20).to_bytes(2, "little"), (30, 20)),
        (b"\xff\xd8\xff\xe0\0\4ab\xff\xc2\0\x0b\x08\0\x20\0\x40\3", (64, 32)),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\x3f\0\0\x1f\0\0", (64, 32)),
        (b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + (63 | 31 << 14).to_bytes(4, "little") + bytes(5), (64, 32)),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + b"\x40\0\x20\0", (64, 32)),
        (b"\xff\xd8\xff\xd9", None),
        (b"", None),
    ],
)
def test_sizes_are_read_off_a_picture_s_head(content: bytes, sides: tuple[int, int] | None) -> None:
    assert pixels(content) == sides


def test_a_picture_costs_what_its_tiles_cost() -> None:
    small = PNG[:16] + (300).to_bytes(4, "big") * 2 + PNG[24:]
    assert picture_tokens(Image("image/png", small)) == 147
    assert picture_tokens(Image("image/png", PNG)) == 145 * 4 + 147
    assert picture_tokens(Image("image/png", b"unknown")) == 145 * 16 + 147
