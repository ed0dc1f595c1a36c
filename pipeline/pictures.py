"""Pictures of a document: which of them a model can be asked about, where they stand, and what they cost."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from schemas.documents import Block, BlockKind, Document, Figure, Passage
from schemas.requests import Image

SHOWN = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})  # what endpoints take
_TILE_PIXELS = 336  # Llama 4's: a picture costs 147 tokens, or 145 a tile and 147 for the whole
_MOST_TILES = 16
_TILE_TOKENS = 145
_WHOLE_TOKENS = 147
_PARTS_WITHOUT_SIZE = frozenset({0xC4, 0xC8, 0xCC})


@dataclass(frozen=True, slots=True)
class Placed:
    """A figure, the passage that it stands in, and the block that is its caption, if there is one."""

    figure: Figure
    passage: Passage
    caption: Block | None = None


def placed(passages: Sequence[Passage], least_pixels: int) -> Iterator[Placed]:
    """Yield the pictures of a document with the passage that each stands in, every picture once.

    Left out are those of a kind that endpoints do not take, and those with a side of fewer than
    `least_pixels`, as icons and rules have.
    """
    seen: set[bytes] = set()
    for figure in passages[0].document.figures if passages else ():
        sides = pixels(figure.content)
        if figure.media_type not in SHOWN or sides is None or min(sides) < least_pixels:
            continue
        if figure.content not in seen:
            seen.add(figure.content)
            caption = caption_of(figure, passages[0].document)
            yield Placed(figure, _passage_of(figure, caption, passages), caption)


def caption_of(figure: Figure, document: Document) -> Block | None:
    """Return the block that is a figure's caption, None where it has none of its own."""
    if not figure.caption:
        return None
    alike = [block for block in document.blocks if document.block_text(block) == figure.caption]
    near = [block for block in alike if block.page == figure.page] or alike
    return min(near, key=lambda block: (block.kind is not BlockKind.CAPTION, block.start), default=None)


def _passage_of(figure: Figure, caption: Block | None, passages: Sequence[Passage]) -> Passage:
    """Return the passage with a figure's caption, else the first on its page, else the first of all."""
    if caption is not None:
        for passage in passages:
            if passage.start <= caption.start < passage.end:
                return passage
    pages = ((passage, passage.document.page_at(passage.end - 1)) for passage in passages)
    on_page = (passage for passage, last in pages if figure.page and last and last >= figure.page)
    return next(on_page, passages[0])


def picture_tokens(image: Image) -> int:
    """Return how many tokens a picture costs Llama 4; the most there can be where its size is unknown."""
    width, height = pixels(image.content) or (_TILE_PIXELS * _MOST_TILES, 1)
    tiles = min(_MOST_TILES, math.ceil(width / _TILE_PIXELS) * math.ceil(height / _TILE_PIXELS))
    return _WHOLE_TOKENS if tiles == 1 else _TILE_TOKENS * tiles + _WHOLE_TOKENS


def pixels(content: bytes) -> tuple[int, int] | None:
    """Return the width and height of a PNG, GIF, JPEG or WebP; None where its head does not tell."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return _big(content[16:20]), _big(content[20:24])
    if content.startswith(b"GIF8") and len(content) >= 10:
        return _little(content[6:8]), _little(content[8:10])
    if content.startswith(b"\xff\xd8"):
        return _pixels_of_jpeg(content)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP" and len(content) >= 30:
        return _pixels_of_webp(content)
    return None


def _pixels_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """Walk a JPEG's segments to the one that begins its frame."""
    place = 2
    while place + 9 <= len(content) and content[place] == 0xFF:
        marker = content[place + 1]
        if 0xC0 <= marker <= 0xCF and marker not in _PARTS_WITHOUT_SIZE:
            return _big(content[place + 7 : place + 9]), _big(content[place + 5 : place + 7])
        place += 2 + _big(content[place + 2 : place + 4])
    return None


def _pixels_of_webp(content: bytes) -> tuple[int, int]:
    match content[12:16]:
        case b"VP8X":
            return 1 + _little(content[24:27]), 1 + _little(content[27:30])
        case b"VP8L":
            bits = _little(content[21:25])
            return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
        case _:
            return _little(content[26:28]) & 0x3FFF, _little(content[28:30]) & 0x3FFF


def _big(number: bytes) -> int:
    return int.from_bytes(number, "big")


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")
