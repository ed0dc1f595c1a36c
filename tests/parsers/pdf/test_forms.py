"""What stands beside a page's text: form fields, attachments."""

import io
from pathlib import Path

from pypdf import PdfWriter

from schemas.documents import BlockKind, PageQuality
from tests.parsers.pdf.objects import pdf, stream
from tests.parsers.single import parse, texts

ARTICLE = Path(__file__).parent / "files" / "one_column.pdf"
TEXT = b"BT /F 12 Tf 72 700 Td (Please fill in every field.) Tj ET"
FONT = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"


def _form(*fields: bytes) -> bytes:
    """Return a page with these fields, whose widgets are the fields themselves."""
    numbers = range(5, 5 + len(fields))
    widgets = b" ".join(b"%d 0 R" % number for number in numbers)
    return pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [%s] >> >>" % widgets,
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Annots [%s] /Resources %s >>"
        % (widgets, FONT),
        stream(TEXT),
        *(b"<< /Type /Annot /Subtype /Widget /Rect [72 600 300 620] %s >>" % field for field in fields),
    )


def test_fields_are_list_items_with_their_label_and_what_was_filled_in() -> None:
    document = parse(
        _form(
            b"/FT /Tx /T (owner) /TU (Name of the owner) /V (Ada Lindqvist)",
            b"/FT /Tx /T (boat) /V <FEFF00530065006100200054006800720069006600740021>",
            b"/FT /Tx /T (remarks)",
            b"/FT /Tx /T (pin) /Ff 8192 /V (1234)",
            b"/FT /Btn /T (insured) /V /Yes /AS /Yes /AP << /N << /Yes 4 0 R >> >>",
            b"/FT /Btn /T (towed) /V /Off /AS /Off /AP << /N << /Yes 4 0 R >> >>",
            b"/FT /Ch /Ff 131072 /T (length) /Opt [[(a) (below 6 m)] [(b) (6 to 10 m)]] /V (b)",
        ),
        "form.pdf",
    )
    assert texts(document, BlockKind.PARAGRAPH) == ["Please fill in every field."]
    assert texts(document, BlockKind.LIST_ITEM) == [
        "- Name of the owner: Ada Lindqvist",
        "- boat: Sea Thrift!",
        "- insured: Yes",
        "- length: 6 to 10 m",
    ]
    field = document.blocks[1]
    assert field.page == 1
    assert field.box is not None
    assert (field.box.left, field.box.top, field.box.right, field.box.bottom) == (72, 180, 300, 200)


def test_attached_files_are_named() -> None:
    writer = PdfWriter(clone_from=ARTICLE)
    writer.add_attachment("soundings.csv", b"day,depth\n1,2.4\n")
    writer.add_attachment("Böen.txt", b"gusts")
    buffer = io.BytesIO()
    writer.write(buffer)
    document = parse(buffer.getvalue(), "carrier.pdf")
    (note,) = document.page_notes
    assert (note.page, note.quality) == (1, PageQuality.ATTACHMENT)
    assert note.detail == "carries files that are not read: Böen.txt, soundings.csv"
