"""Text that every later room can store."""

from schemas.text import whole_text


def cleaned(text: str) -> str:
    """Return `text` without NUL characters, lone surrogates replaced by U+FFFD."""
    return whole_text(text.replace("\x00", ""))
