"""All facts in a passage: every rule over every sentence and section, in one pass."""

from collections.abc import Callable, Iterator

from pipeline.llms.extractive.facts.calculations import calculations
from pipeline.llms.extractive.facts.definitions import definitions
from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.facts.key_values import key_values
from pipeline.llms.extractive.facts.lists import lists
from pipeline.llms.extractive.facts.rules import rules
from pipeline.llms.extractive.facts.sections import sections
from pipeline.llms.extractive.facts.statements import statements
from pipeline.llms.extractive.facts.tables import tables
from pipeline.llms.extractive.language import is_english
from pipeline.llms.extractive.naming import document_name
from pipeline.llms.extractive.reading import Reading, Section, Sentence
from pipeline.llms.extractive.wording import Place, stands_alone
from schemas.documents import Passage

_OF_SENTENCES: tuple[Callable[[Reading, Place, Sentence], Iterator[Fact]], ...] = (
    definitions,
    statements,
    rules,
)
_OF_SECTIONS: tuple[Callable[[Reading, Place, Section], Iterator[Fact]], ...] = (
    sections,
    key_values,
    lists,
    tables,
    calculations,
)


def facts_in(passage: Passage) -> Iterator[Fact]:
    """Yield what the rules find, in the order of the sections.

    Nothing comes from a passage in another language than English, or from a document without a name: there
    is no question that would stand alone.
    """
    name = document_name(passage.document)
    if name is None or not is_english(passage):
        return
    reading = Reading(passage)
    for section in reading.sections:
        place = Place(name, section=_section_name(section.heading, name))
        for fact in _facts(reading, place, section):
            if stands_alone(fact.question) and fact.answer.strip():
                yield fact


def _facts(reading: Reading, place: Place, section: Section) -> Iterator[Fact]:
    for sentence in reading.sentences(section):
        for of_sentence in _OF_SENTENCES:
            yield from of_sentence(reading, place, sentence)
    for of_section in _OF_SECTIONS:
        yield from of_section(reading, place, section)


def _section_name(heading: str, name: str) -> str:
    """Return the heading, empty where it only repeats the document's name."""
    same = heading.casefold() in name.casefold() or len(heading) > 80
    return "" if same else heading.replace('"', "'")
