"""The text inside one paragraph, and what else hangs on it: notes, pictures, text boxes."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.docx.names import MC, VAL, WP, A, V, W
from parsers.ooxml.mathematics import M, linear
from parsers.ooxml.package import R

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEXT, _RUN = f"{W}t", f"{W}r"
_SIGNS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_LEFT_OUT = frozenset(
    f"{W}{name}"
    for name in [
        "del",
        "moveFrom",
        "delText",
        "delInstrText",
        "instrText",
        "pPr",
        "rPr",
        "sdtPr",
        "sdtEndPr",
        "rt",
        "softHyphen",
    ]
)
_NOTES = {f"{W}footnoteReference": "footnote", f"{W}endnoteReference": "endnote"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's relation, and its alternative text."""

    relation: str
    alt: str


@dataclass(slots=True)
class Runs:
    """What a paragraph holds. `notes` are pairs of kind and id, in the order of their marks."""

    text: str = ""
    notes: list[tuple[str, str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    boxes: list["_Element"] = field(default_factory=list)


@dataclass(slots=True)
class NoteNumbers:
    """Gives notes their numbers in the order in which they are first referred to."""

    _numbers: dict[tuple[str, str], int] = field(default_factory=dict)

    def number(self, kind: str, note_id: str) -> int:
        """Return a note's number, from 1."""
        return self._numbers.setdefault((kind, note_id), len(self._numbers) + 1)


def paragraph_runs(paragraph: "_Element", numbers: NoteNumbers) -> Runs:
    """Return what a paragraph holds, tracked changes taken as accepted, hidden text left out."""
    runs = Runs()
    parts: list[str] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        tag = element.tag
        if tag == _TEXT:
            parts.append(element.text or "")
        elif tag == _RUN:
            if not _is_hidden(element):
                stack.extend(reversed(element))
        elif tag in _LEFT_OUT:
            continue
        elif tag == f"{M}oMath":
            parts.append(linear(element))
        elif tag in _SIGNS:
            parts.append(_SIGNS[str(tag)])
        elif tag in _NOTES:
            note = (_NOTES[str(tag)], element.get(f"{W}id", ""))
            runs.notes.append(note)
            parts.append(f"[{numbers.number(*note)}]")
        elif tag == f"{W}commentReference":
            runs.comments.append(element.get(f"{W}id", ""))
        elif tag == f"{W}sym":
            parts.append(_symbol(element))
        elif tag == f"{MC}AlternateContent":
            stack.extend(_alternative(element))
        elif tag in (f"{W}drawing", f"{W}pict", f"{W}object"):
            _look_into(element, runs)
        else:
            stack.extend(reversed(element))
    runs.text = "".join(parts)
    return runs


def _alternative(element: "_Element") -> list["_Element"]:
    """Return one of the ways in which the same thing is written down: the newer one."""
    chosen = element.find(f"{MC}Choice")
    chosen = element.find(f"{MC}Fallback") if chosen is None else chosen
    return [] if chosen is None else list(reversed(chosen))


def _is_hidden(run: "_Element") -> bool:
    properties = run.find(f"{W}rPr")
    hidden = None if properties is None else properties.find(f"{W}vanish")
    return hidden is not None and hidden.get(VAL) not in ("0", "false")


def _symbol(element: "_Element") -> str:
    code = element.get(f"{W}char", "")
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    return "•" if 0xF000 <= number <= 0xF0FF else chr(number) if 32 <= number < 0xD800 else ""


def _look_into(drawing: "_Element", runs: Runs) -> None:
    """Note a drawing's pictures and text boxes, each once."""
    stack = [drawing]
    alt = next((part.get("descr") or "" for part in drawing.iter(f"{WP}docPr")), "")
    while stack:
        element = stack.pop()
        if element.tag == f"{W}txbxContent":
            runs.boxes.append(element)
        elif element.tag == f"{MC}AlternateContent":
            stack.extend(_alternative(element))
        elif element.tag == f"{A}blip" and (relation := element.get(f"{R}embed")):
            runs.pictures.append(Picture(relation, alt))
        elif element.tag == f"{V}imagedata" and (relation := element.get(f"{R}id")):
            runs.pictures.append(Picture(relation, element.get("title", alt)))
        else:
            stack.extend(reversed(element))
