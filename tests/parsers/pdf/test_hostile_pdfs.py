"""PDFs that mean harm, and damaged ones, read in the pool: each ends with a document or a reason."""

import io
import random
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, StreamObject

from parsers.reading import Outcome, Unreadable, read
from schemas.documents import BlockKind, Document
from schemas.settings import ParseSettings
from tests.parsers.pdf.objects import one_page, stream
from tests.parsers.properties import check

FILES = Path(__file__).parent / "files"
TEXT = b"BT /F 12 Tf 72 700 Td (The words that count.) Tj ET"
FONT = b"/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
DIGIT = re.compile(rb"\d")
LIMITS = {"workers": 2, "timeout_s": 6.0, "memory_mb": 1024}
REASONS = {"corrupt", "encrypted", "timeout", "out_of_memory", "crashed", "almost_no_text", "no_text"}


def _outcomes(folder: Path, files: dict[str, bytes]) -> dict[str, Outcome]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found = list(read([str(folder)], ParseSettings.model_validate(LIMITS)))
    return dict(zip(sorted(files), found, strict=True))


def _check_all(found: dict[str, Outcome]) -> None:
    for one in found.values():
        if isinstance(one, Unreadable):
            assert one.reason in REASONS, one
        else:
            assert isinstance(one, Document)
            check(one)


def _twice_packed(content: bytes) -> bytes:
    packed = zlib.compress(zlib.compress(content, 9), 9)
    head = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>" % len(packed)
    return head + b"\nstream\n" + packed + b"\nendstream"


def _form_of(number: int, leads_to: int) -> bytes:
    """Return a form that draws another one ten times."""
    resources = b"/Resources << /XObject << /X %d 0 R >> >>" % leads_to
    return stream(
        b"/X Do " * 10, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] %s %% %d" % (resources, number)
    )


@pytest.mark.slow
def test_bombs_do_not_take_the_run_with_them(tmp_path: Path) -> None:
    picture = b"/Subtype /Image /Width 3000 /Height 3000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
    resources = b"<< %s >>" % FONT
    forms = [_form_of(number, number + 1) for number in range(5, 17)]
    found = _outcomes(
        tmp_path,
        {
            "content.pdf": one_page(TEXT, resources, packed=_twice_packed(TEXT + b" " * 1_000_000_000)),
            "forms.pdf": one_page(b"/X Do", b"<< /XObject << /X 5 0 R >> >>", *forms, stream(TEXT)),
            "image.pdf": one_page(
                TEXT + b" q 300 0 0 300 0 0 cm /I Do Q",
                b"<< %s /XObject << /I 5 0 R >> >>" % FONT,
                stream(bytes(400_000_000), picture),
            ),
            "sound.pdf": one_page(TEXT, resources),
        },
    )
    _check_all(found)
    bomb, sound = found["content.pdf"], found["sound.pdf"]
    assert isinstance(bomb, Document)
    assert bomb.textless_pages == (1,)
    assert isinstance(sound, Document)
    assert sound.text == "The words that count."


def _with_a_bomb_behind(article: bytes) -> bytes:
    """Return a document with one more page, whose content is 400 MB."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(article)))
    content = StreamObject()
    content.set_data(zlib.compress(zlib.compress(TEXT + b" " * 400_000_000, 1), 1))
    content[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * 2)
    writer.add_blank_page(595, 842)[NameObject("/Contents")] = writer._add_object(content)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


@pytest.mark.slow
def test_a_real_document_on_which_the_child_dies_is_read_by_pypdf(tmp_path: Path) -> None:
    article = (FILES / "one_column.pdf").read_bytes()
    (tmp_path / "report.pdf").write_bytes(_with_a_bomb_behind(article))
    settings = {"workers": 1, "timeout_s": 60.0, "memory_mb": 256}
    (document,) = read([str(tmp_path)], ParseSettings.model_validate(settings))
    assert isinstance(document, Document)
    check(document)
    assert {block.kind for block in document.blocks} == {BlockKind.PARAGRAPH}
    assert "every plank was tapped with a small hammer" in document.text
    assert document.textless_pages == (3,)


def _mutations(content: bytes, count: int, seed: int) -> Iterator[bytes]:
    """Yield damaged copies: bits flipped, digits changed, a stretch cut or doubled, the end lost."""
    chance = random.Random(seed)
    digits = [match.start() for match in DIGIT.finditer(content)]
    for _ in range(count):
        damaged = bytearray(content)
        start, end = sorted(chance.randrange(len(content)) for _ in range(2))
        match chance.randrange(5):
            case 0:
                for _ in range(chance.randint(1, 20)):
                    damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            case 1:
                for place in chance.sample(digits, min(len(digits), 12)):
                    damaged[place] = chance.choice(b"0123456789")
            case 2:
                del damaged[start:end]
            case 3:
                del damaged[start:]
            case _:
                damaged[start:start] = damaged[start:end]
        yield bytes(damaged)


def _damaged(each: int) -> dict[str, bytes]:
    return {
        f"{path.stem}-{index:03}.pdf": content
        for path in sorted(FILES.glob("*.pdf"))
        for index, content in enumerate(_mutations(path.read_bytes(), each, seed=each))
    }


def test_damaged_pdfs_end_with_a_document_or_a_reason(tmp_path: Path) -> None:
    _check_all(_outcomes(tmp_path, _damaged(2)))


@pytest.mark.slow
def test_four_hundred_damaged_pdfs_end_with_a_document_or_a_reason(tmp_path: Path) -> None:
    files = _damaged(31)
    assert len(files) >= 400
    _check_all(_outcomes(tmp_path, files))
