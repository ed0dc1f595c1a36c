"""Plain text: paragraphs between blank lines, underlined and numbered headings, lists, tables."""

import re
from collections.abc import Iterator

from parsers.draft import Draft
from parsers.encoding import decode
from parsers.text_pages import without_page_ends
from parsers.text_tables import text_table
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Source
from schemas.registry import parsers

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
_UNDERLINE = re.compile(r"(?P<title>\S[^\n]{0,120})\n[ \t]*(?P<line>=|-|~|\^)(?P=line){2,}[ \t]*\Z")
_NUMBERED = re.compile(
    r"(?:chapter|part|section|appendix)?\s*(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[^\W\d_]", re.I
)
_MARKER = r"(?:[-*+•‣◦]|\(?(?:\d{1,3}|[a-z])[.)])[ \t]+(?=\S)"
_ITEM = re.compile(rf"^(?P<indent>[ \t]*){_MARKER}", re.M)
_NO_ITEM = re.compile(rf"\n(?![ \t]*{_MARKER})")
_LEVELS = {"=": 1, "-": 2, "~": 3, "^": 4}
_LONGEST_TITLE = 80
_PARAGRAPH_LINE = 120  # characters: on average, no text is wrapped so late
_SENTENCE_ENDS = ".!?;:,…。"


def parse_text(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return the document in a plain text file. Line breaks inside paragraphs stay as they are."""
    draft = Draft()
    add_plain_text(draft, without_page_ends(decode(content)))
    return draft.document(source)


def add_plain_text(draft: Draft, text: str) -> None:
    """Append plain text's blocks."""
    for part in _paragraphs(text):
        if table := text_table(part):
            draft.add(BlockKind.TABLE, table)
        elif not _add_heading(draft, part) and not _add_items(draft, part):
            draft.add(BlockKind.PARAGRAPH, part)


def _paragraphs(text: str) -> Iterator[str]:
    """Yield what stands between blank lines, without a list of them all: files may be large."""
    start = 0
    for gap in _BLANK.finditer(text):
        yield from _lines_or_all(text[start : gap.start()].strip("\n"))
        start = gap.end() - len(gap.group().rpartition("\n")[2])
    yield from _lines_or_all(text[start:].strip("\n"))


def _lines_or_all(part: str) -> Iterator[str]:
    """Yield each line, with the list items behind it, where lines are as long as paragraphs; else all."""
    if len(part) > _PARAGRAPH_LINE * (part.count("\n") + 1):
        yield from _NO_ITEM.split(part)
    else:
        yield part


def _add_heading(draft: Draft, part: str) -> bool:
    if underlined := _UNDERLINE.match(part.strip()):
        draft.add(BlockKind.HEADING, underlined["title"], level=_LEVELS[underlined["line"]])
        return True
    line = part.strip()
    if "\n" in line or len(line) > _LONGEST_TITLE or not line or line[-1] in _SENTENCE_ENDS:
        return False
    if numbered := _NUMBERED.match(line):
        draft.add(BlockKind.HEADING, line, level=min(numbered["number"].count(".") + 1, 6))
        return True
    if line.isupper() and sum(map(str.isalpha, line)) > 3:
        draft.add(BlockKind.HEADING, line, level=1)
        return True
    return False


def _add_items(draft: Draft, part: str) -> bool:
    """Add a paragraph's list items, if its first line is one or its later lines are two or more."""
    found = list(_ITEM.finditer(part))
    starts = [item.start() for item in found]
    if not starts or (starts[0] > 0 and len(starts) < 2):
        return False
    draft.add(BlockKind.PARAGRAPH, part[: starts[0]])
    indents = [len(item["indent"].expandtabs(4)) for item in found]
    levels = {indent: level for level, indent in enumerate(sorted(set(indents)))}
    for start, end, indent in zip(starts, [*starts[1:], len(part)], indents, strict=True):
        draft.add(BlockKind.LIST_ITEM, part[start:end], level=levels[indent])
    return True


parsers.add(
    "text", ParserEntry(parse_text, ("text/plain",), (".txt", ".text", ".log"), "plain text, any encoding")
)
