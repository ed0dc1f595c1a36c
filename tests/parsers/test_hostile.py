"""Files that mean harm, and files that took harm: each ends with a document or a reason."""

import random
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import product
from pathlib import Path

import pytest

from parsers.detection import parser_for
from parsers.reading import Outcome, Unreadable, find, read
from schemas.documents import Document
from schemas.errors import UnreadableDocument
from schemas.settings import ParseSettings
from tests.parsers.properties import check
from tests.parsers.single import FILES
from tests.parsers.test_docx import types
from tests.parsers.test_reading import mail

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = (
    f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{OFFICE}/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def docx(document: str | bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types())
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/document.xml", document)
    return buffer.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def ends(folder: Path, files: dict[str, bytes], **settings: object) -> dict[str, Outcome]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    strict = ParseSettings.model_validate({"workers": 2, "timeout_s": 10.0, "memory_mb": 1024, **settings})
    found = list(read([str(folder)], strict))
    uris = (one.uri if isinstance(one, Unreadable) else one.source.uri for one in found)
    return {uri.removeprefix(f"{folder}/"): one for uri, one in zip(uris, found, strict=True)}


def reason(outcome: Outcome) -> str:
    return outcome.reason if isinstance(outcome, Unreadable) else ""


def text(outcome: Outcome) -> str:
    assert isinstance(outcome, Document), outcome
    check(outcome)
    return outcome.text


def test_decompression_bombs_end_with_a_reason(tmp_path: Path) -> None:
    zeros = bytes(80_000_000)
    bomb = BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros.txt", zeros)
    found = ends(tmp_path, {"a.docx": docx(zeros), "b.zip": bomb.getvalue()})
    assert {reason(one) for one in found.values()} == {"decompression_bomb"}


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    body = f'{LAUGHS}<w:document xmlns:w="{W}"><w:body>{paragraph("before &i; after")}</w:body></w:document>'
    outside = body.replace("<!ENTITY a", '<!ENTITY i SYSTEM "file:///etc/passwd"><!ENTITY a').replace(
        '<!ENTITY i "', '<!ENTITY j "'
    )
    found = ends(tmp_path, {"a.docx": docx(body), "b.docx": docx(outside)})
    for one in found.values():
        assert not isinstance(one, Document) or ("root:" not in one.text and len(one.text) < 100)


def test_members_of_an_archive_cannot_lead_out_of_it(tmp_path: Path) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../../escaped.txt", "words")
        archive.writestr("/etc/absolute.txt", "words")
    found = ends(tmp_path, {"a.zip": buffer.getvalue()})
    assert [text(one) for one in found.values()] == ["words", "words"]
    assert not (tmp_path.parent.parent / "escaped.txt").exists()


def test_deep_nesting_keeps_its_text_or_has_a_reason(tmp_path: Path) -> None:
    divs = b"<div>" * 100_000 + b"the text at the bottom. " * 100 + b"</div>" * 100_000
    cell = "<w:tbl><w:tr><w:tc>" * 2_000 + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * 2_000
    nested = f'<w:document xmlns:w="{W}"><w:body>{cell}</w:body></w:document>'
    quotes = b">" * 20_000 + b" deep words"
    found = ends(tmp_path, {"a.html": divs, "b.docx": docx(nested), "c.md": quotes, "d.json": b"[" * 100_000})
    assert text(found["a.html"]).startswith("the text at the bottom.")
    assert all(isinstance(one, Document) or reason(one) for one in found.values())


def test_a_tag_with_300_000_attributes_is_read(tmp_path: Path) -> None:
    tag = b"<p " + b" ".join(b"a%d=1" % index for index in range(300_000)) + b">"
    page = b"<html><body>" + tag + b"The words behind it. " * 200 + b"</p></body></html>"
    (found,) = ends(tmp_path, {"a.html": page}).values()
    assert "The words behind it" in text(found)


def test_a_huge_table_is_read(tmp_path: Path) -> None:
    rows = "".join(f"<tr><td>{index}</td><td>value {index}</td></tr>" for index in range(30_000))
    wide = 'colspan="999999999" rowspan="99999999"'
    spans = f"<table><tr><td {wide}>a</td><td>b</td></tr><tr><td>c</td></tr></table>"
    page = f"<html><body><table><tr><th>n</th><th>v</th></tr>{rows}</table>{spans}</body></html>"
    (found,) = ends(tmp_path, {"a.html": page.encode()}).values()
    assert "| 29999 | value 29999 |" in text(found)


def test_much_in_and_hardly_anything_out_is_a_failure(tmp_path: Path) -> None:
    page = b"<html><body><p>Loading</p><script>" + b"var a = 1;" * 50_000 + b"</script></body></html>"
    (found,) = ends(tmp_path, {"a.html": page}).values()
    assert reason(found) == "almost_no_text"


def test_a_large_text_file_is_read_by_children_with_little_memory(tmp_path: Path) -> None:
    found = ends(tmp_path, {"a.txt": b"A line of words. " * 1_100_000}, memory_mb=256)
    assert [reason(one) for one in found.values()] == [""] * 5


def mutations(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged copies: bytes flipped, a stretch cut out, the end lost, a stretch doubled."""
    chance = random.Random(seed)
    for _ in range(count):
        damaged = bytearray(content)
        start, end = sorted(chance.randrange(len(content)) for _ in range(2))
        match chance.randrange(4):
            case 0:
                for _ in range(chance.randint(1, 20)):
                    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            case 1:
                del damaged[start:end]
            case 2:
                del damaged[start:]
            case _:
                damaged[start:start] = damaged[start:end]
        yield bytes(damaged)


def test_damaged_mails_with_attachments_end_with_documents_or_reasons(tmp_path: Path) -> None:
    whole = mail(("a.txt", b"One."), ("f.eml", mail(("d.txt", b"Two."))))
    for index, content in enumerate(mutations(whole, 150, seed=1)):
        (tmp_path / f"{index:03}.eml").write_bytes(content)
    for one in read([str(tmp_path)], ParseSettings(workers=2, timeout_s=20)):
        assert isinstance(one, Document) or (isinstance(one, Unreadable) and one.reason != "crashed"), one


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_damaged_archives_are_told_before_any_child_sees_them(tmp_path: Path, method: int) -> None:
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w", method) as archive:
        for name in ("mimetype", "word/ü.txt", "a.md"):
            archive.writestr(name, "application/epub+zip")
    content = whole.getvalue()
    for place, value in product(range(len(content)), (0, 0xFF)):
        damaged = content[:place] + bytes([content[place] ^ 0xFF if value else 0]) + content[place + 1 :]
        (tmp_path / f"{place}-{value}.zip").write_bytes(damaged)
    for found in find([str(tmp_path)]):
        with suppress(UnreadableDocument):
            parser_for(found.load(1_000_000).content, found.name, "", found.uri)


def damaged_files(folder: Path, each: int) -> int:
    originals = sorted(path for path in FILES.rglob("*.*") if path.suffix not in (".sh", ".fodp"))
    for original in originals:
        for index, content in enumerate(mutations(original.read_bytes(), each, seed=each)):
            (folder / f"{original.stem}-{index:04}{original.suffix}").write_bytes(content)
    return each * len(originals)


def check_all_end(folder: Path, count: int) -> None:
    found = list(read([str(folder)], ParseSettings(workers=2, timeout_s=20)))
    assert len(found) == count
    for one in found:
        if isinstance(one, Document):
            check(one)
        else:
            assert isinstance(one, Unreadable)
            assert one.reason
            assert one.reason != "crashed", one


def test_damaged_files_end_with_a_document_or_a_reason(tmp_path: Path) -> None:
    check_all_end(tmp_path, damaged_files(tmp_path, each=30))


@pytest.mark.slow
def test_two_thousand_damaged_files_end_with_a_document_or_a_reason(tmp_path: Path) -> None:
    check_all_end(tmp_path, damaged_files(tmp_path, each=170))
