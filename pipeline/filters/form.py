# ruff: noqa: E501  # patterns read better in one line
"""Drops answers that a model spoilt: refusals, model-speak, leaked prompts, broken Markdown, loops."""

import re
from collections import Counter
from collections.abc import Sequence

from pydantic import Field

from pipeline.facts.words import words
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

_REFUSAL = re.compile(
    r"^\W*(?:i(?:'|’)?m (?:sorry|afraid|unable)|i (?:can(?:'|’)?t|cannot|can not|won(?:'|’)?t|am unable to|am not able to|(?:do not|don(?:'|’)?t) (?:have|know))"
    r"|(?:sorry|apologies|unfortunately),? (?:but )?i\b|i apologi[sz]e|es tut mir leid|leider (?:kann|weiß|habe) ich|das kann ich (?:leider )?nicht|je suis désolé|(?:malheureusement, )?je ne peux pas"
    r"|lo siento|(?:lamentablemente, )?no puedo (?:responder|ayudar|contestar)|purtroppo non|non posso (?:rispondere|aiutar|fornire)|não (?:posso|consigo) (?:responder|ajudar|fornecer)|(?:je n['’]ai|no tengo|não tenho|non ho) (?:pas )?(?:assez|suficiente|abbastanza)"
    r"|mi dispiace|desculpe|sinto muito|maaf,|paumanhin|pasensya na|(?:tôi )?xin lỗi|rất tiếc|क्षमा करें|मुझे खेद है|माफ़ कीजिए"
    r"|ขออภัย|ขอโทษ|อภัย|عذر|آسف|أعتذر|للأسف)",
    re.IGNORECASE,
)
_MODEL_SPEAK = re.compile(
    r"\bas an? (?:ai|artificial intelligence|(?:large )?language model)\b|\bmy (?:training data|knowledge cutoff)\b"
    r"|\bi(?:'|’)?m (?:just )?an? (?:ai|language model)\b|^\W*(?:sure|certainly|of course|absolutely|(?:that(?:'|’)?s|that is|what) an? (?:great|good|excellent) question|great question)(?:!|, (?:here|i)\b)"
    r"|^\W*here(?:(?:'|’)s| is| are) (?:an?|the|your|some) (?:\w+ ){0,2}(?:questions?|answers?|responses?|pairs?|summary|json)\b"
    r"|\b(?:i hope this helps|let me know if you (?:have|need)|happy to help)\b",
    re.IGNORECASE,
)
_LEAKED_PROMPT = re.compile(
    r"</?(?:material|example|source|document)-[0-9a-f]{6,}|<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>|\bjson schema\b"
    r"|\"(?:question|answer|evidence)\"\s*:|\b(?:system prompt|the instructions (?:say|state|ask))\b|^\s*(?:question|answer)\s*:",
    re.IGNORECASE,
)
_TAG = re.compile(
    r"</?(b|i|u|em|strong|code|pre|think|table|tr|td|ul|ol|li|p|div|span)\b[^>]*>", re.IGNORECASE
)
_CUT_OFF = re.compile(
    r"(?:[,;:(\[–—]|\b(?:and|or|the|a|an|of|to|with|for|und|oder|et|ou|y|e))$", re.IGNORECASE
)
_LEAST_COPIED_WORDS = 3
_GRAM = 6
_LEAST_LOOP_WORDS = 24


class FormOptions(Options):
    """What is let through. A sample that teaches a refusal on purpose is named by its recipe or kind."""

    max_repeated: float = Field(default=0.3, ge=0, le=1, description="share of six-word runs seen before")
    may_refuse: tuple[str, ...] = ("unanswerable",)


class Form:
    """Looks at how answers are written, whatever they say. The first prompt is checked for a leak too."""

    def __init__(self, setup: FilterSetup) -> None:
        assert isinstance(setup.options, FormOptions)
        self._options = setup.options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return the first fault's reason and words, else a keep."""
        if found := _LEAKED_PROMPT.search(sample.question[:500]):
            return Verdict("form", False, "leaked_prompt", detail=found[0][:80])
        may_refuse = bool({sample.recipe_name, sample.kind} & set(self._options.may_refuse))
        asked = [turn.content for turn in sample.messages if turn.role == "user"]
        for answer in filter(str.strip, sample.answers):  # a tool call says nothing in words
            for reason, found in (
                ("refusal", None if may_refuse else _REFUSAL.search(answer)),
                ("model_speak", _MODEL_SPEAK.search(answer)),
                ("leaked_prompt", _LEAKED_PROMPT.search(answer)),
            ):
                if found:
                    return Verdict("form", keep=False, reason=reason, detail=found[0][:80])
            if reason := self._fault(asked, answer):
                return Verdict("form", keep=False, reason=reason)
        return Verdict("form", keep=True)

    def _fault(self, asked: Sequence[str], answer: str) -> str:
        if any(_copies(question, answer) for question in asked):
            return "answer_copies_question"
        if _is_broken_markdown(answer):
            return "broken_markdown"
        if _CUT_OFF.search(answer.rstrip()):
            return "answer_cut_off"
        return "repeats_itself" if repeated_share(answer) > self._options.max_repeated else ""


def repeated_share(text: str) -> float:
    """Return the share of six-word runs that stood in `text` before; 0 for a short one."""
    said = words(text)
    if len(said) < _LEAST_LOOP_WORDS:
        return 0.0
    runs = Counter(tuple(said[at : at + _GRAM]) for at in range(len(said) - _GRAM + 1))
    return 1 - len(runs) / runs.total()


def _copies(question: str, answer: str) -> bool:
    asked, said = words(question), words(answer)
    return len(asked) >= _LEAST_COPIED_WORDS and asked == said


def _is_broken_markdown(text: str) -> bool:
    if text.count("```") % 2:
        return True
    without_code = re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
    if without_code.count("**") % 2:
        return True
    opened = Counter(match[1].casefold() for match in _TAG.finditer(without_code) if match[0][1] != "/")
    closed = Counter(match[1].casefold() for match in _TAG.finditer(without_code) if match[0][1] == "/")
    return any(opened[tag] != closed[tag] for tag in (opened | closed) if tag not in ("li", "p", "td", "tr"))


filters.add(
    "form", FilterEntry(Form, "no refusal, model-speak, leaked prompt, loop or broken Markdown", FormOptions)
)
