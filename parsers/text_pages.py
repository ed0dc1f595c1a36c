"""Plain text that is set in pages, as RFCs are: running lines, and paragraphs that go over a page's end."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = re.compile(r"^[^\n]*\[Page \d+\][ \t]*$", re.M)
_BLANK_LINES = re.compile(r"(?:[ \t]*\n)*")
_SENTENCE_ENDS = ".!?;:"


@dataclass(frozen=True, slots=True)
class _PageEnd:
    """From the end of a page's text to the beginning of the next one's, and the line above that."""

    start: int
    end: int
    head: str


def without_page_ends(text: str) -> str:
    """Return text without its pages' numbers and the line that stands above each page.

    Where that line is not the same on two pages, the text is left as it is: its numbers may be references.
    """
    ends = list(_page_ends(text))
    heads = Counter(end.head for end in ends)
    parts, position = list[str](), 0
    for end in ends:
        if end.head and heads[end.head] < 2:
            continue
        parts.append(text[position : end.start])
        ended = text[end.start - 1 : end.start] in _SENTENCE_ENDS
        parts.append("\n\n" if ended else "\n")
        position = end.end
    return "".join(parts) + text[position:] if max(heads.values(), default=0) > 1 else text


def _page_ends(text: str) -> Iterator[_PageEnd]:
    for number in _NUMBER.finditer(text):
        start = number.start()
        while start and text[start - 1].isspace():
            start -= 1
        head = _after_blank(text, number.end())
        line_end = text.find("\n", head)
        line_end = len(text) if line_end < 0 else line_end
        yield _PageEnd(start, _after_blank(text, line_end), text[head:line_end].strip())


def _after_blank(text: str, position: int) -> int:
    """Return where the next line that is not blank begins."""
    found = _BLANK_LINES.match(text, position)
    return found.end() if found else position
