# ruff: noqa: E501  # one attribute a line reads better
"""Question and answer rows with planted copies, and facts that differ in one thing only."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

_SYLLABLES_LINE = "ka ro mi ten sol bar vin del mar tor lu pe gra no fi sta wen hol bri dan"
_SYLLABLES = _SYLLABLES_LINE.split()
_PLACES = (
    "Lyon Porto Dresden Malmö Turin Leeds Cork Ghent Aarhus Bilbao Graz Utrecht Tampere Brno Nantes".split()
)
_MONTHS_LINE = "January February March April May June July August September October November December"
_MONTHS = _MONTHS_LINE.split()
_ROLES = ("plant manager", "safety officer", "head of maintenance", "purchasing lead", "quality inspector")

# attribute, unit, questions, answers; {s} is the subject, {v} the value, {w} where and when
_ATTRIBUTES = (
    ("capacity", "litres", ("What is the capacity of {s} {w}?", "How much can {s} hold {w}?", "{w}, what capacity does {s} have?"),
     ("{s} holds {v} litres {w}.", "{w}, {s} has a capacity of {v} litres.", "It is {v} litres for {s} {w}.")),
    ("weight", "kg", ("How heavy is {s} {w}?", "What does {s} weigh {w}?", "What is the weight of {s} {w}?"),
     ("{s} weighs {v} kg {w}.", "The weight of {s} is {v} kg {w}.", "{w}, {s} has a weight of {v} kg.")),
    ("price", "euros", ("What does {s} cost {w}?", "What is the price of {s} {w}?", "How many euros is {s} {w}?"),
     ("{s} costs {v} euros {w}.", "The price of {s} is {v} euros {w}.", "{w}, the price is {v} euros for {s}.")),
    ("output", "units", ("How many units does {s} produce {w}?", "What is the output of {s} {w}?", "{w}, how large is the output of {s}?"),
     ("{s} produces {v} units {w}.", "The output of {s} is {v} units {w}.", "{w}, {s} turns out {v} units.")),
    ("delivery", "days", ("How long does delivery of {s} take {w}?", "What is the delivery time of {s} {w}?", "{w}, when will {s} be delivered?"),
     ("Delivery of {s} takes {v} days {w}.", "{s} is delivered within {v} days {w}.", "{w}, the delivery time of {s} is {v} days.")),
    ("interval", "hours", ("How often must {s} be serviced {w}?", "What is the service interval of {s} {w}?", "{w}, after how many hours is {s} serviced?"),
     ("{s} is serviced every {v} hours {w}.", "The service interval of {s} is {v} hours {w}.", "{w}, service of {s} is due every {v} hours.")),
)  # fmt: skip
_FILLERS = ("please note that", "in general", "as a rule", "currently", "in practice")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that is so. `negated` turns its answer round."""

    attribute: int
    subject: str
    place: str
    month: str
    year: int
    value: int
    negated: bool = False


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row's text and the number of the fact that it states: rows of one number are duplicates."""

    text: str
    fact: int


def labelled_rows(count: int, seed: int, copies_share: float = 0.25) -> list[LabelledRow]:
    """Return about `count` shuffled rows: distinct facts, many of them near-misses of another, and copies."""
    random_ = random.Random(seed)
    facts = list(_facts(int(count * (1 - copies_share)), random_))
    rows = [LabelledRow(_text(fact, 0, random_), number) for number, fact in enumerate(facts)]
    for number in random_.sample(range(len(facts)), min(len(facts), count - len(facts))):
        rows.append(LabelledRow(_copy(facts[number], rows[number].text, random_), number))
    random_.shuffle(rows)
    return rows


def _facts(count: int, random_: random.Random) -> Iterator[Fact]:
    seen: set[Fact] = set()
    while len(seen) < count:
        fact = Fact(
            random_.randrange(len(_ATTRIBUTES)),
            _name(random_),
            random_.choice(_PLACES),
            random_.choice(_MONTHS),
            random_.randint(2008, 2026),
            random_.randint(2, 9999),
        )
        family = [fact, *(_near_miss(fact, random_) for _ in range(random_.choice((0, 1, 3))))]
        for member in family:
            if member not in seen and len(seen) < count:
                seen.add(member)
                yield member


def _near_miss(fact: Fact, random_: random.Random) -> Fact:
    match random_.randrange(6):
        case 0:
            return replace(fact, value=fact.value + random_.choice((1, 10, -1)))
        case 1:
            return replace(fact, subject=_name(random_))
        case 2:
            return replace(fact, place=random_.choice(_PLACES))
        case 3:
            return replace(fact, year=fact.year + random_.choice((1, -1)))
        case 4:
            return replace(fact, month=random_.choice(_MONTHS))
        case _:
            return replace(fact, negated=not fact.negated)


def _name(random_: random.Random) -> str:
    stem = "".join(random_.choices(_SYLLABLES, k=random_.choice((2, 3)))).capitalize()
    kind = random_.choice(("the {} pump", "the {} press", "model {}", "the {} line", "tank {}"))
    return kind.format(stem)


def _text(fact: Fact, template: int, random_: random.Random) -> str:
    _, _, questions, answers = _ATTRIBUTES[fact.attribute]
    where = f"in {fact.place} since {fact.month} {fact.year}"
    question, answer = questions[template], answers[template if template else random_.randrange(2)]
    if fact.negated:
        answer = f"It is not the case that {answer}"
    value = f"{fact.value:,}"
    texts = (part.format(s=fact.subject, v=value, w=where) for part in (question, answer))
    return "\n".join(text[0].upper() + text[1:] for text in texts)


def _copy(fact: Fact, text: str, random_: random.Random) -> str:
    match random_.randrange(4):
        case 0:
            return _edited(text, random_)
        case 1:
            return _text(fact, 2, random_)  # the clauses in another order
        case 2:
            return _text(fact, 1, random_)  # the same in other words
        case _:
            return text.upper() if random_.random() < 0.1 else text.replace(",", "").replace("?", " ?")


def _edited(text: str, random_: random.Random) -> str:
    words = text.split(" ")
    match random_.randrange(3):
        case 0:
            gaps = [at for at in range(1, len(words)) if not words[at - 1][-1].isdigit()]
            words.insert(random_.choice(gaps), random_.choice(_FILLERS))
        case 1:
            plain = [
                at for at, word in enumerate(words) if word.isalpha() and word.islower() and len(word) > 5
            ]
            if plain:
                at = random_.choice(plain)
                cut = random_.randrange(1, len(words[at]) - 1)
                words[at] = words[at][:cut] + words[at][cut + 1 :]
        case _:
            words = [word for word in words if word not in ("the", "a")]
    return " ".join(words)
