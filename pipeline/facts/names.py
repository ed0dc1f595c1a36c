"""Names, codes and quoted terms: what an answer may not invent."""

import re
from dataclasses import dataclass

from pipeline.facts.words import folded

_QUOTED = re.compile(r"[\"“«„`]([^\"”»“`\n]{2,80})[\"”»“`]")
_CODE = re.compile(
    r"\b(?:[A-Z]{2,}[\w]*(?:[-/.][A-Z0-9][\w]*)*|[A-Za-z]+[-_]?\d[\w.\-]*|\d+[A-Za-z]+\d[\w-]*)\b"
)
_PROPER = re.compile(r"(?<![\w@])[^\W\d_a-z][^\W\d_]+(?:['’-][^\W\d_]+)*")
_STARTS = re.compile(r"(?:^|[.!?:;\n•*#>|)(\"“«]|\d[.)])\s*$")
_COMMON_WORDS = """
i the a an yes no it in on at for this that these those if when while because there they he she we you
according step first second third then thus therefore hence so total answer however both each all none
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_CAPITAL_NOUNS = frozenset({"de", "lb"})  # German and Luxembourgish write every noun with a capital


@dataclass(frozen=True, slots=True)
class Name:
    """A name, code or quoted term as it stands in a text. `key` is its form for comparison."""

    key: str
    start: int
    end: int


def names(text: str, language: str | None = None) -> tuple[Name, ...]:
    """Return what `text` names: words with a capital inside a sentence, codes, and quoted terms.

    A capital that merely starts a sentence names nothing, unless the next word has one too. Scripts
    without capitals, and languages in which every noun has one, yield codes and quoted terms only.
    """
    found = [Name(folded(m[1].strip()), *m.span(1)) for m in _QUOTED.finditer(text)]
    found += [Name(folded(m[0]), *m.span()) for m in _CODE.finditer(text)]
    if (language or "").partition("-")[0] in _CAPITAL_NOUNS:
        return _in_order(found)
    taken = {place for name in found for place in range(name.start, name.end)}
    proper = [match for match in _PROPER.finditer(text) if match.start() not in taken]
    for match in proper:
        key = folded(match[0])
        if not match[0][0].isupper() or key in _COMMON or _merely_starts(text, match):
            continue
        found.append(Name(key, *match.span()))
    return _in_order(found)


def _in_order(found: list[Name]) -> tuple[Name, ...]:
    return tuple(sorted(found, key=lambda name: name.start))


def _merely_starts(text: str, match: re.Match[str]) -> bool:
    if not _STARTS.search(text, max(0, match.start() - 4), match.start()):
        return False
    following = re.match(r"\s(\w+)", text[match.end() : match.end() + 40])
    return not (following and following[1][0].isupper())
