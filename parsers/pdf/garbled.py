"""Text that is no language: what fonts with wrong maps and wrong encodings leave of a page."""

import re
import string

_MIN_LETTERS, _MIN_MARKS = 200, 200
# Latin scripts have 28 % of vowels and more, letters that a font's map has shifted half of that; of 15,000
# pages, code among them, one had under 20 %.
_FEWEST_VOWELS = 0.18
_MOSTLY_ASCII = 0.95
_FEWEST_READABLE = 0.35
_LETTERS, _DIGITS, _VOWELS = string.ascii_letters.encode(), string.digits.encode(), b"aeiouyAEIOUY"
_WORD, _VOWEL = re.compile(rb"[A-Za-z]{3,}"), re.compile(b"[%s]" % _VOWELS)
_MUTE_SHARE = 0.3
# What leads to page numbers and draws lines with characters says nothing of a font.
_LEADERS = b".,_-=*|+~#/\\<> \t"
_MOJIBAKE = re.compile("Ã[\x80-\xbf]|Â[\xa0-\xbf]|â€.?|Ð[\x80-\xbf]|Ñ[\x80-\xbf]")
_MOJIBAKE_PER_WORD = 0.02


def why_garbled(text: str) -> str:
    """Return why a page's text is no language, an empty string where it may be one."""
    plain = text.encode("ascii", "ignore")
    letters = _count(plain, _LETTERS)
    if letters >= _MIN_LETTERS and _is_mostly_ascii(text, letters):
        vowels = _count(plain, _VOWELS)
        if vowels < _FEWEST_VOWELS * letters and _has_no_syllables(plain):
            return f"{vowels} of {letters} letters are vowels: a font's map is wrong"
    marks = len(text) - _count(plain, _LEADERS)
    if marks >= _MIN_MARKS and letters + _count(plain, _DIGITS) < _FEWEST_READABLE * marks:
        readable = sum(map(str.isalnum, text))
        if readable < _FEWEST_READABLE * marks:
            return f"{readable} of {marks} characters are letters or digits: a font's map is wrong"
    if not text.isascii() and any(lead in text for lead in ("Ã", "Â", "â€", "Ð")):
        slips = len(_MOJIBAKE.findall(text))
        if slips > max(_MOJIBAKE_PER_WORD * text.count(" "), 3):
            return f"{slips} characters were decoded in the wrong encoding"
    return ""


def _count(text: bytes, characters: bytes) -> int:
    return len(text) - len(text.translate(None, characters))


def _has_no_syllables(text: bytes) -> bool:
    words = _WORD.findall(text)
    return sum(not _VOWEL.search(word) for word in words) > _MUTE_SHARE * len(words)


def _is_mostly_ascii(text: str, letters: int) -> bool:
    return text.isascii() or letters >= _MOSTLY_ASCII * sum(map(str.isalpha, text))
