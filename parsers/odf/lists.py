"""The labels of list items and headings, counted as OpenDocument writes them down."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from parsers.docx.numbering import letters, roman
from parsers.odf.styles import Level

_DEEPEST = 10
_FORMS: dict[str, Callable[[int], str]] = {
    "a": letters,
    "A": lambda number: letters(number).upper(),
    "i": roman,
    "I": lambda number: roman(number).upper(),
}


@dataclass(slots=True)
class Counter:
    """How far a list, or the headings of a document, have counted."""

    levels: Mapping[int, Level]
    counts: dict[int, int] = field(default_factory=dict)

    def label(self, level: int, start: int | None = None) -> str:
        """Count one item, and return its label: `- `, `2. `, `1.2 `; empty where it has none."""
        level = min(level, _DEEPEST)
        own = self.levels.get(level, Level())
        before = self.counts.get(level, own.start - 1)
        self.counts[level] = before + 1 if start is None else start
        for deeper in range(level + 1, _DEEPEST + 1):
            self.counts.pop(deeper, None)
        if own.bullet:
            return "- "
        if not own.form:
            return ""
        first = max(1, level - own.shown_levels + 1)
        counted = ".".join(filter(None, map(self._shown, range(first, level + 1))))
        return f"{own.before}{counted}{own.after}".strip() + " "

    def _shown(self, level: int) -> str:
        own = self.levels.get(level, Level())
        return _FORMS.get(own.form[:1], str)(self.counts.get(level, own.start)) if own.form else ""
