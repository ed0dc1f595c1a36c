"""What was misread on printed pages of others, drawn again: contents, bold lines that go on, framed notes."""

from schemas.documents import BlockKind
from tests.parsers.pdf.objects import one_page
from tests.parsers.single import parse, texts

FONTS = (
    b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
    b" /B << /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >> >> >>"
)
PROSE = b"The harbour office keeps the tide tables of the last twelve years."


def _page(*lines: tuple[bytes, int, bytes], drawn: bytes = b"") -> bytes:
    """Return a page with lines of text, each in a font and at a height."""
    text = b" ".join(b"BT /%s 10 Tf 72 %d Td (%s) Tj ET" % line for line in lines)
    return one_page(b"%s %s" % (text, drawn), FONTS)


def test_each_line_of_a_table_of_contents_is_one_paragraph_without_its_dots() -> None:
    document = parse(
        _page(
            (b"F", 700, b"1 Tides . . . . . . . . . . . . . . . . . . . . . . . . 2"),
            (b"F", 688, b"1.1 Spring tides ..................................... 3"),
            (b"F", 676, b"1.2 Neap tides . . . . . . . . . . . . . . . . . . . . iv"),
        ),
        "contents.pdf",
    )
    assert texts(document, BlockKind.PARAGRAPH) == [
        "1 Tides … 2",
        "1.1 Spring tides … 3",
        "1.2 Neap tides … iv",
    ]


def test_bold_text_that_goes_on_with_a_small_letter_is_no_heading() -> None:
    document = parse(
        _page(
            (b"B", 700, b"Before you leave"),
            (b"F", 670, PROSE),
            (b"F", 658, PROSE),
            (b"B", 630, b"or call the office"),
        ),
        "bold.pdf",
    )
    assert texts(document, BlockKind.HEADING) == ["Before you leave"]
    assert "or call the office" in texts(document, BlockKind.PARAGRAPH)


def test_a_frame_around_lines_of_text_is_no_table() -> None:
    frame = b"60 640 480 80 re S 60 680 m 540 680 l S"
    document = parse(_page((b"F", 700, PROSE), (b"F", 660, PROSE), drawn=frame), "framed.pdf")
    assert not texts(document, BlockKind.TABLE)
    assert document.text.count("harbour office") == 2


def test_a_grave_accent_joins_its_letter_and_a_quote_of_code_does_not() -> None:
    line = b"Voil`a! The caf\\351 at the quay `a la mode; then type `apt-get to go on."
    font = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
    latin = font + b" /Encoding /WinAnsiEncoding >> >> >>"
    document = parse(one_page(b"BT /F 10 Tf 72 700 Td (%s) Tj ET" % line, latin), "accents.pdf")
    assert document.text == "Voilà! The café at the quay à la mode; then type `apt-get to go on."
