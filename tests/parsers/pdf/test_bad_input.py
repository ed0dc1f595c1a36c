"""Broken, locked, empty and hostile PDFs: each ends with a document or a reason."""

import hashlib
import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter

from parsers.pdf import parse_pdf, parse_plainly
from schemas.contracts import ParseOptions
from schemas.documents import Document, PageQuality, Source
from schemas.errors import UnreadableDocument
from tests.parsers.pdf.objects import one_page, pdf, stream
from tests.parsers.properties import check

ARTICLE = (Path(__file__).parent / "files" / "one_column.pdf").read_bytes()


def _source(content: bytes) -> Source:
    return Source("x.pdf", "application/pdf", hashlib.sha256(content).hexdigest(), len(content), "x")


def _parse(content: bytes, *passwords: str) -> Document:
    document = parse_pdf(content, _source(content), ParseOptions(passwords=passwords))
    check(document)
    return document


def _locked(password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(ARTICLE)))
    writer.encrypt(password, "owner", algorithm="AES-256")
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def test_an_encrypted_file_says_which_option_opens_it() -> None:
    with pytest.raises(UnreadableDocument, match="pass --password") as caught:
        _parse(_locked("secret"), "wrong")
    assert caught.value.reason == "encrypted"


def test_the_right_password_opens_a_file_with_either_reader() -> None:
    locked = _locked("secret")
    assert "Conclusion" in _parse(locked, "wrong", "secret").text
    plain = parse_plainly(locked, _source(locked), ParseOptions(passwords=("secret",)))
    assert "Conclusion" in plain.text


def test_a_file_locked_with_the_empty_password_opens_by_itself() -> None:
    assert "Conclusion" in _parse(_locked("")).text


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n" + bytes(64)], ids=repr)
def test_what_is_no_pdf_is_corrupt(content: bytes) -> None:
    for read in (parse_pdf, parse_plainly):
        with pytest.raises(UnreadableDocument) as caught:
            read(content, _source(content), ParseOptions())
        assert caught.value.reason == "corrupt"


def test_a_page_of_drawings_is_noted_and_no_text_is_invented() -> None:
    document = _parse(one_page(b"0 0 300 300 re f 10 10 m 500 500 l S"))
    assert document.text == ""
    assert [(note.page, note.quality) for note in document.page_notes] == [(1, PageQuality.NO_TEXT_LAYER)]


def test_a_form_that_draws_itself_ends() -> None:
    form = stream(
        b"/F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    )
    assert _parse(one_page(b"/F Do", b"<< /XObject << /F 5 0 R >> >>", form)).page_count == 1


def test_pages_that_are_their_own_parents_end() -> None:
    content = pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>")
    for read in (parse_pdf, parse_plainly):
        try:
            assert read(content, _source(content), ParseOptions()).text == ""
        except UnreadableDocument as error:
            assert error.reason == "corrupt"  # noqa: PT017


def test_deeply_nested_arrays_end() -> None:
    content = one_page(b"BT ET", b"[" * 50_000 + b"]" * 50_000)
    for read in (parse_pdf, parse_plainly):
        try:
            assert read(content, _source(content), ParseOptions()).text == ""
        except UnreadableDocument as error:
            assert error.reason == "corrupt"  # noqa: PT017


def test_a_cut_file_ends_with_a_document_or_a_reason() -> None:
    for share in (0.3, 0.6, 0.9, 0.99):
        content = ARTICLE[: int(len(ARTICLE) * share)]
        for read in (parse_pdf, parse_plainly):
            try:
                check(read(content, _source(content), ParseOptions()))
            except UnreadableDocument as error:
                assert error.reason == "corrupt"  # noqa: PT017


def test_the_plain_reader_gives_the_text_and_the_pages() -> None:
    document = parse_plainly(ARTICLE, _source(ARTICLE), ParseOptions())
    check(document)
    assert "Keep water out, let air in" in document.text
    assert document.metadata.title == "The Care of Wooden Boats"
    assert {block.page for block in document.blocks} == {1, 2}
