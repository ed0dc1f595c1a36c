"""What lines begin with: bullets, numbers, captions, notes."""

import re
from typing import NamedTuple

_BULLETS = "•‣▪●○◦■□◆◇▶►✓✔➢➤⁃∙·*–—\u2212\uf0b7\uf0a7-"
_BULLET = re.compile(rf"^[{re.escape(_BULLETS)}]$|^[{re.escape(_BULLETS[:-6])}]")
_ENUMERATOR = re.compile(r"^(?:\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)]|\[\d{1,3}\])$")
_CAPTION = re.compile(
    r"^(?:figure|fig\.|table|tab\.|listing|algorithm|abbildung|abb\.|tabelle|tableau|figura|tabla|chart|plate)"
    r"\s*[\dA-Z]+(?:[.\-–]\d+)*\s*(?:[.:|–—](?!\d)|$)",
    re.IGNORECASE,
)
_FIGURE_CAPTION = re.compile(r"^(?:figure|fig\.|abbildung|abb\.|figura|chart|plate)", re.IGNORECASE)
_LEADER_TO_PAGE = re.compile(r"\s*(?:\.\s?){4,}\s*(?=[\divxlc]+$)", re.IGNORECASE)
_SECTION = re.compile(r"^(?P<number>(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,4})\.?\s+(?=\S*[^\W\d_])")
_APPENDIX = re.compile(r"^(?:chapter|part|appendix|kapitel|anhang|chapitre)\s+[\dA-ZIVX]+\b", re.IGNORECASE)

_CHAPTER_NUMBER = re.compile(
    r"(?:chapter|part|appendix|kapitel|teil|anhang|chapitre|partie|annexe|capítulo|parte|capitolo)"
    r"\s+(?:[\dA-Z]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\W?",
    re.IGNORECASE,
)


class SectionNumber(NamedTuple):
    """A heading's number: `depth` is 1 for "3", 2 for "3.1"."""

    text: str
    depth: int


def is_list_marker(word: str) -> bool:
    """Whether `word` is a bullet, or a number or letter as in a list."""
    return bool((_BULLET.match(word) and len(word) == 1) or _ENUMERATOR.match(word))


def is_bullet(word: str) -> bool:
    """Whether `word` is a bullet."""
    return len(word) == 1 and word in _BULLETS


def is_caption(text: str) -> bool:
    """Whether a text begins as a caption does: its kind, a number, and a stop."""
    return bool(_CAPTION.match(text))


def is_figure_caption(text: str) -> bool:
    """Whether a text begins as the caption of a figure does."""
    return is_caption(text) and bool(_FIGURE_CAPTION.match(text))


def section_number(text: str) -> SectionNumber | None:
    """Return the number that a heading begins with."""
    match = _SECTION.match(text)
    if match is None:
        return None
    return SectionNumber(match["number"], match["number"].count(".") + 1)


def is_contents_entry(text: str) -> bool:
    """Whether a line leads to a page number, as those of a table of contents do."""
    return _may_lead(text) and bool(_LEADER_TO_PAGE.search(text))


def with_short_leader(text: str) -> str:
    """Return a line of a table of contents without its row of dots."""
    return _LEADER_TO_PAGE.sub(" … ", text) if _may_lead(text) else text


def _may_lead(text: str) -> bool:
    return ". ." in text or ".." in text


def is_chapter(text: str) -> bool:
    """Whether a text begins as the title of a chapter, part or appendix does."""
    return bool(_APPENDIX.match(text))


def is_chapter_number(text: str) -> bool:
    """Whether a text is "Chapter 4", "Part II" or the like, and nothing else."""
    return bool(_CHAPTER_NUMBER.fullmatch(text))
