"""Embedded images as encoded files."""

import ctypes
import struct
import zlib

import pypdfium2.raw as pdfium

_MIN_SIDE_PX, _MAX_PIXELS = 24, 12_000_000
_COLOUR_TYPES = {
    pdfium.FPDFBitmap_Gray: (1, 0),
    pdfium.FPDFBitmap_BGR: (3, 2),
    pdfium.FPDFBitmap_BGRx: (4, 2),
    pdfium.FPDFBitmap_BGRA: (4, 6),
}


def encoded_image(image: pdfium.FPDF_PAGEOBJECT) -> tuple[str, bytes] | None:
    """Return media type and bytes of an image object: JPEG as it is stored, all else as PNG.

    None for what is too small to show anything, too large to hold, or cannot be decoded.
    """
    width, height = ctypes.c_uint(), ctypes.c_uint()
    if not pdfium.FPDFImageObj_GetImagePixelSize(image, width, height):
        return None
    if min(width.value, height.value) < _MIN_SIDE_PX or width.value * height.value > _MAX_PIXELS:
        return None
    if _filters(image) == [b"DCTDecode"]:
        return "image/jpeg", _stored(image)
    bitmap = pdfium.FPDFImageObj_GetBitmap(image)
    if not bitmap:
        return None
    try:
        content = png(bitmap)
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
    return None if content is None else ("image/png", content)


def _filters(image: pdfium.FPDF_PAGEOBJECT) -> list[bytes]:
    names: list[bytes] = []
    for index in range(pdfium.FPDFImageObj_GetImageFilterCount(image)):
        buffer = ctypes.create_string_buffer(32)
        pdfium.FPDFImageObj_GetImageFilter(image, index, buffer, 32)
        names.append(buffer.value)
    return names


def _stored(image: pdfium.FPDF_PAGEOBJECT) -> bytes:
    size = pdfium.FPDFImageObj_GetImageDataRaw(image, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDFImageObj_GetImageDataRaw(image, buffer, size)
    return buffer.raw


def png(bitmap: pdfium.FPDF_BITMAP, *, reverse: bool = True) -> bytes | None:
    """Return a bitmap as a PNG file, None when its format is not one we write.

    `reverse` is whether its colours are in PDFium's usual order, blue first.
    """
    kind = _COLOUR_TYPES.get(pdfium.FPDFBitmap_GetFormat(bitmap))
    if kind is None:
        return None
    channels, colour_type = kind
    width, height = pdfium.FPDFBitmap_GetWidth(bitmap), pdfium.FPDFBitmap_GetHeight(bitmap)
    stride = pdfium.FPDFBitmap_GetStride(bitmap)
    pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
    used = width * channels
    if stride != used:
        pixels = b"".join([pixels[start : start + used] for start in range(0, stride * height, stride)])
    ordered = _in_png_order(pixels, channels, colour_type) if reverse else pixels
    length = len(ordered) // height
    rows = b"\0" + b"\0".join([ordered[start : start + length] for start in range(0, len(ordered), length)])
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    parts = [(b"IHDR", header), (b"IDAT", zlib.compress(rows, 3)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_png_chunk(name, body) for name, body in parts)


def _in_png_order(pixels: bytes, channels: int, colour_type: int) -> bytes:
    """Return pixels with blue and red changed about."""
    if channels == 1:
        return pixels
    kept = 4 if colour_type == 6 else 3
    ordered = bytearray(len(pixels) // channels * kept)
    for place, channel in enumerate((2, 1, 0, 3)[:kept]):
        ordered[place::kept] = pixels[channel::channels]
    return bytes(ordered)


def _png_chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
