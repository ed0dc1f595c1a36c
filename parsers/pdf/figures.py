"""Figures with the captions that stand next to them."""

from collections.abc import Iterable, Sequence

from parsers.pdf.cleaning import Joiner, clean
from parsers.pdf.markers import is_caption
from parsers.pdf.page import Page
from parsers.pdf.paragraphs import Chunk
from schemas.documents import Box, Figure

_NEAR_PT = 60.0


def figures_of(pages: Iterable[Page], chunks: Sequence[Chunk], joiner: Joiner) -> tuple[Figure, ...]:
    """Return the images and drawings of all pages, in order. The labels of a drawing are its `alt`."""
    captions = [chunk for chunk in chunks if is_caption(chunk.first.text)]
    figures: list[Figure] = []
    for page in pages:
        for picture in page.pictures:
            caption = _nearest(picture.box, [chunk for chunk in captions if chunk.first.page == page.number])
            text = joiner.text(caption.lines) if caption is not None else ""
            name = f"figure-{len(figures) + 1}"
            figures.append(
                Figure(
                    name,
                    picture.media_type,
                    picture.content,
                    page.number,
                    picture.box,
                    alt=clean("; ".join(picture.labels)),
                    caption=text,
                )
            )
    return tuple(figures)


def _nearest(box: Box, captions: Iterable[Chunk]) -> Chunk | None:
    near = [(distance, chunk) for chunk in captions if (distance := _distance(box, chunk)) <= _NEAR_PT]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _distance(box: Box, caption: Chunk) -> float:
    """Return how far below or above the picture its caption stands, infinity beside it."""
    text = caption.first.box
    if text.left > box.right or text.right < box.left:
        return float("inf")
    return max(text.top - box.bottom, box.top - caption.last.box.bottom, 0.0)
