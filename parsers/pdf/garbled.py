"""Text that is no language: what fonts with wrong maps and wrong encodings leave of a page."""

import re
import string

_MIN_LETTERS, _MIN_MARKS = 200, 200
# Latin scripts have 28 % of vowels and more, letters that a font's map has shifted half of that; no page of
# 15,000, code among them, had under 20 %.
_FEWEST_VOWELS = 0.19
_MOSTLY_ASCII = 0.95
_FEWEST_READABLE = 0.35
_LETTERS, _VOWELS = string.ascii_letters, "aeiouyAEIOUY"
_WORD, _VOWEL = re.compile(r"[A-Za-z]{3,}"), re.compile(f"[{_VOWELS}]")
_MUTE_SHARE = 0.3
_NO_LETTERS, _NO_VOWELS = str.maketrans("", "", _LETTERS), str.maketrans("", "", _VOWELS)
# What leads to page numbers and draws lines with characters says nothing of a font.
_NO_LEADERS = str.maketrans("", "", ".,_-=*|+~#/\\<> \t")
_MOJIBAKE = re.compile("Ã[\x80-\xbf]|Â[\xa0-\xbf]|â€.?|Ð[\x80-\xbf]|Ñ[\x80-\xbf]")
_MOJIBAKE_PER_WORD = 0.02


def why_garbled(text: str) -> str:
    """Return why a page's text is no language, an empty string where it may be one."""
    letters = len(text) - len(text.translate(_NO_LETTERS))
    if letters >= _MIN_LETTERS and _is_mostly_ascii(text, letters):
        vowels = len(text) - len(text.translate(_NO_VOWELS))
        if vowels < _FEWEST_VOWELS * letters and _has_no_syllables(text):
            return f"{vowels} of {letters} letters are vowels: a font's map is wrong"
    marks = text.translate(_NO_LEADERS)
    readable = sum(map(str.isalnum, marks)) if letters < _FEWEST_READABLE * len(marks) else len(marks)
    if len(marks) >= _MIN_MARKS and readable < _FEWEST_READABLE * len(marks):
        return f"{readable} of {len(marks)} characters are letters or digits: a font's map is wrong"
    if "Ã" in text or "Â" in text or "â€" in text or "Ð" in text:
        slips = len(_MOJIBAKE.findall(text))
        if slips > max(_MOJIBAKE_PER_WORD * text.count(" "), 3):
            return f"{slips} characters were decoded in the wrong encoding"
    return ""


def _has_no_syllables(text: str) -> bool:
    words = _WORD.findall(text)
    return sum(not _VOWEL.search(word) for word in words) > _MUTE_SHARE * len(words)


def _is_mostly_ascii(text: str, letters: int) -> bool:
    return text.isascii() or letters >= _MOSTLY_ASCII * sum(map(str.isalpha, text))
