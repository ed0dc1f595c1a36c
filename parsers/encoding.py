"""Bytes as text, whatever their encoding."""

import codecs
import re

_SAMPLE_BYTES = 64 * 1024
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE_SAMPLE_BYTES = 4096
# Encodings that stand for a larger one wherever they are declared (WHATWG's Encoding Standard, section 4.2).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
_CONTROL = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\ufeff\ud800-\udfff]")
_BREAKS = re.compile("\r\n?|[\x0c\x85\u2028\u2029]")


def decode(content: bytes, declared: str = "") -> str:
    """Return bytes as text with `\\n` line ends and without control characters.

    A byte order mark decides, then UTF-8 if it fits, then the declared encoding, then the likeliest one.
    Bytes that fit no encoding become U+FFFD.
    """
    return clean(_decoded(content, declared))


def clean(text: str) -> str:
    """Return text with `\\n` line ends and without control characters."""
    if "\r" in text or not text.isascii() or "\x0c" in text:
        text = _BREAKS.sub("\n", text)
    return _CONTROL.sub("", text)


def wide_encoding(content: bytes) -> str | None:
    """Return which encoding of two or four bytes a character a text is in, None for any other.

    A byte order mark says so, else the zero bytes: of UTF-16 in most scripts, they are every other byte where
    letters, digits or spaces stand.
    """
    if marked := next((name for mark, name in _BOMS if content.startswith(mark)), None):
        return None if marked == "utf-8-sig" else marked
    sample = content[: min(len(content), _WIDE_SAMPLE_BYTES) // 2 * 2]
    first, second = sample[::2].count(0), sample[1::2].count(0)
    if max(first, second) * 20 < len(sample) or min(first, second) * 50 > max(first, second):
        return None
    name = "utf-16-be" if first > second else "utf-16-le"
    try:
        text = codecs.getincrementaldecoder(name)().decode(sample)  # it may end within a character
    except UnicodeDecodeError:
        return None
    return None if not text or _CONTROL.search(text) else name


def _decoded(content: bytes, declared: str) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return content.decode("utf-8-sig", "replace")
    if wide := wide_encoding(content):
        return content.decode(wide, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode(_known(declared) or _likeliest(content), "replace")


def _known(encoding: str) -> str | None:
    try:
        name = codecs.lookup(encoding).name
    except (LookupError, ValueError):  # a name with a NUL in it is no lookup's
        return None
    return None if name == "utf-8" else _MEANT.get(name, name)


def _likeliest(content: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(_sample(content)).best()
    return best.encoding if best else "cp1252"


def _sample(content: bytes) -> bytes:
    """Return a stretch around the first byte that is not ASCII, where the encoding shows."""
    first = next((found.start() for found in re.finditer(rb"[\x80-\xff]", content)), 0)
    start = max(0, first - _SAMPLE_BYTES // 2)
    return content[start : start + _SAMPLE_BYTES]
