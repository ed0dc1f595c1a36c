"""Lines that name a thing and give its value: `Opening hours: 06:00 to 22:00`, and glossaries of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import is_subject
from pipeline.llms.extractive.reading import Reading, Section, plain
from pipeline.llms.extractive.wording import Place, framed, noun_inside, quoted
from schemas.documents import BlockKind

_LINE = re.compile(
    r"^\s*(?:[-*+•–]\s+)?(?P<key>[^\W\d_][^:|?!;=]{1,48}?)\s?(?::\s+|\s[–—]\s)(?P<value>\S.*)$", re.DOTALL
)
# A glossary set in bold and plain type keeps no mark between a term and its meaning but the capital.
_ENTRY = re.compile(r"^(?P<key>[A-Z][a-z]+(?: [a-z]+){0,3}) (?P<value>(?:The|An?|Any|One|Each) [^\n]+\.)$")
_GLOSSARY = re.compile(
    r"\b(?:glossary|definitions?|terms|terminology|words|abbreviations|acronyms|vocabulary)\b", re.IGNORECASE
)
_NOT_A_KEY = re.compile(
    r"^(?:note|notes|important|warning|caution|tip|example|figure|table|fig|source|see|https?|caption|step|image|"
    r"if|when|where|for example|the following|this|these|that|it|however|and|or|remember|hint|todo|q|a)\b",
    re.IGNORECASE,
)
_NO_VALUE = re.compile(r"^(?:none|null|nil|n/?a|tbd|tba|todo|see\b.*|.*[*_])$", re.IGNORECASE | re.DOTALL)
_MAX_KEY_WORDS = 6
_MAX_VALUE_CHARACTERS = 400


@dataclass(frozen=True, slots=True)
class Line:
    """A key with its value, and the quote of both."""

    key: str
    value: str
    quote: str
    start: int


def key_values(reading: Reading, place: Place, section: Section) -> Iterator[Fact]:
    """Yield the lines of lists and short paragraphs that give a value for a name.

    In a glossary these are definitions. A single such line among prose is more often a remark than a value,
    so at least two must stand in one section.
    """
    is_glossary = _GLOSSARY.search(section.heading) is not None
    lines = [line for line in _lines(reading, section, is_glossary) if line is not None]
    if len(lines) < 2:
        return
    for line in lines:
        if is_glossary:
            question = framed(f"what does {quoted(noun_inside(line.key, reading))} mean", place.whole)
            yield Fact("definition", question, line.value, (line.quote,), line.start, 1.0)
        elif place.section:
            question = _question(line, section.heading, place)
            yield Fact("key_value", question, line.value, (line.quote,), line.start, 0.8)


def _question(line: Line, heading: str, place: Place) -> str:
    """Ask for a value by its name; for a description where the value is one, or the name is of code."""
    under = f" under {quoted(heading)}"
    if re.search(r"[a-z][A-Z]|[_(/.]", line.key) or len(line.value.split()) >= 7:
        return f"How does {place.whole} describe {quoted(line.key)}{under}?"
    return framed(f"what is given for {quoted(line.key)}{under}", place.whole)


def _lines(reading: Reading, section: Section, is_glossary: bool) -> Iterator[Line | None]:
    for block in section.blocks:
        quote = reading.quote(block)
        if block.kind is BlockKind.LIST_ITEM and len(quote) <= _MAX_VALUE_CHARACTERS:
            yield _line(quote, block.start, is_glossary)
        elif block.kind is BlockKind.PARAGRAPH and len(quote) <= 4 * _MAX_VALUE_CHARACTERS:
            rows = [(match[0], block.start + match.start()) for match in re.finditer(r"[^\n]+", quote)]
            found = [_line(row, start, is_glossary) for row, start in rows]
            yield from found if all(found) else ()


def _line(quote: str, start: int, is_glossary: bool) -> Line | None:
    match = _LINE.match(quote) or (_ENTRY.match(quote) if is_glossary else None)
    if not match:
        return None
    key, value = plain(match["key"]), plain(match["value"]).rstrip(";")
    is_key = len(key.split()) <= _MAX_KEY_WORDS and not _NOT_A_KEY.match(key) and is_subject(key)
    if not is_key or value.endswith(":") or len(value) < 2 or _NO_VALUE.match(value):
        return None
    return Line(key, value, quote.strip(), start + len(quote) - len(quote.lstrip()))
