"""Pages whose text is no language have a note that says so, others have none."""

import pytest

from schemas.documents import PageQuality
from tests.parsers.pdf.objects import one_page
from tests.parsers.pdf.printed import PROSE, line, pages
from tests.parsers.single import parse


def _notes(*lines: bytes) -> list[str]:
    content = b"".join(line(40, 760 - 12 * row, text) for row, text in enumerate(lines))
    notes = parse(pages(content), "page.pdf").page_notes
    return [note.detail for note in notes if note.quality is PageQuality.GARBLED]


def test_letters_that_a_font_has_shifted_are_noted() -> None:
    text = b"these pages list the winds and the times at which boats can pass the bar in and out of the port"
    shifted = bytes(code - 29 if chr(code).islower() else code for code in text)
    escaped = shifted.replace(b"\\", b"\\\\")
    (detail,) = _notes(*[escaped] * 8)
    assert "letters are vowels" in detail


def test_a_page_of_signs_is_noted() -> None:
    (detail,) = _notes(*[b"$%&!'@[];: ^`{} ?$!% &'@;^ ]:[{`}"] * 10)
    assert "are letters or digits" in detail


def test_text_in_a_wrong_encoding_is_noted() -> None:
    content = b"".join(
        b"BT /F 10 Tf 40 %d Td (B\303\266en \303\274ber F\303\266hr) Tj ET " % y for y in (700, 680, 660)
    )
    face = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    font = b"<< /Font << /F " + face + b" >> >>"
    (note,) = parse(one_page(content, font), "page.pdf").page_notes
    assert "wrong encoding" in note.detail


@pytest.mark.parametrize(
    "text",
    [
        PROSE,
        b"if (x <= 0) { return f(x->next, &y[i++]); } /* -- */",
        b"TLS ECDHE ECDSA AES 256 CBC SHA384 0xC0 0x24 TLS1.2",
        b"1.5  3.1 ........................................ 12",
        b"x^2 + y^2 = z^2, (a + b)(a - b) = a^2 - b^2",
        b"\\\\cs_new:Npn \\\\tl_set:Nn \\\\l_tmpa_tl { \\\\exp_not:n {#1} }",
    ],
)
def test_text_code_names_and_formulas_are_not(text: bytes) -> None:
    assert not _notes(*[text.replace(b"(", b"\\(").replace(b")", b"\\)")] * 12)
