"""Pictures come out as models take them, whatever they were stored as."""

from io import BytesIO
from typing import Any
from zlib import crc32

import pytest
from PIL import Image

from parsers.draft import Draft
from pipeline.pictures import SHOWN, pixels
from schemas.documents import Document, Figure, Source
from schemas.errors import UnreadableDocument
from tests.parsers.single import parse

RED = (200, 30, 30)


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def picture(mode: str = "RGB", size: tuple[int, int] = (40, 20)) -> Image.Image:
    return Image.new("RGB", size, RED).convert(mode)


def opened(figure: Figure) -> Image.Image:
    assert figure.media_type in SHOWN
    assert pixels(figure.content) is not None
    image = Image.open(BytesIO(figure.content))
    assert figure.media_type == f"image/{image.format}".lower()
    return image.convert("RGB")


def is_red(image: Image.Image) -> bool:
    found = image.getpixel((5, 5))
    assert isinstance(found, tuple)
    return all(abs(one - wanted) < 12 for one, wanted in zip(found, RED, strict=True))


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (encoded(picture(), "TIFF"), "a.tif"),
        (encoded(picture(), "TIFF", compression="jpeg"), "a.tiff"),
        (encoded(picture(), "BMP"), "a.bmp"),
        (encoded(picture("CMYK"), "JPEG"), "a.jpg"),
        (encoded(picture(), "AVIF"), "a.avif"),
        (encoded(picture(), "JPEG2000"), "a.jp2"),
        (encoded(picture(), "GIF", save_all=True, append_images=[Image.new("RGB", (40, 20))]), "a.gif"),
        (encoded(picture(), "WEBP", save_all=True, append_images=[Image.new("RGB", (40, 20))]), "a.webp"),
    ],
)
def test_pictures_of_other_kinds_become_such_as_models_take(content: bytes, name: str) -> None:
    document = parse(content, name)
    image = opened(document.figures[0])
    assert image.size == (40, 20)
    assert is_red(image)
    assert document.textless_pages == (1,)


def test_what_models_take_stays_as_it_is() -> None:
    for form, name in (("PNG", "a.png"), ("JPEG", "a.jpg"), ("WEBP", "a.webp"), ("GIF", "a.gif")):
        content = encoded(picture(), form)
        assert parse(content, name).figures[0].content == content


def test_each_page_of_a_scan_is_a_page() -> None:
    pages = [Image.new("1", (60, 80), number % 2) for number in range(3)]
    content = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:], compression="group4")
    document = parse(content, "scan.tif")
    assert document.page_count == 3
    assert document.textless_pages == (1, 2, 3)
    assert [opened(figure).getpixel((1, 1)) for figure in document.figures] == [
        (v, v, v) for v in (0, 255, 0)
    ]
    assert [figure.page for figure in document.figures] == [1, 2, 3]


def test_a_photo_stands_upright() -> None:
    turned = Image.Exif()
    turned[0x0112] = 6  # its right side is the top
    image = picture(size=(40, 20))
    image.paste((255, 255, 255), (0, 10, 40, 20))
    shown = opened(parse(encoded(image, "JPEG", exif=turned.tobytes()), "a.jpg").figures[0])
    assert shown.size == (20, 40)
    assert is_red(shown.crop((10, 10, 20, 20)))


def test_deep_grey_is_stretched_to_eight_bits_and_large_pictures_are_made_smaller() -> None:
    deep = Image.new("I;16", (30, 10), 1000)
    deep.paste(3000, (0, 0, 15, 10))
    shown = opened(parse(encoded(deep, "PNG"), "a.png").figures[0])
    assert (shown.getpixel((2, 2)), shown.getpixel((20, 2))) == ((255,) * 3, (0,) * 3)
    wide = opened(parse(encoded(Image.new("L", (9000, 30), 99), "PNG"), "wide.png").figures[0])
    assert wide.size == (4096, 14)


def test_transparent_parts_are_white() -> None:
    clear = Image.new("RGBA", (30, 10), (0, 0, 0, 0))
    assert opened(parse(encoded(clear, "TIFF"), "a.tif").figures[0]).getpixel((2, 2)) == (255, 255, 255)


def test_a_picture_that_unfolds_beyond_measure_ends_with_a_reason() -> None:
    bomb = bytearray(encoded(Image.new("1", (64, 64)), "PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    bomb[29:33] = crc32(bomb[12:29]).to_bytes(4, "big")
    with pytest.raises(UnreadableDocument, match="60000 by 60000 pixels"):
        parse(bytes(bomb), "bomb.png")
    with pytest.raises(UnreadableDocument, match="cannot be decoded"):
        parse(b"\x89PNG\r\n\x1a\n" + bytes(500), "torn.png")


def test_pages_behind_a_damaged_one_are_read() -> None:
    pages = [picture(), picture("L"), picture()]
    content = encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])
    lost = content.replace(
        b"\x01\x01\x03\x00\x01\x00\x00\x00\x14\x00", b"\x01\x01\x03\x00\x01\x00\x00\x00\x00\x00", 1
    )
    document = parse(lost, "scan.tif")
    assert document.page_count == 3
    assert [figure.page for figure in document.figures][-1] == 3


def test_pictures_in_documents_are_made_showable_and_damaged_ones_left() -> None:
    stored = (
        Figure("figure-1", "image/tiff", encoded(picture(), "TIFF"), alt="A red box"),
        Figure("figure-2", "image/tiff", b"II*\0nothing"),
    )
    document: Document = Draft().document(Source("a.docx", "", "", 0, "a"), figures=stored)
    assert is_red(opened(document.figures[0]))
    assert document.figures[0].alt == "A red box"
    assert document.figures[1] == stored[1]
