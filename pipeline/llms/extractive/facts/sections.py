"""What a short section says: headings that ask a question themselves, or name one subject."""

import re
from collections.abc import Iterator

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import ASKS, is_whole, points_elsewhere
from pipeline.llms.extractive.reading import Reading, Section, plain, sentences
from pipeline.llms.extractive.wording import Place, framed, pick, quoted
from schemas.documents import BlockKind

# `Why Pendulum?` and `How it works` are no questions that can stand inside another sentence.
_HAS_VERB = re.compile(
    r"^(?:who|can|may|do|does|is|are|should|must)\b|"
    r"^(?:what|which)(?: [a-z]+)? [a-z]+[^s]s\b|"
    r"\b(?:is|are|was|were|has|have|had|do|does|did|can|could|may|might|must|shall|should|will|would)\b",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"^(?:introduction|definitions?(?: and .*)?|glossary|terms|overview|summary|"
    r"conclusions?|abstract|background|contents|"
    r"preface|general|notes?|examples?|references|see also|appendix.*|miscellaneous|about|"
    r"further reading|v?\d.*|history of changes)$",
    re.IGNORECASE,
)
_MAX_CHARACTERS = 700


def sections(reading: Reading, place: Place, section: Section) -> Iterator[Fact]:
    """Yield the question that a section as a whole answers: one short paragraph under its own heading."""
    heading = section.heading
    if not heading or not section.blocks or section.blocks[0].kind is not BlockKind.PARAGRAPH:
        return
    block = section.blocks[0]
    quote = reading.quote(block)
    if heading.endswith("?") and ASKS.match(heading) and _HAS_VERB.search(heading):
        if not 20 <= len(quote) <= _MAX_CHARACTERS or not quote.endswith((".", "!", ")")):
            return
        question = framed(heading[0].lower() + heading[1:-1], place.whole)
        yield Fact("section_fact", question, plain(quote), (quote,), block.start, 0.95)
    elif _names_one_subject(section, place) and _is_answer(quote, block.start, reading):
        yield Fact("section_fact", _about(heading, place), plain(quote), (quote,), block.start, 0.6)


def _names_one_subject(section: Section, place: Place) -> bool:
    one_block = len(section.blocks) == 1 and bool(place.section)
    return one_block and not _EMPTY.match(section.heading) and len(section.heading.split()) <= 8


def _is_answer(quote: str, start: int, reading: Reading) -> bool:
    """Whether a paragraph is short, made of whole sentences, and leans on nothing before it."""
    found = (
        list(sentences(quote, start, reading.document.language or "en"))
        if len(quote) <= _MAX_CHARACTERS
        else []
    )
    return (
        bool(found)
        and is_whole(found[0].text)
        and not any(points_elsewhere(one.text) for one in found)
        and found[-1].text[-1] in ".!)"
        and len(quote) >= 60
    )


def _about(heading: str, place: Place) -> str:
    frames = (
        "What does {document} say under {heading}?",
        "What does the section {heading} of {document} say?",
        "What is stated under {heading} in {document}?",
    )
    return pick(frames, heading).format(document=place.whole, heading=quoted(heading))
