"""The text inside one paragraph, and what else hangs on it: notes, frames, remarks."""

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.odf.names import DRAW, OFFICE, TEXT
from parsers.odf.styles import Styles, number

if TYPE_CHECKING:
    from lxml.etree import _Element

_SIGNS = {f"{TEXT}tab": "\t", f"{TEXT}line-break": "\n"}
_MOST_SPACES = 1000
_SPACES = re.compile(r"[ \t\r\n]+")
_LEFT_OUT = frozenset(
    f"{TEXT}{name}"
    for name in [
        "ruby-text",
        "tracked-changes",
        "hidden-text",
        "hidden-paragraph",
        "script",
        "bookmark-start",
    ]
)
_NOTE, _REMARK = f"{TEXT}note", f"{OFFICE}annotation"


@dataclass(slots=True)
class Inline:
    """What a paragraph holds, in the order in which it stands there. `notes` have their numbers."""

    text: str = ""
    notes: list[tuple[str, "_Element"]] = field(default_factory=list)
    remarks: list["_Element"] = field(default_factory=list)
    frames: list["_Element"] = field(default_factory=list)


@dataclass(slots=True)
class NoteMarks:
    """Numbers notes in the order in which they are met."""

    count: int = 0

    def next(self) -> str:
        """Return the next note's number."""
        self.count += 1
        return str(self.count)


def inline(paragraph: "_Element", styles: Styles, marks: NoteMarks) -> Inline:
    """Return what a paragraph holds, tracked changes taken as accepted, hidden text left out."""
    found = Inline()
    parts = [_folded(paragraph.text)]
    stack: list[_Element | str] = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            parts.append(_folded(element))
            continue
        if element.tail:
            stack.append(element.tail)
        tag = str(element.tag)
        if tag in _LEFT_OUT or not tag.startswith("{"):  # an entity, which is not expanded
            continue
        if tag in _SIGNS:
            parts.append(_SIGNS[tag])
        elif tag == f"{TEXT}s":
            parts.append(" " * min(number(element.get(f"{TEXT}c"), 1), _MOST_SPACES))
        elif tag == _NOTE:
            found.notes.append((marks.next(), element))
            parts.append(f"[{marks.count}]")
        elif tag == _REMARK:
            found.remarks.append(element)
        elif tag.startswith(DRAW) and tag != f"{DRAW}a":
            found.frames.append(element)
        elif not (tag == f"{TEXT}span" and styles.is_hidden("text", element.get(f"{TEXT}style-name"))):
            stack.extend(reversed(element))
            parts.append(_folded(element.text))
    found.text = "".join(parts)
    return found


def _folded(text: str | None) -> str:
    """Return text as the format means it: white space of any length is one space."""
    return _SPACES.sub(" ", text) if text else ""


def flat(element: "_Element", styles: Styles, marks: NoteMarks) -> str:
    """Return the text of all paragraphs in an element, in one line."""
    texts = (inline(part, styles, marks).text for part in element.iter(f"{TEXT}p", f"{TEXT}h"))
    return " ".join(" ".join(texts).split())
