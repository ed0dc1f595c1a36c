"""Items whose fields depend on each other: a wrong answer beside the right one, a program over a table."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tests.endpoint.asked import Asked, question_about, questions_about, sentences_of, words_of
from tests.endpoint.spoken import asked_in

Make = Callable[[Asked, int], dict[str, Any]]
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WRONG_ANSWERS = re.compile(r"`distractors` are (\d+)")
_LENGTH = re.compile(r"^(short|long|bullets): ", re.MULTILINE)
_WORDS = {"short": 35, "long": 150, "bullets": 110}
_SELF = re.compile(r"\b(?:this|these) (?:page|report|manual|notes|document)\b|\bgiven here\b", re.IGNORECASE)
_WORDIER = ("textbook", "dialogue", "viewpoints")
_STYLE = re.compile(r"\(style: (\w+)\)")
_DOCUMENT = re.compile(r"can only be answered with document (\d+)")
_NOT_TOLD = "in the winter of 1871"
_UNKNOWN = "unknown"
_NOT_SO = "granite"


def maker(properties: Mapping[str, Any], asked: Asked) -> Make | None:
    """Return what makes objects with these properties, None where each can be filled by itself."""
    names = frozenset(properties)
    if names == _REASONED and len(asked.parts) > 1:
        return _hop
    if names == _ANSWERED and re.search("^Summarise ", asked.task, re.MULTILINE):
        return _summary
    if names == _ANSWERED and "near_miss" in properties["kind"].get("enum", ()):
        return _unanswerable
    return _MAKERS.get(names)


def _hop(asked: Asked, index: int) -> dict[str, Any]:
    left, right = (_of_part(asked, number, index) for number in _parts_asked_about(asked))
    return {
        "question": _question_over(left, right),
        "steps": [f"One part says: {left}", f"The other part says: {right}"],
        "answer": f"{left} {right}",
        "evidence": [left, right],
        "kind": "bridge",
    }


def _parts_asked_about(asked: Asked) -> tuple[int, int]:
    """Return the part that the task names, with the next one, or the first two."""
    named = _DOCUMENT.search(asked.task)
    if named is None:
        return 0, 1
    number = int(named[1]) - 1
    left, right = sorted((number, (number + 1) % len(asked.parts)))
    return left, right


def _summary(asked: Asked, index: int) -> dict[str, Any]:
    """Return a summary as long as its line wants it, and about half as long as the passage at most."""
    wanted = _LENGTH.findall(asked.task)
    kind = wanted[index % len(wanted)]
    room = min(_WORDS[kind], sum(len(sentence.split()) for sentence in asked.sentences) // 2)
    said = [asked.sentence(0)]
    while len(said) < len(asked.sentences) and sum(len(each.split()) for each in said) < room:
        said.append(asked.sentence(len(said)))
    told = [asked.said(sentence) for sentence in said]
    return {
        "question": asked.question(said[0]),
        "answer": "\n".join(f"- {each}" for each in told) if kind == "bullets" else " ".join(told),
        "evidence": said[:3],
        "kind": kind,
    }


def _strategy(asked: Asked, index: int) -> dict[str, Any]:
    told = f"Write down what is said here: {asked.sentence(index)} Then say it in other words."
    return {"name": f"Notes in turn {index + 1}", "instruction": told}


def _studied(asked: Asked, index: int) -> dict[str, Any]:
    name = asked.between("strategy").partition(":")[0]
    return {"strategy": name, "text": _anew(asked)}


def _own_answer(asked: Asked, index: int) -> dict[str, Any]:
    steps = [asked.sentence(0), asked.sentence(1)]
    return {"steps": steps, "answer": _answer_to(asked.between("question"), asked)}


def _bare_answer(asked: Asked, index: int) -> dict[str, Any]:
    return {"answer": _answer_to(asked.between("question"), asked)}


def _check(asked: Asked, index: int) -> dict[str, Any]:
    found = _answer_to(asked.between("question"), asked)
    return (
        {"verdict": "not_answered", "quote": ""}
        if found == _UNKNOWN
        else {"verdict": "answered", "quote": found}
    )


def _unanswerable(asked: Asked, index: int) -> dict[str, Any]:
    sentence = asked.sentence(index)
    return {
        "question": f"{asked.question(sentence)[:-1]} {_NOT_TOLD}?",
        "answer": f"That is not known. What is known is this: {sentence}",
        "kind": "near_miss",
        "evidence": [sentence],
    }


def _pair(asked: Asked, index: int) -> dict[str, Any]:
    sentence = asked.sentence(index)
    number = _NUMBER.search(sentence)
    right = number[0] if number else max(words_of(sentence) or sentence.split(), key=len)
    wrong = f"{right}7" if number else _NOT_SO
    return {
        "question": question_about(sentence),
        "chosen": sentence,
        "rejected": sentence.replace(right, wrong, 1),
        "fault": "number" if number else "fact",
        "right": right,
        "wrong": wrong,
        "evidence": [sentence],
    }


def _candidate(asked: Asked, index: int) -> dict[str, Any]:
    """Return the answer that one seed brings: every other one says what the material does not."""
    right = _answer_to(asked.between("question"), asked)
    found = right if right != _UNKNOWN else asked.sentence(0)
    time, is_wrong = divmod(asked.seed, 2)
    words = sorted(words_of(found) or found.split(), key=len, reverse=True)
    word = words[time % len(words)]
    said = found.replace(word, _NOT_SO.ljust(len(word), "e"), 1) if is_wrong else found
    answer = said if is_wrong or not time else f"{said[:-1]}{', indeed' * time}."
    return {"answer": answer, "evidence": [found]}


def _claim(asked: Asked, index: int) -> dict[str, Any]:
    """Return what the judge says of a claim: borne out, unless it is one that was made up above."""
    number = asked.numbers[index] if index < len(asked.numbers) else index + 1
    claim = re.search(rf"^{number}\. (.*)$", asked.task, re.MULTILINE)
    made_up = claim is not None and _NOT_SO in claim[1]
    verdict = "unsupported" if made_up else "supported"
    return {"claim": number, "verdict": verdict, "quote": "" if made_up else _deciding(asked, claim, index)}


def _deciding(asked: Asked, claim: re.Match[str] | None, index: int) -> str:
    """Return the words that decide a claim: its own, where the material says it like that."""
    said = claim[1].strip() if claim else ""
    return said if said and any(said in part for part in asked.parts) else asked.sentence(index)


def _quiz(asked: Asked, index: int) -> dict[str, Any]:
    wanted = _WRONG_ANSWERS.search(asked.task)
    others = range(index + 1, index + 1 + (int(wanted[1]) if wanted else 3))
    sentence = asked.sentence(index)
    return {
        "question": asked.question(sentence),
        "answer": asked.said(sentence),
        "kind": "multiple_choice",
        "distractors": [f"{asked.said(asked.sentence(other))[:-1]}, they say." for other in others],
        "evidence": [sentence],
    }


def _right_choices(asked: Asked, index: int) -> dict[str, Any]:
    choices = [line.partition(". ") for line in asked.between("question").splitlines()[1:]]
    told = {asked.said(sentence) for sentence in asked.sentences}
    return {"letters": [letter for letter, _, choice in choices if choice in told]}


def _turn(asked: Asked, index: int) -> dict[str, Any]:
    sentence = asked.sentence(index)
    question = asked.question(sentence)
    if index:
        before = asked.said(asked.sentence(index - 1))
        subject = next(iter(words_of(before)), "that")
        alone = f"{question[:-1]}, as {subject} was spoken of?"
        question = "And what else is there to know?" if question == question_about(sentence) else "… ?"
    else:
        alone = question
    return {"question": question, "standalone": alone, "answer": asked.said(sentence), "evidence": [sentence]}


def _rewritten(asked: Asked, index: int) -> dict[str, Any]:
    found = _STYLE.search(asked.task)
    style = found[1] if found else "plain"
    more = asked.sentences[: len(asked.sentences) // 3] if style in _WORDIER else []
    return {"style": style, "text": "\n\n".join((_anew(asked), *more))}


def _anew(asked: Asked) -> str:
    """Return what the material says, without a word of what it stands in."""
    return _SELF.sub("it", "\n\n".join(asked.parts))


def _enhanced(asked: Asked, index: int) -> dict[str, Any]:
    chat = orjson.loads(asked.between("chat"))
    return {
        "reasoning": "The earlier turns say what is asked for, and it is known.",
        "conclusion": chat[-1]["content"],
    }


def _table_question(asked: Asked, index: int) -> dict[str, Any]:
    lines = [line for line in "\n".join(asked.parts).splitlines() if line.startswith("|")]
    header, *rows = [cells for line in lines if not _is_rule(cells := _cells(line))]
    for column, name in enumerate(header[1:], 1):
        counted = [row for row in rows if _NUMBER.fullmatch(row[column])]
        if len(counted) > 1:
            one, other = counted[index % len(counted)][0], counted[(index + 1) % len(counted)][0]
            return _difference(one, other, name)
    return _look_up(rows[index % len(rows)][0], header[1])


def _difference(one: str, other: str, column: str) -> dict[str, Any]:
    return {
        "question": f"What is the difference between {one} and {other} in {column}?",
        "program": [
            f'a = cell("{one}", "{column}")',
            f'b = cell("{other}", "{column}")',
            "difference = a - b",
        ],
        "explanations": [
            f"It is read for {one}.",
            f"It is read for {other}.",
            "The one is taken off the other.",
        ],
        "answer": f"The difference between {one} and {other} in {column} is {{result}}.",
        "evidence": [one, other],
        "kind": "difference",
    }


def _look_up(row: str, column: str) -> dict[str, Any]:
    return {
        "question": f"What does the {column} of {row} say?",
        "program": [f'value = cell("{row}", "{column}")'],
        "explanations": ["The table says it outright."],
        "answer": f"The {column} of {row} is {{result}}.",
        "evidence": [row],
        "kind": "count",
    }


def _translation(asked: Asked, index: int) -> dict[str, Any]:
    sentence = asked.sentence(index)
    return {"source": sentence, "translation": asked.said(sentence)}


def _interpretation(asked: Asked, index: int) -> dict[str, Any]:
    sentence = asked.sentence(index)
    return {
        "question": asked.question(sentence),
        "translation": asked_in(asked.wanted.answer, sentence) or question_about(sentence),
        "answer": asked.said(sentence),
        "evidence": [sentence],
    }


def _is_rule(cells: list[str]) -> bool:
    return set("".join(cells)) <= set("-: ")


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def _of_part(asked: Asked, part: int, index: int) -> str:
    sentences = sentences_of(asked.parts[part]) or asked.sentences
    return sentences[(asked.start + index) % len(sentences)]


def _question_over(left: str, right: str) -> str:
    return f"How do {' and '.join(words_of(left)[:3])} bear on {' and '.join(words_of(right)[:3])}?"


def _answer_to(question: str, asked: Asked) -> str:
    """Return the sentence, or the two of different parts, that `question` was made from, or "unknown"."""
    for sentence in asked.sentences:
        if question in questions_about(sentence):
            return asked.said(sentence)
    if len(asked.parts) != 2:
        return _UNKNOWN
    lefts, rights = map(sentences_of, asked.parts)
    for left in lefts:
        for right in rights:
            if _question_over(left, right) == question:
                return f"{left} {right}"
    return _UNKNOWN


_REASONED = frozenset({"question", "steps", "answer", "evidence", "kind"})
_ANSWERED = frozenset({"question", "answer", "evidence", "kind"})
_MAKERS: Mapping[frozenset[str], Make] = {
    frozenset({"name", "instruction"}): _strategy,
    frozenset({"strategy", "text"}): _studied,
    frozenset({"steps", "answer"}): _own_answer,
    frozenset({"answer"}): _bare_answer,
    frozenset({"letters"}): _right_choices,
    frozenset({"verdict", "quote"}): _check,
    frozenset({"question", "chosen", "rejected", "fault", "right", "wrong", "evidence"}): _pair,
    frozenset({"question", "answer", "kind", "distractors", "evidence"}): _quiz,
    frozenset({"question", "standalone", "answer", "evidence"}): _turn,
    frozenset({"answer", "evidence"}): _candidate,
    frozenset({"claim", "verdict", "quote"}): _claim,
    frozenset({"source", "translation"}): _translation,
    frozenset({"question", "translation", "answer", "evidence"}): _interpretation,
    frozenset({"style", "text"}): _rewritten,
    frozenset({"reasoning", "conclusion"}): _enhanced,
    frozenset({"question", "program", "explanations", "answer", "evidence", "kind"}): _table_question,
}
