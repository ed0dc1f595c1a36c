"""What the simulated endpoint says in each of Llama 4's languages, where it is asked to."""

import random
import re
from dataclasses import dataclass

_TWO = re.compile(
    r"question and instruction in ([^.,]+?)(?:, which is (\w+))?, and everything else that you write in"
    r" ([^.,]+?)(?:, which is (\w+))?\."
)
_ONE = re.compile(r"Write in ([^.,]+?)(?:, which is (\w+))?[.,]")
_ANSWER = re.compile(r"Write `answer` in (\w+)\.")
_INTO = re.compile(r"translate each into (\w+)\.")
_BETWEEN = re.compile(r"Write each question in (\w+); `translation` is the\s+same question in (\w+)")
_FIGURES = re.compile(r"(?<!\w)\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Phrases:
    """A question and a statement about `{subject}`, the latter with its `{figures}`, or without any.

    `sign` is what only texts in this language hold.
    """

    question: str
    statement: str
    plain: str
    sign: str


PHRASES = {
    "English": Phrases(
        "What does the handbook say about {subject} in detail?",
        "The handbook gives some figures about {subject}, namely {figures}.",
        "The handbook says what is to be done about {subject} and gives no figures.",
        r"\b(?:the|of|and|is|must|for)\b",
    ),
    "Arabic": Phrases(
        "ماذا يقول الدليل عن {subject} في هذا الشأن؟",
        "يذكر الدليل بخصوص {subject} الأرقام التالية: {figures}.",
        "يذكر الدليل بخصوص {subject} ما يجب القيام به دون أي أرقام.",
        r"[\u0600-\u06ff]",
    ),
    "German": Phrases(
        "Was sagt das Handbuch zu {subject} im Einzelnen?",
        "Das Handbuch nennt zu {subject} die folgenden Zahlen: {figures}.",
        "Das Handbuch beschreibt zu {subject}, was zu tun ist, und nennt keine Zahlen.",
        r"\b(?:der|die|das|und|ist|wird|muss)\b",
    ),
    "French": Phrases(
        "Que dit le manuel au sujet de {subject} en détail ?",
        "Le manuel donne pour {subject} les chiffres suivants : {figures}.",
        "Le manuel explique pour {subject} ce qu'il faut faire et ne donne pas de chiffres.",
        r"\b(?:le|la|les|des|est|doit)\b",
    ),
    "Hindi": Phrases(
        "पुस्तिका {subject} के बारे में क्या बताती है?",
        "पुस्तिका {subject} के लिए ये संख्याएँ देती है: {figures}।",
        "पुस्तिका {subject} के लिए बताती है कि क्या करना है और कोई संख्या नहीं देती।",
        r"[\u0900-\u097f]",
    ),
    "Thai": Phrases(
        "คู่มือกล่าวถึง {subject} ไว้อย่างไรบ้าง",
        "คู่มือระบุตัวเลขเกี่ยวกับ {subject} ไว้ดังนี้ {figures}",
        "คู่มืออธิบายเกี่ยวกับ {subject} ว่าต้องทำอย่างไรโดยไม่มีตัวเลข",
        r"[\u0e00-\u0e7f]",
    ),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """The languages that a task wants questions and answers in, as it names them, if it does."""

    question: str | None = None
    answer: str | None = None


def wanted_by(task: str) -> Wanted:
    """Return the languages that a task names."""
    if found := _BETWEEN.search(task):
        return Wanted(*found.groups())
    if found := _INTO.search(task):
        return Wanted(None, found[1])
    if found := _ANSWER.search(task):
        return Wanted(None, found[1])
    if found := _TWO.search(task):
        return Wanted(found[2] or found[1], found[4] or found[3])
    if found := _ONE.search(task):
        return Wanted(found[2] or found[1], found[2] or found[1])
    return Wanted()


def asked_in(language: str | None, sentence: str) -> str | None:
    """Return a question about a sentence in a language; None without phrases, and for English in English."""
    phrases = PHRASES.get(language or "")
    if phrases is None or (language == "English" and re.search(phrases.sign, sentence)):
        return None
    return phrases.question.format(subject=_subject(sentence))


def said_in(language: str | None, sentence: str) -> str | None:
    """Return what a sentence states in a language, itself where it is in it; None without phrases for it."""
    phrases = PHRASES.get(language or "")
    if phrases is None:
        return None
    if re.search(phrases.sign, sentence, re.IGNORECASE):
        return sentence
    figures = ", ".join(_FIGURES.findall(sentence))
    statement = phrases.statement if figures else phrases.plain
    return statement.format(subject=_subject(sentence), figures=figures)


def is_english(text: str) -> bool:
    """Whether a text has words that only English has, and more than a few."""
    return len(re.findall(PHRASES["English"].sign, text)) > 2


def _subject(sentence: str) -> str:
    """Return a name for what a sentence is about, which is a word of no language."""
    draw = random.Random(sentence)
    return "".join(draw.choice("bdfgklmnprstvz") + draw.choice("aeiou") for _ in range(3)).capitalize()
