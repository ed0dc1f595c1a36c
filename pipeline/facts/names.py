"""Names, codes and quoted terms: what an answer may not invent."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.facts.words import folded

_QUOTED = re.compile(r"[\"“«„`]([^\"”»“`\n]{2,80})[\"”»“`]")
_CODE = re.compile(
    r"\b(?:[A-Z]{2,}[\w]*(?:[-/.][A-Z0-9][\w]*)*|[A-Za-z]+[-_]?\d[\w.\-]*|\d+[A-Za-z]+\d[\w-]*)\b"
)
_PROPER = re.compile(r"(?<![\w@])[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;\n•*#>|)(\"“«]|\d[.)]|(?:^|\n)[–—-])\s*$")
_COMMON_WORDS = """
i the a an yes no it in on at for this that these those if when while because there they he she we you
according step first second third then thus therefore hence so total answer however both each all none
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_CAPITAL_NOUNS = frozenset({"de", "lb"})  # German and Luxembourgish write every noun with a capital
# Two nouns in a row are a name ("Kapitänin Vera Lund"), unless they are counted ("40 Euro Gebühr").
_NOUNS_IN_A_ROW = re.compile(r"(?<![\w@-])(?:[^\W\d_a-z][^\W\d_]+)(?: [^\W\d_a-z][^\W\d_]+)+(?![\w-])")
_COUNTED = re.compile(r"(?:\d|\b(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)\w*) ?$")
_POLITE = frozenset("sie ihr ihre ihren ihrem ihrer ihres ihnen".split())
_DETERMINERS = frozenset(
    "der die das den dem des ein eine einen einem einer eines kein keine alle jede jeder jedes diese dieser "
    "dieses manche viele einige".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name, code or quoted term as it stands in a text. `key` is its form for comparison."""

    key: str
    start: int
    end: int


def names(text: str, language: str | None = None) -> tuple[Name, ...]:
    """Return what `text` names: words with a capital inside a sentence, codes, and quoted terms.

    A capital that merely starts a sentence names nothing, unless the next word has one too. Of languages in
    which every noun has one, two and more in a row are a name; scripts without capitals yield codes and
    quoted terms only.
    """
    found = [Name(folded(m[1].strip()), *m.span(1)) for m in _QUOTED.finditer(text)]
    found += [Name(folded(m[0]), *m.span()) for m in _CODE.finditer(text)]
    taken = {place for name in found for place in range(name.start, name.end)}
    if (language or "").partition("-")[0] in _CAPITAL_NOUNS:
        return _in_order([*found, *(name for name in _nouns_in_a_row(text) if name.start not in taken)])
    proper = [match for match in _PROPER.finditer(text) if match.start() not in taken]
    for match in proper:
        key = folded(match[0])
        if not match[0][0].isupper() or key in _COMMON or _merely_starts(text, match):
            continue
        found.append(Name(key, *match.span()))
    return _in_order(found)


def _in_order(found: list[Name]) -> tuple[Name, ...]:
    return tuple(sorted(found, key=lambda name: name.start))


def _nouns_in_a_row(text: str) -> Iterator[Name]:
    for match in _NOUNS_IN_A_ROW.finditer(text):
        words = match[0].split(" ")
        start = match.start()
        if words[0].lower() in _DETERMINERS or _STARTS.search(text, max(0, start - 4), start):
            start += len(words.pop(0)) + 1
        counted = _COUNTED.search(text, max(0, start - 12), start)
        is_name = len(words) > 1 and all(word[0].isupper() and not word.isupper() for word in words)
        if is_name and not counted and not _POLITE & set(map(str.lower, words)):
            name = " ".join(words[-2:])  # without titles, which stand here and not there
            yield Name(folded(name), match.end() - len(name), match.end())


def _merely_starts(text: str, match: re.Match[str]) -> bool:
    if not _STARTS.search(text, max(0, match.start() - 4), match.start()):
        return False
    following = re.match(r"\s(\w+)", text[match.end() : match.end() + 40])
    return not (following and following[1][0].isupper())
