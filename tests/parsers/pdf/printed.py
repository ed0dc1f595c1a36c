"""Pages with lines of text at given places, as programs print them."""

from tests.parsers.pdf.objects import pdf, stream

FONTS = (
    b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    b" /B << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>"
    b" /M << /Type /Font /Subtype /Type1 /BaseFont /Courier >> >> >>"
)
PROSE = b"The harbour office keeps the tide tables of the last twelve years."


def pages(*contents: bytes) -> bytes:
    """Return a document with a page for each of these contents."""
    numbers = range(3, 3 + len(contents))
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents %d 0 R /Resources " + FONTS + b" >>"
    )
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % n for n in numbers), len(contents)),
        *(page % (number + len(contents)) for number in numbers),
        *map(stream, contents),
    )


def line(x: int, y: int, text: bytes, size: int = 10, font: bytes = b"F") -> bytes:
    return b"BT /%s %d Tf %d %d Td (%s) Tj ET\n" % (font, size, x, y, text)


def rows(*rows: tuple[bytes, ...], font: bytes = b"F", step: int = 150) -> bytes:
    """Return what prints rows of cells, `step` points from one column to the next."""
    return b"".join(
        line(72 + step * column, 700 - 14 * row, cell, 10, font)
        for row, cells in enumerate(rows)
        for column, cell in enumerate(cells)
        if cell
    )
