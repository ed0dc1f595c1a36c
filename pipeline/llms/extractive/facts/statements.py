"""Plain statements of how many, how large, when, where, who, and what for."""

import re
from collections.abc import Iterator

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import Clause, clause_of, is_subject, is_whole
from pipeline.llms.extractive.reading import Reading, Sentence
from pipeline.llms.extractive.wording import Place, framed, inside

KIND = "section_fact"
_NUMBER = r"(?:[$€£]\s?)?\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_THERE = re.compile(rf"^There (?P<verb>are|were) (?:{_NUMBER}) (?P<what>[a-z][^,;:.]*)\.$")
_HAS = re.compile(rf"^(?P<subject>[^,;:]+?) (?P<verb>has|have|had) (?:{_NUMBER}) (?P<what>[a-z][^,;:.]*)\.$")
_SIZE = re.compile(
    rf"^(?:about |around |roughly |approximately |up to )?(?:{_NUMBER}) \S+ (?P<how>long|wide|deep|high|tall|old|thick)\b"
)
_AMOUNT = re.compile(rf"^(?:about |around |roughly |approximately |up to |at least )?(?:{_NUMBER})(?=[\s%])")
_WHEN = re.compile(
    r"^(?P<done>[a-z]+(?:ed|en|ilt|eld|ounded|ade|un)\b[^,;]*?) (?:in (?:\w+ )?(?:1\d|20)\d\d|on \d{1,2} \w+ (?:1\d|20)\d\d)$"
)
_PLACED = re.compile(
    r"^(?P<done>located|situated|kept|stored|held|displayed|published|posted) (?:in|at|on|near|between) "
)
_ROLE = re.compile(r"^responsible for (?P<what>[^,;]+)$")
_ATTRIBUTE = re.compile(
    r"^The (?P<name>(?:\w+ )?(?:purpose|aim|goal|role|function|task|objective|duty|maximum|minimum|default|limit|"
    r"fee|price|cost|length|depth|width|height|speed|capacity|capital|deadline|penalty|fine|term|duration|"
    r"frequency|scope|basis|address|area)\b[^,;:]*)$"
)


def statements(reading: Reading, place: Place, sentence: Sentence) -> Iterator[Fact]:
    """Yield the question that a plain statement answers."""
    question = _counted(reading, sentence) or _described(reading, sentence)
    if question:
        yield Fact(
            KIND, framed(question, place.whole), sentence.text, (sentence.quote,), sentence.start, 0.85
        )


def _counted(reading: Reading, sentence: Sentence) -> str:
    """`There are 12 berths in X.` and `X has 12 berths.`"""
    if match := _THERE.match(sentence.text):
        noun, _, rest = match["what"].partition(" ")
        return f"how many {noun} {match['verb']} there {rest}".strip() if noun.endswith("s") else ""
    match = _HAS.match(sentence.text)
    if not match or not is_whole(sentence.text) or not is_subject(match["subject"]):
        return ""
    noun, _, rest = match["what"].partition(" ")
    verb = {"has": "does", "have": "do", "had": "did"}[match["verb"]]
    if not noun.endswith("s") or rest.startswith(("of ", "and ", "or ")):
        return ""
    return f"how many {noun} {verb} {inside(match['subject'], reading)} have {rest}".strip()


def _described(reading: Reading, sentence: Sentence) -> str:
    """`X is 40 metres long`, `The purpose of X is ...`, `X was founded in 1950`, `X is responsible for ...`."""
    clause = clause_of(sentence)
    if (
        clause is None
        or clause.negative
        or clause.condition
        or clause.auxiliary not in ("is", "are", "was", "were")
    ):
        return ""
    subject = inside(clause.subject, reading)
    return _attribute(clause, subject) or _predicate(clause, subject)


def _attribute(clause: Clause, subject: str) -> str:
    value = _AMOUNT.match(clause.rest) or clause.rest.startswith(("to ", "a ", "an ", "the "))
    if _AMOUNT.match(clause.rest) and not _SIZE.match(clause.rest) and clause.subject.startswith("The "):
        return f"what {clause.auxiliary} {subject}"
    return f"what {clause.auxiliary} {subject}" if value and _ATTRIBUTE.match(clause.subject) else ""


def _predicate(clause: Clause, subject: str) -> str:
    if match := _SIZE.match(clause.rest):
        return f"how {match['how']} {clause.auxiliary} {subject}"
    if match := _WHEN.match(clause.rest):
        return f"when {clause.auxiliary} {subject} {match['done']}"
    if match := _PLACED.match(clause.rest):
        return f"where {clause.auxiliary} {subject} {match['done']}"
    if match := _ROLE.match(clause.rest):
        return f"who is responsible for {match['what']}"
    return ""
