"""Transcripts with times, SRT and WebVTT: what was said, in paragraphs, without the times."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape

from parsers.draft import Draft
from parsers.encoding import decode
from schemas.contracts import ParseOptions, ParserEntry
from schemas.documents import BlockKind, Document, Source
from schemas.errors import UnreadableDocument
from schemas.registry import parsers

_TIME = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{1,3})"
_TIMES = re.compile(rf"^[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}.*$", re.M)
_VOICE = re.compile(r"<v(?:\.[^ >]*)?\s+([^>]+)>")
_TAG = re.compile(r"</?[^<>]{0,80}>|\{\\[^}]*\}")
_PAUSE_S = 4.0
_LONG_PARAGRAPH = 700
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "？", "！", '."', '?"')


@dataclass(frozen=True, slots=True)
class _Cue:
    start_s: float
    end_s: float
    lines: tuple[str, ...]


def parse_subtitles(content: bytes, source: Source, _: ParseOptions) -> Document:
    """Return a transcript: cues joined into paragraphs, which end at pauses and at sentences."""
    draft = Draft()
    words: list[str] = []
    last_end_s = 0.0
    for cue in _without_repeats(_cues(decode(content))):
        full = sum(map(len, words)) > _LONG_PARAGRAPH and words[-1].endswith(_SENTENCE_ENDS)
        if words and (cue.start_s - last_end_s > _PAUSE_S or full or _is_new_voice(cue)):
            draft.add(BlockKind.PARAGRAPH, " ".join(words))
            words = []
        words += cue.lines
        last_end_s = cue.end_s
    draft.add(BlockKind.PARAGRAPH, " ".join(words))
    document = draft.document(source)
    if not document.text:
        raise UnreadableDocument(source.uri, "no_text", "it holds no cue with a time and words")
    return document


def _cues(text: str) -> Iterator[_Cue]:
    """Yield cues. A number above a cue's times is its name, not its text."""
    marks = list(_TIMES.finditer(text))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    for mark, end in zip(marks, ends, strict=True):
        body = text[mark.end() : end].strip("\n")
        body = body.partition("\n\n")[0]
        lines = (_plain(line) for line in body.split("\n"))
        yield _Cue(_seconds(mark, 1), _seconds(mark, 5), tuple(filter(None, lines)))


def _without_repeats(cues: Iterator[_Cue]) -> Iterator[_Cue]:
    """Leave out lines that a rolling caption shows a second time."""
    shown: tuple[str, ...] = ()
    for cue in cues:
        fresh = tuple(line for line in cue.lines if line not in shown)
        shown = cue.lines or shown
        if fresh:
            yield _Cue(cue.start_s, cue.end_s, fresh)


def _plain(line: str) -> str:
    return " ".join(unescape(_TAG.sub("", _VOICE.sub(r"\1: ", line))).split())


def _is_new_voice(cue: _Cue) -> bool:
    first = cue.lines[0]
    return first.startswith(("- ", ">>")) or re.match(r"[A-Z][\w .'-]{0,30}: ", first) is not None


def _seconds(mark: re.Match[str], group: int) -> float:
    hours, minutes, seconds, fraction = (mark[group + step] or "0" for step in range(4))
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


parsers.add(
    "subtitles",
    ParserEntry(
        parse_subtitles, ("application/x-subrip", "text/vtt"), (".srt", ".vtt"), "transcripts with times"
    ),
)
