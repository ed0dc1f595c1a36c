"""Characters as they are meant: ligatures, soft hyphens, loose accents, broken words."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from parsers.pdf.lines import Line
from parsers.pdf.splitting import HYPHEN

_LATIN_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_FORMATTING = dict.fromkeys(
    [*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F, 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFE, 0xFFFF]
)
_SPACES = dict.fromkeys([0xA0, 0x2002, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F], " ")
_TABLE = {**_LATIN_LIGATURES, **_FORMATTING, **_SPACES}
_PRESENTATION_FORM = re.compile(r"[\ufb1d-\ufdff\ufe70-\ufefc]+")
# Browsers write a Thai letter with its marks twice, the second time one letter later and with a space.
_THAI_MARKED = "[\u0e01-\u0e2e][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]+"
_THAI_CLUSTER = re.compile(_THAI_MARKED)
_THAI_ECHO = re.compile(rf"({_THAI_MARKED})([\u0e01-\u0e4e])\1 ?")
_ECHOED_SHARE = 0.25
# ASCII's grave accent quotes code, too: only inside of a word, or in "à", is it an accent.
_LOOSE_ACCENT = re.compile(r"([¨´ˆ˜¸ˇ˚]|(?<=[^\W\d_])`|(?<!\S)`(?=\s?[aA]\s))\s?([A-Za-zı])")
_NOTHING_TO_DO = re.compile(r"[\x20-\x5f\x61-\x7eÀ-ſ\u2010-\u2026]*")
_COMBINING = dict(zip("¨´`ˆ˜¸ˇ˚", "\u0308\u0301\u0300\u0302\u0303\u0327\u030c\u030a", strict=True))
_BROKEN_END = re.compile(r"[^\W\d_]{2,}-$")
_LONGEST_WORD = 80
_LAST_PART = re.compile(r"[^\W\d_]+$")
_FIRST_PART = re.compile(r"^[^\W\d_]+")


def clean(text: str) -> str:
    """Return the text without what only typesetting put there."""
    if _NOTHING_TO_DO.fullmatch(text):
        return text
    text = text.translate(_TABLE)
    if not text.isascii():
        text = _PRESENTATION_FORM.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
        text = _LOOSE_ACCENT.sub(_composed, text)
        text = unicodedata.normalize("NFC", text)
        text = _without_echoes(text)
    return text


def _without_echoes(text: str) -> str:
    """Return Thai text without letters that come twice, where so many do that it is no wording."""
    mended, echoes = _THAI_ECHO.subn(r"\1\2", text)
    return mended if echoes > 1 and echoes > _ECHOED_SHARE * len(_THAI_CLUSTER.findall(mended)) else text


def _composed(match: re.Match[str]) -> str:
    base = "i" if match[2] == "ı" else match[2]
    letter = unicodedata.normalize("NFC", base + _COMBINING[match[1]])
    return letter if len(letter) == 1 else match[0]


class Joiner:
    """Joins lines to running text, and decides by the document's own words whether a hyphen stays."""

    def __init__(self, lines: Iterable[Line]) -> None:
        words = " ".join([line.text for line in lines]).lower().split()
        self._known = {word.strip(".,;:!?()[]\"'“”") for word in set(words)}

    def text(self, lines: Sequence[Line]) -> str:
        """Return the text of lines that follow each other."""
        text = ""
        for line in lines:
            text = self._joined(text, line.text) if text else line.text
        return clean(text)

    def _joined(self, above: str, below: str) -> str:
        if above.endswith((HYPHEN, "\u00ad")):
            return self._mended(above[:-1], below)
        if above.endswith("-") and below[:1].islower() and _BROKEN_END.search(above[-_LONGEST_WORD:]):
            return self._mended(above[:-1], below)
        if above.endswith(("-", "/", "–")) and not above[-2:-1].isspace() and len(above) > 1:
            return above + below
        return f"{above} {below}"

    def _mended(self, above: str, below: str) -> str:
        """Return both parts without a hyphen, unless the document spells the word with one elsewhere."""
        first, second = _LAST_PART.search(above[-_LONGEST_WORD:]), _FIRST_PART.search(below)
        if first is None or second is None:
            return f"{above}-{below}"
        head, tail = first[0].lower(), second[0].lower()
        if head + tail not in self._known and (f"{head}-{tail}" in self._known or second[0][0].isupper()):
            return f"{above}-{below}"
        return above + below
