"""What stands beside a page's text: form fields, attachments, links, page labels."""

import io
from pathlib import Path

from pypdf import PdfWriter

from schemas.documents import BlockKind, Box, Link, PageQuality
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


def test_files_pinned_to_a_page_are_named() -> None:
    clip = b"<< /Type /Annot /Subtype /FileAttachment /Rect [18 747 45 774] /FS 6 0 R >>"
    page = b"/MediaBox [0 0 600 800] /Contents 4 0 R /Resources << >> /Annots [5 0 R] >>"
    document = parse(
        pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R " + page,
            stream(b"0 0 m 10 10 l S"),
            clip,
            b"<< /Type /Filespec /F (chart.png) /UF (chart.png) /EF << /F 7 0 R >> >>",
            stream(b"pixels", b"/Type /EmbeddedFile"),
        ),
        "pinned.pdf",
    )
    note = document.page_notes[0]
    assert (note.page, note.detail) == (1, "carries files that are not read: chart.png")


def test_links_that_lead_out_are_kept_with_their_place_and_not_in_the_text() -> None:
    link = b"<< /Type /Annot /Subtype /Link /Rect [%s] /A << /S /URI /URI (%s) >> >>"
    document = parse(
        pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
            b" /Annots [5 0 R 6 0 R 7 0 R] /Resources %s >>" % FONT,
            stream(TEXT),
            link % (b"72 695 140 715", b"https://example.org/tides"),
            link % (b"300 715 200 695", b"mailto:harbour@example.org"),
            b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /Dest [3 0 R /Fit] >>",
        ),
        "linked.pdf",
    )
    assert document.links == (
        Link("https://example.org/tides", 1, Box(72, 85, 140, 105)),
        Link("mailto:harbour@example.org", 1, Box(200, 85, 300, 105)),
    )
    assert "example.org" not in document.text


def test_pages_keep_the_labels_that_are_printed_on_them() -> None:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources %s >>" % FONT
    labels = b"/PageLabels << /Nums [0 << /S /r >> 1 << /S /D /P (A-) >>] >>"
    numbered, counted = (
        parse(
            pdf(
                b"<< /Type /Catalog /Pages 2 0 R %s >>" % stated,
                b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 2 >>",
                page,
                stream(TEXT),
                page,
            ),
            "labelled.pdf",
        )
        for stated in (labels, b"/PageLabels << /Nums [0 << /S /D >>] >>")
    )
    assert numbered.page_labels == ("i", "A-1")
    assert counted.page_labels == ()
