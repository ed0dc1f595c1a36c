# patterns read better in one line
"""Drops questions that only make sense beside their document, and answers that talk about it."""

import re

from pipeline.facts.pointing import points_at_document
from schemas.contracts import FilterEntry, FilterSetup
from schemas.documents import Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

_PART = (
    r"(?:text|passage|document|paragraph|section|chapter|excerpt|article|page|context|snippet|extract|"
    r"table|figure|chart|graph|diagram|image|list|example|equation|source|material|content|author|writer|"
    r"report|study|information|sentence|statement)s?"
)
_POINTS = rf"""
    \b(?:(?:this|these|the\s(?:above|following|given|provided|preceding|previous|present|current))\s{_PART}
    |the\s(?:text|passage|excerpt|snippet|context|paragraph|author|authors|writer|document|section|article)
        (?=\s*(?:[?.,;:!)]|$|above|below|provided|given|say|says|state|states|mention|describ|list|discuss|explain
          |suggest|refer|provide|present|define|indicate|note|specif|recommend|claim|argue|use|cite|identif|include
          |is|are|does|do|give|mean|conclude))
    |(?:table|figure|section|passage|paragraph|example|text|list|equation|chart|diagram)s?\s(?:above|below)
    |(?:above|below|aforementioned|above-mentioned)\s{_PART}
    |(?:mentioned|described|shown|listed|discussed|stated|given|provided|outlined|presented|defined|noted)\s
        (?:above|below|here|earlier|previously|in\s(?:the|this)\s{_PART}|by\sthe\s(?:author|writer|text|passage))
    |(?:according\sto|based\son|as\sper|in|from|per|of|within)\s(?:the|this)\s
        (?:text|passage|excerpt|snippet|context|paragraph|provided|given|above|following|author|document\b(?!\s[a-z]))
    |\b(?:does|did|do)\sthe\s(?:author|writer|text|passage|article|excerpt)s?\s(?:make|say|mention|mean|use|give|suggest|recommend|argue|claim)\b
    |\bwhat\s(?:information|details|data|facts)\s(?:is|are)\s(?:provided|given|mentioned|presented|available)\b
    |(?:the|this)\s(?:information|material|content|details|data|facts)\s(?:provided|given|above|presented|available|shown)\b
    )"""
_QUESTION = re.compile(_POINTS, re.IGNORECASE | re.VERBOSE)
_ANSWER = re.compile(
    rf"""{_POINTS}|^(?:the|this)\s(?:text|passage|document|excerpt|article)\s
    (?:does|do|is|says|states|mentions|describes|explains|provides|discusses)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PICTURE = re.compile(
    r"\b(?:the|this)\s(?:picture|figure|chart|graph|diagram|image|map|photo(?:graph)?|drawing|plot)\b"
    r"(?:\s(?:above|below|shown))?",
    re.IGNORECASE,
)
_DANGLING = re.compile(
    r"^(?:(?:what|who|when|where|why|how|which)\s(?:\w+\s)?(?:is|are|was|were|does|do|did|has|have|can|should)\s)"
    r"(?:it|they|he|she|this|that|these|those|them|his|her|their|its)\b(?!\s(?:possible|necessary|important|"
    r"called\swhen|mean(?:s)?\s(?:to|when|that|if)|required\sto|recommended\sto|safe\sto|allowed\sto|okay|ok))",
    re.IGNORECASE,
)


class StandAlone:
    """Reads the first question and all answers; a later turn of a conversation may lean on an earlier one."""

    def __init__(self, setup: FilterSetup) -> None:
        del setup  # it has no options

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return `question_needs_document`, `question_without_subject` or `answer_talks_of_document`."""
        question = _without_quoted_source(sample.question)
        if sample.pictures:
            question = _PICTURE.sub("Picture", question)
        if found := _QUESTION.search(question):
            return _drop("question_needs_document", found[0])
        if pointing := points_at_document(question):
            return _drop("question_needs_document", pointing)
        if found := _DANGLING.match(question):
            return _drop("question_without_subject", found[0])
        for answer in sample.answers:
            if found := _ANSWER.search(answer[:2000]):
                return _drop("answer_talks_of_document", found[0])
            if pointing := points_at_document(answer[:2000]):
                return _drop("answer_talks_of_document", pointing)
        return Verdict("stand_alone", keep=True)


def _without_quoted_source(question: str) -> str:
    """Return the question alone: a prompt that carries its own text may speak of it."""
    return "" if "\n\n" in question.strip() else question


def _drop(reason: str, words: str) -> Verdict:
    return Verdict("stand_alone", keep=False, reason=reason, detail=" ".join(words.split()))


filters.add("stand_alone", FilterEntry(StandAlone, "the question makes sense without its document"))
