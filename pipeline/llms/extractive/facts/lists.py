"""Lists as answers: enumerations with the sentence that introduces them, and procedures with their steps."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import ASKS, is_subject
from pipeline.llms.extractive.reading import Reading, Section, plain
from pipeline.llms.extractive.wording import Place, framed, inside, noun_inside, pick, quoted
from schemas.documents import Block, BlockKind

_MARKER = re.compile(r"^\s*(?:[-*+•–◦▪‣·o]|\(?(?:\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)])\s+")
_NUMBER = re.compile(r"^\s*\(?\d{1,3}[.)]\s+")
_MAX_ITEMS = 15
_MAX_LEAD_CHARACTERS = 300
_MAX_ITEM_CHARACTERS = 400
_FOLLOWING = re.compile(
    r"^The following (?P<what>[a-z][\w\s-]*?) "
    r"(?P<verb>is|are|must|may|can|should|shall|apply|applies|require)\b(?P<rest>[^:.]*)$"
)
_OPEN = re.compile(
    r"^(?P<subject>[^,;:]+?) (?P<modal>must|may|should|shall) (?P<verb>[a-z]+)"
    r"(?: the following(?P<what> [a-z]+s)?)?$"
)
_PARTS = re.compile(
    r"^(?P<subject>[^,;:]+?) (?P<verb>includes?|contains?|has|have|consists? of|comprises?|covers?|offers?|"
    r"provides?|supports?|requires?|uses?) "
    r"(?:the following (?P<what>[a-z]+s)|(?:two|three|four|five|six|seven|eight|"
    r"\d+) (?P<counted>(?:[a-z]+ )?[a-z]+s))$"
)
_FIVE = re.compile(
    r"^(?P<subject>[^,;:]+?) (?P<modal>must|may|should|shall) (?P<verb>[a-z]+) "
    r"(?:these|the following|two|three|four|five|six|"
    r"seven|eight|nine|ten|\d+) (?P<what>(?:[a-z]+ )?[a-z]+s)(?:, which .*)?$"
)
_THERE = re.compile(r"^There are (?P<count>\w+) (?P<what>[a-z][^,;:]*)$")
_OF = re.compile(r" (?:of|for|in|on|to|by|with|from) ")
_PLAIN = re.compile(r"^[A-Z][a-z]+(?: [A-Za-z][a-z-]*){0,6}$")
_NO_ANSWER = re.compile(
    r"\b(?:changes|references|links|notes|thanks|contents|versions|releases|credits|authors|contributors|"
    r"sponsors|badges|news|works|details|basics|others)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"^To (?P<do>[a-z][^,;:]*?)(?:,.*)?$")
_GERUND = re.compile(
    r"^[A-Z][a-z]+ing (?:an?|the|off|on|out|up|in|into|to|from|with|for|your|started|alongside)\b"
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A run of list items, and the sentence before it that ends with a colon.

    `items` are the outer ones without marks, `lines` all of them with marks, inner ones indented.
    """

    lead: str
    items: tuple[str, ...]
    lines: tuple[str, ...]
    quotes: tuple[str, ...]
    ordered: bool
    start: int


def lists(reading: Reading, place: Place, section: Section) -> Iterator[Fact]:
    """Yield a section's lists whole, and single steps of its procedures."""
    for listing in _listings(reading, section):
        question = _from_lead(listing, reading) or _from_heading(listing, section, reading)
        if question is None:
            continue
        kind, words, weight = question
        where = place.exact if kind == "list" and not listing.lead else place.whole
        yield Fact(kind, framed(words, where), _shown(listing), listing.quotes, listing.start, weight)
        if kind == "procedure":
            yield from _steps(listing, words, place)


def _listings(reading: Reading, section: Section) -> Iterator[Listing]:
    """Yield the runs of top-level items that can stand as an answer."""
    run: list[Block] = []
    before: Block | None = None
    for block in (*section.blocks, None):
        if block is not None and block.kind is BlockKind.LIST_ITEM:
            run.append(block)
            continue
        if run and (listing := _listing(reading, before, run)):
            yield listing
        run, before = [], block


def _listing(reading: Reading, before: Block | None, run: Sequence[Block]) -> Listing | None:
    texts = [reading.quote(block) for block in run]
    if not 2 <= len(run) <= _MAX_ITEMS or any(len(text) > _MAX_ITEM_CHARACTERS for text in texts):
        return None
    top = min(block.level for block in run)
    items = [
        plain(_MARKER.sub("", text, count=1))
        for block, text in zip(run, texts, strict=True)
        if block.level == top
    ]
    if len(items) < 2 or not all(items) or run[0].level != top or _opens_nothing(run, texts):
        return None
    lines = tuple("   " * (block.level - top) + plain(text) for block, text in zip(run, texts, strict=True))
    lead = reading.quote(before) if before is not None and before.kind is BlockKind.PARAGRAPH else ""
    last = re.split(r"(?<=[.!?])\s+", lead.strip())[-1] if lead.rstrip().endswith(":") else ""
    last = last if len(last) <= _MAX_LEAD_CHARACTERS else ""
    ordered = all(_NUMBER.match(text) for block, text in zip(run, texts, strict=True) if block.level == top)
    quotes = (last, *texts) if last else tuple(texts)
    start = run[0].start if not last or before is None else before.end - len(last)
    return Listing(plain(last).rstrip(":").rstrip(), tuple(items), lines, quotes, ordered, start)


def _opens_nothing(run: Sequence[Block], texts: Sequence[str]) -> bool:
    """Whether some item ends with a colon and no inner items follow: then the levels were lost in reading."""
    levels = [block.level for block in run] + [-1]
    return any(text.endswith(":") and levels[at + 1] <= levels[at] for at, text in enumerate(texts))


def _from_lead(listing: Listing, reading: Reading) -> tuple[str, str, float] | None:
    """Word the question from the sentence that introduces the list."""
    lead = listing.lead
    if (match := _TO.match(lead)) and listing.ordered:
        return "procedure", f"what are the steps to {match['do']}", 1.0
    if match := _FOLLOWING.match(lead):
        rest = match["rest"]
        return "list", f"which {match['what']} {match['verb']}{rest}", 1.0
    if (match := _OPEN.match(lead)) and is_subject(match["subject"]):
        word = f"which{match['what']}" if match["what"] else "what"
        return "list", f"{word} {match['modal']} {inside(match['subject'], reading)} {match['verb']}", 1.0
    if (match := _FIVE.match(lead)) and is_subject(match["subject"]):
        subject = inside(match["subject"], reading)
        return "list", f"which {match['what']} {match['modal']} {subject} {match['verb']}", 1.0
    if (match := _PARTS.match(lead)) and is_subject(match["subject"]):
        return "list", _parts_question(match, reading), 0.95
    if match := _THERE.match(lead):
        return "list", f"what are the {match['count']} {match['what']}", 0.95
    return None


def _parts_question(match: re.Match[str], reading: Reading) -> str:
    verb, what = match["verb"], match["what"] or match["counted"]
    base = re.sub(r"^has\b", "have", re.sub(r"^(?!has)(\w+?)s\b", r"\1", verb))
    auxiliary = "do" if base == verb else "does"
    base, _, preposition = base.partition(" ")
    tail = f" {preposition}" if preposition else ""
    return f"which {what} {auxiliary} {inside(match['subject'], reading)} {base}{tail}"


def _from_heading(listing: Listing, section: Section, reading: Reading) -> tuple[str, str, float] | None:
    """Word the question from the heading above, for lists that name themselves no better."""
    heading = section.heading
    if not heading or listing.lead or any(_is_key_value(item) for item in listing.items):
        return None
    if listing.ordered and (match := re.match(r"^How to (?P<do>.+)$", heading)):
        return "procedure", f"what are the steps to {match['do']}", 0.95
    if listing.ordered and _GERUND.match(heading):
        return "procedure", f"what are the steps for {noun_inside(heading, reading)}", 0.9
    if listing.ordered:
        return "procedure", f"what procedure is set out under {quoted(heading)}", 0.7
    if len(listing.lines) > len(listing.items):
        return None
    if ASKS.match(heading):  # `What a decision does` ends like a plural
        return None
    head = _OF.split(heading)[0].split(" ")[-1]
    is_plural = head.endswith("s") and not head.endswith("ss")
    if not is_plural or not _PLAIN.match(heading) or _NO_ANSWER.search(heading):
        return None
    return "list", f"which {noun_inside(heading, reading)} are listed", 0.6


def _is_key_value(item: str) -> bool:
    key, colon, _ = item.partition(": ")
    return bool(colon) and len(key.split()) <= 5


def _steps(listing: Listing, words: str, place: Place) -> Iterator[Fact]:
    """Yield which step comes after another, for whole sentences only."""
    steps = listing.items
    short = [
        at
        for at, step in enumerate(steps[:-1])
        if step.endswith(".") and ". " not in step and len(step) < 110
    ]
    if len(steps) < 3 or not short or len(listing.lines) > len(steps):
        return
    at = pick(short, "".join(steps))
    goal = words.removeprefix("what are the steps ").replace("what procedure is set out", "of the procedure")
    question = f"which step follows {quoted(steps[at].rstrip('.'))} among the steps {goal}"
    quotes = listing.quotes[-len(steps) :][at : at + 2]
    yield Fact("procedure_step", framed(question, place.whole), steps[at + 1], quotes, listing.start, 0.6)


def _shown(listing: Listing) -> str:
    """Return the items as Markdown, one a line; nested ones as the document marks them."""
    if len(listing.lines) > len(listing.items):
        return "\n".join(listing.lines)
    marks = (f"{number}. " if listing.ordered else "- " for number in range(1, len(listing.items) + 1))
    return "\n".join(mark + item for mark, item in zip(marks, listing.items, strict=True))
