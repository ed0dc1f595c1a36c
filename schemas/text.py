"""What counts as text inside the house: Unicode that every file format can hold."""

import re

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


def whole_text(text: str) -> str:
    """Return `text` with U+FFFD in place of each lone surrogate, so that offsets stay as they are.

    Lone surrogates come from broken PDF font maps and JSON escapes; UTF-8 cannot hold them.
    """
    return text if text.isascii() else _LONE_SURROGATE.sub("\ufffd", text)
