"""What a rule demands, allows or forbids, when, how often, why, and with which exception."""

import re
from collections.abc import Iterator

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import MODALS, Clause, asked, clause_of
from pipeline.llms.extractive.reading import Reading, Sentence
from pipeline.llms.extractive.wording import Place, framed, inside

_COUNT = r"(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty)"
_TIME = r"(?:working |business |calendar |full |clear )?(?:second|minute|hour|day|week|month|year)s?"
_WITHIN = re.compile(rf" within {_COUNT} (?P<unit>{_TIME})(?P<event> (?:of|after) [^,;]+)?$")
_EVERY = re.compile(
    rf" (?:every {_COUNT} {_TIME}|every (?:day|week|month|quarter|year|{_TIME})|once an? \w+|"
    r"twice an? \w+|daily|weekly|monthly|quarterly|annually)$"
)
_AHEAD = re.compile(rf" at least {_COUNT} (?P<unit>{_TIME}) before (?P<event>[^,;]+)$")
_ONLY = re.compile(r" only (?:if|when|with|after|where|by|on) ")
_CAUSE = re.compile(r" because (?!of )")
_EXCEPTION = re.compile(r",? (?:unless|except|with the exception of) ")
_ENDS = re.compile(r" because | only (?:if|when|with|after|where|by|on) ")
_DONE = re.compile(r"^(?:\w+ly )?\w+(?:ed|en|wn|id|ade|ept|eld|ought|ut|old|ilt)\b")
_PARTICIPLE = re.compile(r"^be (?:\w+ly )?\w+(?:ed|en|wn|id|ade|ept|eld|ought|ut|one|un|old|orn|elt)\b")


def rules(reading: Reading, place: Place, sentence: Sentence) -> Iterator[Fact]:
    """Yield the most precise question that a statement with an auxiliary answers."""
    clause = clause_of(sentence)
    if clause is None:
        return
    subject = inside(clause.subject, reading)
    found = _exception(clause, subject) or _special(clause, subject) or _general(clause, subject)
    if found is None:
        return
    kind, question, weight = found
    if clause.condition:
        question = f"{question} {inside(clause.condition, reading)}"
    where = place.exact if kind in ("requirement", "permission", "prohibition") else place.whole
    yield Fact(kind, framed(question, where), sentence.text, (sentence.quote,), sentence.start, weight)


def _exception(clause: Clause, subject: str) -> tuple[str, str, float] | None:
    """`S must VP unless C`: ask for the exception from the rule."""
    match = _EXCEPTION.search(clause.rest)
    if not match or clause.auxiliary not in MODALS or clause.condition:
        return None
    negation = " not" if clause.negative else ""
    rule = f"{subject} {clause.auxiliary}{negation} {clause.rest[: match.start()]}"
    return "exception", f"what is the exception to the rule that {rule}", 0.95


def _special(clause: Clause, subject: str) -> tuple[str, str, float] | None:
    """Ask for the time, the rhythm, the condition or the cause that a statement ends in."""
    rest = clause.rest
    if (clause.negative and not _CAUSE.search(rest)) or not _is_action(clause):
        return None
    if match := _WITHIN.search(rest):
        question = f"within how many {_plural(match['unit'])}{match['event'] or ''}"
        return "section_fact", f"{question} {asked(clause, subject, rest[: match.start()])}", 0.95
    if match := _AHEAD.search(rest):
        question = f"how long before {match['event']} {asked(clause, subject, rest[: match.start()])}"
        return "section_fact", question, 0.95
    if match := _EVERY.search(rest):
        return "section_fact", f"how often {asked(clause, subject, rest[: match.start()])}", 0.95
    if (match := _ONLY.search(rest)) and clause.auxiliary in ("may", "can", "is", "are"):
        return "permission", f"under what condition {asked(clause, subject, rest[: match.start()])}", 0.9
    if match := _CAUSE.search(rest):
        return "section_fact", f"why {asked(clause, subject, rest[: match.start()].rstrip(','))}", 0.9
    return None


def _is_action(clause: Clause) -> bool:
    """Whether the predicate is one plain action, so that what follows it can be asked for."""
    passive = clause.auxiliary in MODALS or _DONE.match(clause.rest) is not None
    return passive and not re.search(
        r",| (?:which|that|who|if|when|where|and|or) ", _ENDS.split(clause.rest)[0]
    )


def _general(clause: Clause, subject: str) -> tuple[str, str, float] | None:
    """Ask what someone must, may or must not do."""
    if clause.auxiliary not in ("must", "may", "shall"):
        return None
    passive = clause.rest.startswith("be ")
    if not passive and not re.match(r"(?:have|only|also|never|always) ", clause.rest):
        negation = " not" if clause.negative else ""
        kind = (
            "prohibition" if clause.negative else "permission" if clause.auxiliary == "may" else "requirement"
        )
        return kind, f"what {clause.auxiliary} {subject}{negation} do", 0.7
    if passive and _PARTICIPLE.match(clause.rest) and clause.auxiliary != "may" and not clause.condition:
        kind = "prohibition" if clause.negative else "requirement"
        return kind, f"what rule applies to {subject}", 0.55
    return None


def _plural(unit: str) -> str:
    return unit if unit.endswith("s") else f"{unit}s"
