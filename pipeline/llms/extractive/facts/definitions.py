"""What terms mean: `A berth window is the period ...`, `X means ...`, `Port Community System (PCS)`."""

import re
from collections.abc import Iterator

from pipeline.llms.extractive.facts.fact import Fact
from pipeline.llms.extractive.grammar import is_subject, is_whole
from pipeline.llms.extractive.reading import Reading, Sentence
from pipeline.llms.extractive.wording import Place, capitalised, inside, noun_inside, pick, quoted

KIND = "definition"
_VERB = re.compile(
    r"^(?P<term>[^,;:]{2,80}?) (?P<verb>is defined as|are defined as|refers to|refer to|means|mean|denotes|"
    r"is|are) (?P<rest>.+)$"
)
_ARTICLES = ("a ", "an ", "the ", "any ", "every ", "one of ")
_EXPLAINS = re.compile(
    r"\b(?:that|which|who|whose|where|when|for|of|used|in which|by which|during which|between|from|to|"
    r"made|given)\b"
)
_VAGUE = re.compile(
    r"^(?:an? |any )?(?:example|reason|result|problem|advantage|disadvantage|benefit|drawback|"
    r"exception|other|further|first|second|third|last|next|key|main|common|typical|good|better|best|simple|important)\b",
    re.IGNORECASE,
)
_SINGLED_OUT = re.compile(r"(?:the|one of the|an?) (?:same|only|main|first|most|best|worst|\w+est)\b")
_ABBREVIATION = re.compile(r"\((?P<short>[A-Z][A-Za-z]{1,7})\)")
_PERSONS = re.compile(
    r"\b(?:person|officer|official|employee|worker|member of staff|pilot|manager|individual)s?\b"
)


def definitions(reading: Reading, place: Place, sentence: Sentence) -> Iterator[Fact]:
    """Yield what a sentence says a term is, and what an abbreviation in it stands for."""
    yield from _abbreviations(place, sentence)
    match = _VERB.match(sentence.text)
    if not match or not is_whole(sentence.text):
        return
    term, verb, rest = _bare_term(match["term"]), match["verb"], match["rest"]
    if _VAGUE.match(term) or len(term.split()) > 6 or not is_subject(term):
        return
    if verb.startswith("mean") and term == match["term"] and not rest.startswith((*_ARTICLES, "to ")):
        return
    if verb in ("is", "are"):
        question, weight = _of_being(term, verb, rest, reading), 0.9
    else:
        question, weight = _of_meaning(term, reading, place), 1.0
    if question:
        names_itself = term.casefold() == place.document.strip('"').casefold()
        yield _fact(
            f"{capitalised(question)}?" if names_itself else _placed(question, place), sentence, weight
        )


def _bare_term(term: str) -> str:
    """Return the term without `The term`, quotes, or the abbreviation that follows it."""
    term = re.sub(r"^(?:The|the) (?:term|word|phrase|expression) ", "", term)
    return re.sub(r" \([A-Z]\w{1,9}\)$", "", term.strip("\"“”'‘’ ")).strip("\"“”'‘’ ")


def _of_being(term: str, verb: str, rest: str, reading: Reading) -> str:
    """Return the question for `TERM is REST`, empty unless REST reads like a definition."""
    starts_named = term.startswith("The ") and term[4:5].isupper()
    bare = not term.lower().startswith(("the ", "all ", "each ", "every ", "no ", "any "))
    has_genus = rest.startswith(_ARTICLES) or (verb == "are" and re.match(r"[a-z]+s\b", rest) is not None)
    explains = len(rest.split()) >= 5 and _EXPLAINS.search(rest) is not None
    if not ((bare or starts_named) and has_genus and explains) or _SINGLED_OUT.match(rest):
        return ""
    person = _PERSONS.search(" ".join(rest.split()[:5])) is not None
    word = "who" if person and verb == "is" and starts_named else "what"
    return f"{word} {verb} {inside(term, reading)}"


def _of_meaning(term: str, reading: Reading, place: Place) -> str:
    name = quoted(noun_inside(re.sub(r"^(?:An?|The) ", "", term), reading))
    return pick(
        (f"what does {name} mean", f"what is meant by {name}", f"how is {name} defined"), term + place.whole
    )


def _placed(question: str, place: Place) -> str:
    """Return a whole question; most readers ask for a term's meaning within a document."""
    frames = (
        "{Question}, according to {place}?",
        "In {place}, {question}?",
        "According to {place}, {question}?",
    )
    frame = pick(frames, question)
    return frame.format(place=place.whole, question=question, Question=capitalised(question))


def _abbreviations(place: Place, sentence: Sentence) -> Iterator[Fact]:
    for match in _ABBREVIATION.finditer(sentence.text):
        short = match["short"]
        if not short.isupper() or len(short) < 2:
            continue
        before = sentence.text[: match.start()].split()
        words = before[-len(short) :]
        joiners = [word for word in before if word in ("of", "and", "for", "the")]
        longer = before[-len(short) - 1 :] if joiners else words
        full = _spelled_out(short, words) or _spelled_out(short, longer)
        if full:
            yield _fact(_placed(f"what does {short} stand for", place), sentence, 0.75, answer=full)


def _spelled_out(short: str, words: list[str]) -> str:
    initials = "".join(
        word[0] for word in words if word[0].isalpha() and word not in ("of", "and", "for", "the")
    )
    return " ".join(words) if words and initials.upper() == short else ""


def _fact(question: str, sentence: Sentence, weight: float, answer: str = "") -> Fact:
    return Fact(KIND, question, answer or sentence.text, (sentence.quote,), sentence.start, weight)
