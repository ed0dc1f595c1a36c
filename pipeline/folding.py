"""Text without its typography: case, spacing, hyphenation, quotation marks and dashes folded."""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate

_SINGLE = "‘’‚‛′‹›`´"
_DOUBLE = "“”„‟«»″"
_DASHES = "‐‑‒–—―−"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPECIAL = re.compile(
    rf"""(?P<hyphen>(?<=[^\W\d_])[-‐‑\u00ad]\s*(?=[^\W\d_]))
    | (?P<space>(?:[\s|*\#]|(?<=[|\s]):?-{{3,}}:?(?=[|\s])){{2,}} | [^\S\ ] | [|*\#])
    | (?P<gone>[{_INVISIBLE}])
    | (?P<single>[{_SINGLE}])
    | (?P<double>[{_DOUBLE}])
    | (?P<dash>[{_DASHES}])
    | (?P<composed>[^\W_][\u0300-\u036f]+)""",
    re.VERBOSE,
)
_REPLACEMENTS = {"hyphen": "", "space": " ", "gone": "", "single": "'", "double": '"', "dash": "-"}


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text that knows where each of its characters stood in the original."""

    text: str
    _starts: list[int] = field(repr=False)
    _origins: list[int] = field(repr=False)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Return the original's span for the folded text's `[start, end)`, which is not empty."""
        first, last = self._segment(start), self._segment(end - 1)
        origin = self._origins[first] + (start - self._starts[first] if self._is_aligned(first) else 0)
        past = self._starts[last] + self._origins[last + 1] - self._origins[last]
        origin_end = past if not self._is_aligned(last) else end
        return origin, self._origins[last] + origin_end - self._starts[last]

    def _segment(self, position: int) -> int:
        return bisect_right(self._starts, position) - 1

    def _is_aligned(self, segment: int) -> bool:
        length = self._starts[segment + 1] - self._starts[segment]
        return length == self._origins[segment + 1] - self._origins[segment]


def folded(text: str) -> Folded:
    """Return `text` folded: two texts that differ in typography alone fold to the same."""
    parts: list[str] = []
    origins: list[int] = []
    position = 0
    for found in _SPECIAL.finditer(text):
        _add_plain(text, position, found.start(), parts, origins)
        kind = found.lastgroup or ""
        parts.append(_REPLACEMENTS.get(kind, unicodedata.normalize("NFKC", found.group()).casefold()))
        origins.append(found.start())
        position = found.end()
    _add_plain(text, position, len(text), parts, origins)
    starts = list(accumulate(map(len, parts), initial=0))
    return Folded("".join(parts), starts, [*origins, len(text)])


def _add_plain(text: str, start: int, end: int, parts: list[str], origins: list[int]) -> None:
    """Add a stretch with case and compatibility forms folded, character by character where lengths change."""
    if start == end:
        return
    run = text[start:end]
    plain = unicodedata.normalize("NFKC", run).casefold()
    if len(plain) == len(run):
        parts.append(plain)
        origins.append(start)
        return
    for offset, character in enumerate(run):
        parts.append(unicodedata.normalize("NFKC", character).casefold())
        origins.append(start + offset)
