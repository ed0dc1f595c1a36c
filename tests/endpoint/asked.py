"""What a request to the simulated endpoint shows and wants."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from tests.endpoint.spoken import PHRASES, Wanted, asked_in, is_english, said_in

_MATERIAL = re.compile(r"<material-([^>]*)>\n?(.*?)\n?</material-\1>", re.DOTALL)
_HEADER = re.compile(r"(?:Title: [^\n]*\n)?(?:Section: [^\n]*\n)?\n")
_ENDS = re.compile(r"(?:[^\n]*\n)?([^\n]*) \.\.\. ([^\n]*)")
_SENTENCE = re.compile(r"[^.!?।؟\n|#*<>][^.!?।؟\n|<>]{25,300}[.!?।؟](?=\s|$)")
_WORD = re.compile(r"[A-Za-z][\w-]{5,}")


@dataclass(frozen=True, slots=True)
class Asked:
    """`parts` are the texts of the shown passages, the one to aim at where the request names it.

    `labels` are those of the request's plan, `numbers` those of its list.
    """

    task: str
    parts: list[str]
    sentences: list[str]
    labels: list[str]
    numbers: list[int]
    items: int
    start: int
    seed: int = 0
    wanted: Wanted = field(default_factory=Wanted)

    def sentence(self, index: int) -> str:
        """Return one of the passage's sentences, another for each index."""
        return self.sentences[(self.start + index) % len(self.sentences)]

    def question(self, sentence: str) -> str:
        """Return a question that `sentence` answers, in the language that the task wants."""
        return asked_in(self._other(self.wanted.question), sentence) or question_about(sentence)

    def said(self, sentence: str) -> str:
        """Return what `sentence` says, in the language that the task wants."""
        return said_in(self._other(self.wanted.answer), sentence) or sentence

    def _other(self, language: str | None) -> str | None:
        """Return a language that the material is not in already, None for English material in English."""
        own = language == "English" and any(is_english(part) for part in self.parts)
        return None if own else language

    def between(self, tag: str) -> str:
        """Return what the task holds between tags that begin with `tag`."""
        found = re.search(rf"<{tag}-([^>]*)>\n(.*?)\n</{tag}-\1>", self.task, re.DOTALL)
        return found[2] if found else ""


def shown(texts: Sequence[str]) -> list[str]:
    """Return the texts of the passages that a chat shows, without title and headings.

    Where it names a part to aim at, that is the only one.
    """
    found = [match.groups() for text in texts for match in _MATERIAL.finditer(text)]
    whole = [_HEADER.sub("", text, count=1) if text.startswith(("Title: ", "Section: ")) else text
             for tag, text in found if not tag.endswith("-part")]  # fmt: skip
    aims = [text for tag, text in found if tag.endswith("-part")]
    return [part for aim in aims if (part := _aimed_at(aim, whole[0]))] or whole


def without_material(text: str) -> str:
    """Return what a turn says around the passages that it shows."""
    return _MATERIAL.sub("", text)


def sentences_of(text: str) -> list[str]:
    """Return the sentences of `text`, each once."""
    return list(dict.fromkeys(match[0].strip() for match in _SENTENCE.finditer(text)))


def words_of(sentence: str) -> list[str]:
    """Return the longer words of a sentence, each once."""
    return list(dict.fromkeys(_WORD.findall(sentence)))


def questions_about(sentence: str) -> Iterator[str]:
    """Yield the questions that `sentence` answers, in all languages."""
    yield question_about(sentence)
    for language in PHRASES:
        yield asked_in(language, sentence) or ""


def question_about(sentence: str) -> str:
    """Return a question that `sentence` answers."""
    words = words_of(sentence)[:4]
    if not words:
        return f"What holds for {' '.join(sentence.split()[:4])}?"
    return (
        f"How are {', '.join(words[:-1])} and {words[-1]} related?" if words[1:] else f"What is {words[0]}?"
    )


def _aimed_at(aim: str, whole: str) -> str:
    """Return the stretch of `whole` that begins and ends with the words of `aim`."""
    ends = _ENDS.fullmatch(aim)
    if ends is None:
        return ""
    first, last = (re.compile(r"\s+".join(map(re.escape, words.split()))) for words in ends.groups())
    start = first.search(whole)
    end = last.search(whole, start.start()) if start else None
    return whole[start.start() : end.end()] if start and end else ""
