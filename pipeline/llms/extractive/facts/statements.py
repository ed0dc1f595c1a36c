"""Plain statements of how many, how large, when, where, who, and what for."""

import re
from collections.abc import Iterator

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import Clause, clause_of, is_subject, is_whole
from pipeline.llms.extractive.reading import Reading, Sentence
from pipeline.llms.extractive.wording import Place, framed, inside

KIND = "section_fact"
_NUMBER = r"(?:[$€£]\s?)?\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_VAGUE = frozenset("ways kinds types sorts reasons things options cases parts points steps forms".split())
_THERE = re.compile(rf"^There (?P<verb>are|were) (?:{_NUMBER}) (?P<what>[a-z][^,;:.]*)\.$")
_KINDS = re.compile(
    r"^There (?P<verb>are|were) (?P<what>(?:two|three|four|five|six|seven|\d) [a-z][^,;:.]*): [^.;]+\.$"
)
_VERBS = {
    "consists of": "consist of",
    "includes": "include",
    "contains": "contain",
    "requires": "require",
    "depends on": "depend on",
    "applies to": "apply to",
    "governs": "govern",
    "covers": "cover",
    "costs": "cost",
    "lasts": "last",
}
_TELLS = re.compile(rf"^(?P<subject>[^,;:]{{3,80}}?) (?P<verb>{'|'.join(_VERBS)}) (?P<rest>[^,;:].*)\.$")
_HAS = re.compile(rf"^(?P<subject>[^,;:]+?) (?P<verb>has|have|had) (?:{_NUMBER}) (?P<what>[a-z][^,;:.]*)\.$")
_SIZE = re.compile(
    rf"^(?:about |around |roughly |approximately |up to )?(?:{_NUMBER}) \S+ "
    r"(?P<how>long|wide|deep|high|tall|old|thick)\b"
)
_AMOUNT = re.compile(rf"^(?:about |around |roughly |approximately |up to |at least )?(?:{_NUMBER})(?=[\s%])")
_WHEN = re.compile(
    r"^(?P<done>[a-z]+(?:ed|en|ilt|eld|ounded|ade|un)\b[^,;]*?) "
    r"(?:in (?:\w+ )?(?:1\d|20)\d\d|on \d{1,2} \w+ (?:1\d|20)\d\d)$"
)
_PLACED = re.compile(
    r"^(?P<done>located|situated|kept|stored|held|displayed|published|posted) "
    r"(?:in|at|on|near|between) (?!least|most|first|once|any|all|\d)"
)
_MADE = re.compile(
    r"^(?P<done>(?:mostly |mainly |normally |usually )?(?:(?:composed|made up|made)(?: mostly| mainly)? of|"
    r"(?:used|intended|designed) for|divided into|based on|known as)) "
)
_ROLE = re.compile(r"^responsible for (?P<what>[^,;]+)$")
_ATTRIBUTE = re.compile(
    r"^The (?P<name>(?:\w+ )?(?:purpose|aim|goal|role|function|task|objective|"
    r"duty|maximum|minimum|default|limit|fee|price|cost|length|depth|width|height|speed|capacity|capital|deadline|penalty|fine|term|duration|"
    r"frequency|scope|basis|address|area)\b[^,;:]*)$"
)


def statements(reading: Reading, place: Place, sentence: Sentence) -> Iterator[Fact]:
    """Yield the question that a plain statement answers."""
    question = _counted(reading, sentence) or _told(reading, sentence) or _described(reading, sentence)
    if question:
        yield Fact(
            KIND, framed(question, place.whole), sentence.text, (sentence.quote,), sentence.start, 0.85
        )


def _counted(reading: Reading, sentence: Sentence) -> str:
    """`There are 12 berths in X.`, `There are two kinds of X: a and b.` and `X has 12 berths.`"""
    if match := _KINDS.match(sentence.text):
        return f"what {match['verb']} the {match['what']}"
    if match := _THERE.match(sentence.text):
        noun, rest = _counted_noun(match["what"])
        if not rest and noun in _VAGUE:
            return ""
        return f"how many {noun} {match['verb']} there {rest}".strip() if noun else ""
    match = _HAS.match(sentence.text)
    if not match or not is_whole(sentence.text) or not is_subject(match["subject"]):
        return ""
    noun, rest = _counted_noun(match["what"])
    verb = {"has": "does", "have": "do", "had": "did"}[match["verb"]]
    return f"how many {noun} {verb} {inside(match['subject'], reading)} have {rest}".strip() if noun else ""


def _counted_noun(phrase: str) -> tuple[str, str]:
    """Split off the plural noun that a phrase starts with; empty where its first three words hold none."""
    words = phrase.split(" ")
    for at, word in enumerate(words[:3], 1):
        if word.endswith("s") and not word.endswith(("ss", "us", "ous")):
            rest = " ".join(words[at:])
            return ("", "") if rest.startswith(("and ", "or ")) else (" ".join(words[:at]), rest)
    return "", ""


def _told(reading: Reading, sentence: Sentence) -> str:
    """`X consists of ...`, `X costs ...`, `X applies to ...`"""
    match = _TELLS.match(sentence.text)
    if not match or not is_whole(sentence.text) or not is_subject(match["subject"]):
        return ""
    if re.search(r"[^su]s$", match["subject"]):
        return ""
    base, _, preposition = _VERBS[match["verb"]].partition(" ")
    ask = {"cost": "how much", "last": "how long"}.get(base, "what")
    if ask != "what" and not re.match(
        r"(?:about |around |at least |up to )?(?:\D{0,3}\d|" + _NUMBER + ")", match["rest"]
    ):
        return ""
    return f"{ask} does {inside(match['subject'], reading)} {base} {preposition}".rstrip()


def _described(reading: Reading, sentence: Sentence) -> str:
    """`X is 40 metres long`, `The purpose of X is ...`, `X was founded in 1950`, `X is responsible for Y`."""
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
    if match := _MADE.match(clause.rest):
        return f"what {clause.auxiliary} {subject} {match['done']}"
    if match := _ROLE.match(clause.rest):
        return f"who is responsible for {match['what']}"
    return ""
