"""Pictures as models take them: upright, in eight bits, in formats that endpoints know, of a bounded size."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from schemas.documents import Figure

if TYPE_CHECKING:
    from PIL.Image import Image

_FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "TIFF", "BMP", "JPEG2000", "AVIF")  # none runs a program
_AS_THEY_ARE = frozenset({"JPEG", "WEBP", "GIF"})
_PLAIN_MODES = frozenset({"1", "L", "LA", "P", "RGB", "RGBA"})
_LONGEST_SIDE = 4096  # pixels: a page of A4 at 300 dpi has 3,508
_MOST_PIXELS = 100_000_000  # at four bytes each, twice in memory at worst
_MOST_PIXELS_OF_DOCUMENT = (
    500_000_000  # some 15 seconds: a document's text is worth more than its last pictures
)
_MOST_PNG_PIXELS = 1_000_000  # of a picture in colours; larger ones become JPEG
_JPEG_QUALITY = 90
_ORIENTATION = 0x0112
_PNG_START = b"\x89PNG\r\n\x1a\n"
_PNG_HEAD = struct.Struct(">8x4x4sIIB")
_DAMAGE = (OSError, ValueError, SyntaxError, TypeError, LookupError, EOFError, MemoryError, struct.error)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that can be shown to a model."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class NotShown:
    """A picture that cannot be shown, and why."""

    reason: str


def showable(figures: tuple[Figure, ...]) -> tuple[Figure, ...]:
    """Return a document's figures with pictures that models take, those that move by their first one.

    What is damaged or very large is left as it is, and so is the rest of a document full of large pictures.
    """
    return tuple(_showable(figures)) if any(not _is_plain_png(one.content) for one in figures) else figures


def _showable(figures: tuple[Figure, ...]) -> Iterator[Figure]:
    left = _MOST_PIXELS_OF_DOCUMENT
    for figure in figures:
        shown = next(pictures(figure.content, left))
        if isinstance(shown, NotShown):
            yield figure
            continue
        left -= 0 if shown.content is figure.content else _pixels(figure.content)
        yield replace(figure, media_type=shown.media_type, content=shown.content)


def pictures(content: bytes, most_pixels: int = _MOST_PIXELS) -> Iterator[Shown | NotShown]:
    """Yield the pages of a TIFF file, or the one picture that any other file shows, at least one."""
    if _is_plain_png(content):
        yield Shown("image/png", content)
        return
    from PIL import Image, ImageFile, ImageSequence, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the library's own limit, where a warning is all that comes of it
    ImageFile.LOAD_TRUNCATED_IMAGES = True  # what there is of a scan is worth reading
    most_pixels = min(most_pixels, _MOST_PIXELS)
    try:
        with Image.open(BytesIO(content), formats=_FORMATS) as image:
            if image.format == "TIFF":
                yield from (_converted(page, most_pixels) for page in ImageSequence.Iterator(image))
            elif _is_fine(image):
                yield Shown(f"image/{image.format}".lower(), content)
            else:
                yield _converted(image, most_pixels)
    except UnidentifiedImageError:
        yield NotShown("its beginning is damaged")
    except _DAMAGE as error:
        yield NotShown(_told(error))


def _is_plain_png(content: bytes) -> bool:
    """Whether a picture is a PNG that needs no change, as most are, which saves loading a library."""
    if not content.startswith(_PNG_START) or len(content) < _PNG_HEAD.size:
        return False
    kind, width, height, depth = _PNG_HEAD.unpack_from(content)
    return bool(kind == b"IHDR" and depth <= 8 and max(width, height) <= _LONGEST_SIDE)


def _pixels(content: bytes) -> int:
    from PIL import Image

    with Image.open(BytesIO(content), formats=_FORMATS) as image:
        return image.width * image.height


def _is_fine(image: "Image") -> bool:
    """Whether a picture can be shown as it is. That of a PNG is known by its head."""
    return (
        image.format in _AS_THEY_ARE
        and image.mode in _PLAIN_MODES
        and max(image.size) <= _LONGEST_SIDE
        and not getattr(image, "is_animated", False)
        and (image.format == "GIF" or int(image.getexif().get(_ORIENTATION, 1)) <= 1)
    )


def _converted(image: "Image", most_pixels: int) -> Shown | NotShown:
    from PIL import ImageOps

    if image.width * image.height > most_pixels:
        return NotShown(f"{image.width} by {image.height} pixels are more than are unpacked")
    try:
        if image.format in ("JPEG", "MPO"):
            image.draft(None, (_LONGEST_SIDE, _LONGEST_SIDE))  # unpacked at a fraction, where it is larger
        plain = _in_eight_bits(image)
        plain.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
        return _encoded(ImageOps.exif_transpose(plain))
    except _DAMAGE as error:
        return NotShown(_told(error))


def _encoded(image: "Image") -> Shown:
    stream = BytesIO()
    if image.mode == "RGB" and image.width * image.height > _MOST_PNG_PIXELS:
        image.save(stream, "JPEG", quality=_JPEG_QUALITY)
        return Shown("image/jpeg", stream.getvalue())
    image.save(stream, "PNG", exif=b"")
    return Shown("image/png", stream.getvalue())


def _in_eight_bits(image: "Image") -> "Image":
    """Return a picture in black and white, grey or colours, on white where it is transparent."""
    from PIL import Image

    if image.mode in ("1", "L"):
        return image.convert("L") if max(image.size) > _LONGEST_SIDE else image.copy()
    if image.mode.startswith(("I", "F")):
        return _stretched(image)
    if "A" in image.mode or "transparency" in image.info:
        above = image.convert("RGBA")
        under = Image.new("RGBA", above.size, "white")
        under.info = image.info
        under.alpha_composite(above)
        return under.convert("RGB")
    return image.convert("RGB")


def _stretched(image: "Image") -> "Image":
    """Return grey of more than eight bits in eight, from the darkest that there is to the brightest."""
    wide = image.convert("F")
    low, high = (float(end) for end in wide.getextrema() if isinstance(end, int | float))
    slope = 255 / max(high - low, 1e-9)
    return wide.point(lambda value: value * slope - low * slope).convert("L")


def _told(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "it takes more memory than parse.memory_mb allows"
    return " ".join(str(error).split())[:200] or type(error).__name__
