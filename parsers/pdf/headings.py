"""Which chunks are headings, and of what level."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from parsers.pdf.lines import Line
from parsers.pdf.markers import is_bullet, is_caption, is_chapter, is_contents_entry, section_number
from parsers.pdf.paragraphs import Chunk
from parsers.pdf.table import Table
from parsers.pdf.terms import is_imprint, is_label, names_in, terms_in
from parsers.pdf.words import Font
from schemas.documents import OutlineEntry

LARGER = 1.12
_SMALLEST_BOLD = 0.85
_MAX_LARGE_CHARACTERS, _MAX_LARGE_LINES = 250, 5
_MAX_BOLD_CHARACTERS, _MAX_BOLD_LINES = 140, 3
_MAX_PLAIN_CHARACTERS = 80
_MAX_LISTED_CHARACTERS = 500
_TITLE_PAGES = 2
_LETTER = re.compile(r"[^\W\d_]")
_KEY = re.compile(r"[\W_]+")


class Style(NamedTuple):
    """What headings of one level look like."""

    size: float
    bold: bool


def body_size(lines: Iterable[Line]) -> float:
    """Return the size of type that most characters are set in, 0 without lines."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[line.font.size] += len(line.text)
    return counts.most_common(1)[0][0] if counts else 0.0


class Headings:
    """Knows the headings among a document's chunks."""

    def __init__(
        self,
        parts: Sequence[Chunk | Table],
        body_size: float,
        outline: Sequence[OutlineEntry],
        author: str,
    ) -> None:
        self._body = body_size
        self._authors = names_in(author)
        large = any(isinstance(part, Chunk) and part.font.size > LARGER * body_size for part in parts)
        self._terms = {id(term) for term in terms_in(parts)} if outline or large else set()
        self._outline: dict[int | None, dict[str, int]] = defaultdict(dict)
        for entry in outline:
            self._outline[entry.page][_key(entry.title)] = entry.level
        found = [part for part in parts if isinstance(part, Chunk) and self._is_candidate(part)]
        self._found = {id(chunk): chunk for chunk in _without_front_matter(found)}
        self._levels = self._assign()

    def level(self, chunk: Chunk) -> int:
        """Return the level of a heading, 1 to 6, and 0 for any other chunk."""
        return self._levels.get(id(chunk), 0)

    def _is_candidate(self, chunk: Chunk) -> bool:
        if len(chunk.lines) > _MAX_LARGE_LINES:
            return False
        text = chunk.text
        if not _LETTER.search(text) or is_caption(text) or is_bullet(chunk.marker) or chunk.font.mono:
            return False
        if is_contents_entry(text):
            return False
        if self._in_outline(chunk):
            return True
        font = chunk.font
        if is_label(text) or (chunk.page <= _TITLE_PAGES and self._is_imprint(text)):
            return False
        if font.size > LARGER * self._body:
            return len(text) <= _MAX_LARGE_CHARACTERS
        if font.bold and font.size >= _SMALLEST_BOLD * self._body:
            is_short = len(chunk.lines) <= _MAX_BOLD_LINES
            return is_short and _begins_title(text) and not self._is_term(chunk, text)
        return self._is_numbered_plain(text, font)

    def _is_imprint(self, text: str) -> bool:
        """Whether a text tells when and by whom the document was made, and nothing else."""
        return is_imprint(text) or bool(self._authors and names_in(text) <= self._authors)

    def _is_term(self, chunk: Chunk, text: str) -> bool:
        return id(chunk) in self._terms and section_number(text) is None

    def _is_numbered_plain(self, text: str, font: Font) -> bool:
        """Whether this is "2.1 Scope" in italics or capitals at the size of the text."""
        if section_number(text) is None or not _reads_as_title(text, _MAX_PLAIN_CHARACTERS):
            return False
        return font.italic or text.isupper()

    def _in_outline(self, chunk: Chunk) -> int:
        listed = self._outline.get(chunk.page)
        text = chunk.text
        if listed is None or len(text) > _MAX_LISTED_CHARACTERS:
            return 0
        return listed.get(_key(text)) or listed.get(_key(_without_number(text)), 0)

    def _assign(self) -> dict[int, int]:
        styles = {key: _style(chunk) for key, chunk in self._found.items()}
        ranks = {
            style: rank for rank, style in enumerate(sorted(set(styles.values()), reverse=True), start=1)
        }
        above = self._levels_above_outline(styles, ranks)
        top = self._rank_of_sections(styles, ranks)
        levels: dict[int, int] = {}
        for key, chunk in self._found.items():
            stated, number = self._in_outline(chunk), section_number(chunk.first.text)
            if stated:
                level = stated + above
            elif number is not None and top is not None and ranks[styles[key]] >= top:
                level = top + number.depth - 1
            else:
                level = ranks[styles[key]]
            levels[key] = min(max(level, 1), 6)
        return levels

    def _levels_above_outline(self, styles: Mapping[int, Style], ranks: Mapping[Style, int]) -> int:
        """Return 1 when a title larger than every heading of the outline stands above them, else 0."""
        listed = [ranks[styles[key]] for key, chunk in self._found.items() if self._in_outline(chunk)]
        first = next(iter(self._found), None)
        return int(bool(listed) and first is not None and ranks[styles[first]] < min(listed))

    def _rank_of_sections(self, styles: Mapping[int, Style], ranks: Mapping[Style, int]) -> int | None:
        """Return the rank of headings numbered "1", "2" and so on."""
        for key, chunk in self._found.items():
            number = section_number(chunk.first.text)
            if number is not None and number.depth == 1 and number.text.isdecimal():
                return ranks[styles[key]]
        return None


def _style(chunk: Chunk) -> Style:
    return Style(round(chunk.font.size * 2) / 2, chunk.font.bold)


def _reads_as_title(text: str, max_characters: int) -> bool:
    return len(text) <= max_characters and not text.endswith((",", ";"))


def _begins_title(text: str) -> bool:
    """Whether bold text of the body's size reads as a title. What begins with a small letter goes on."""
    first = _LETTER.search(text)
    return _reads_as_title(text, _MAX_BOLD_CHARACTERS) and not (first and first[0].islower())


def _key(text: str) -> str:
    return _KEY.sub("", text).casefold()


def _without_number(text: str) -> str:
    number = section_number(text)
    return text[len(number.text) :].lstrip(". ") if number is not None else text


def _without_front_matter(found: Sequence[Chunk]) -> list[Chunk]:
    """Return the headings without authors and dates, which stand large but not bold below a title."""
    if not found:
        return []
    title = found[0]
    elsewhere = {_style(chunk) for chunk in found if chunk.first.page > title.first.page}
    kept = [title]
    opened = False
    for chunk in found[1:]:
        numbered = section_number(chunk.first.text) or is_chapter(chunk.first.text)
        opened = opened or bool(chunk.font.bold or numbered) or chunk.first.page > title.first.page
        if opened or _style(chunk) in elsewhere or chunk.font.size >= title.font.size:
            kept.append(chunk)
    return kept
