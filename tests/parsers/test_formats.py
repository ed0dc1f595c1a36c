# ruff: noqa: E501  # small files stand here in one line each
"""The table of formats: what each example must give, and must not."""

import json
import zipfile
from dataclasses import dataclass
from io import BytesIO

import pytest

from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Document
from schemas.errors import UnreadableDocument
from tests.parsers.single import FILES, parse, shapes, texts

HEADING, PARAGRAPH, ITEM, TABLE = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE,
)


@dataclass(frozen=True)
class Example:
    """A real file, and what must come of it."""

    name: str
    must_include: tuple[str, ...]
    must_not_include: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()


YEARS = "| Year | Honey (kg) |\n| --- | --- |\n| 2023 | 41 |\n| 2024 | 38 |"
SHARES = "| Year | Honey (kg) | Share |\n| --- | --- | --- |\n| 2023 | 41 | 0.52 |\n| 2024 | 38 | 0.48 |"
SWARMS = "| Month | Swarms |\n| --- | --- |\n| May | 7 |"
EXAMPLES = (
    Example(
        "handbook.docx",
        ("forty litres of space before winter.[1]", "[1] Measured without frames.", "1. Light the smoker."),
        ("sdfootnote",),
        ("Keeping bees", "Equipment", "Yields"),
        (YEARS,),
    ),
    Example(
        "slides.pptx",
        ("Swarming", "- on warm days"),
        tables=("| Month | Swarms |\n| --- | --- |\n| May | 7 |",),
    ),
    Example(
        "lecture.pptx",
        (
            "Speaker notes: Welcome everybody.\nAsk who has seen a swarm.\n\nSigns of a swarm\n\n- Queen cells",
            "- eight or more",
            "Counted in 2025.\n\nSpeaker notes: June was cold.",
        ),
        headings=("Swarm control", "Signs of a swarm", "Swarms by month"),
        tables=("| Month | Swarms |\n| --- | --- |\n| May | 7 |\n| June | 4 |",),
    ),
    Example(
        "feeding.mhtml",
        ("in the hills – and less", "1. Fill the feeder.\n2. Close the hive."),
        ("Shop", "The Apiary"),
        ("Feeding bees", "Syrup"),
        ("| Month | Syrup (kg) |\n| --- | --- |\n| August | 6 |\n| September | 9 |",),
    ),
    Example(
        "seasons.epub",
        ("at ten degrees.[1]\n", "\n[1] In the shade.\n", "2. Split the colony.", "swarms = 7 + 4"),
        ("↩", "Landmarks", "Table of Contents"),
        ("A year with bees", "Spring", "Willow", "Summer"),
        ("| Month | Swarms |\n| --- | --- |\n| May | 7 |\n| June | 4 |",),
    ),
    Example(
        "seasons.html",
        (
            "at ten degrees.[1]\n",
            "a comb",
            "[1] In the shade.",
            "Swarms of 2025.",
            "2. Split the colony.",
            "swarms = 7 + 4",
        ),
        ("↩",),
        ("A year with bees", "Spring", "Willow", "Summer"),
        ("| Month | Swarms |\n| --- | --- |\n| May | 7 |\n| June | 4 |",),
    ),
    Example(
        "yields.xlsx",
        ("0.52",),
        headings=("yields",),
        tables=(
            "| Year | Honey (kg) | Share |\n| --- | --- | --- |\n| 2023 | 41 | 0.52 |\n| 2024 | 38 | 0.48 |",
        ),
    ),
    Example(
        "handbook.odt",
        (
            "forty litres of space before winter.[1]",
            "[1] Measured without frames.",
            "1. Light the smoker.\n2. Open",
        ),
        headings=("Keeping bees", "Equipment", "Yields"),
        tables=(YEARS,),
    ),
    Example(
        "lecture.odp",
        (
            "Speaker notes: Welcome everybody. Ask who has seen a swarm.\n\nSigns of a swarm\n\n- Queen cells",
            "- eight or more",
            "Speaker notes: June was cold.",
        ),
        headings=("Swarm control", "Signs of a swarm", "Swarms by month"),
        tables=("| Month | Swarms |\n| --- | --- |\n| May | 7 |\n| June | 4 |",),
    ),
    Example("yields.ods", ("0.52",), headings=("yields",), tables=(SHARES,)),
    Example(
        "sources/handbook.html",
        ("A colony needs forty litres", "- made of steel", "2. Open the hive."),
        headings=("Keeping bees", "Equipment", "Yields"),
        tables=(YEARS,),
    ),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_a_real_file_gives_what_it_must(example: Example) -> None:
    document = parse((FILES / example.name).read_bytes(), example.name)
    assert [text for text in example.must_include if text not in document.text] == []
    assert [text for text in example.must_not_include if text in document.text] == []
    if example.headings:
        assert tuple(texts(document, HEADING)) == example.headings
    if example.tables:
        assert tuple(texts(document, TABLE)) == example.tables


def test_markdown_keeps_structure_and_front_matter() -> None:
    source = """---
title: Bees
author: [Ann, Bo]
---
Hive care
=========

A *short* [line](https://example.org) with `code` and a hard\\
break.

| a | b |
|---|---|
| 1 | x\\|y |

1. one
2. two
   - deep

```python
if x:
    y()
```

> quoted
"""
    document = parse(source.encode(), "a.md")
    assert document.metadata.title == "Bees"
    assert document.metadata.author == "Ann, Bo"
    assert shapes(document) == [
        (HEADING, 1, "Hive care"),
        (PARAGRAPH, 0, "A short line with code and a hard\nbreak."),
        (TABLE, 0, "| a | b |\n| --- | --- |\n| 1 | x\\|y |"),
        (ITEM, 0, "1. one"),
        (ITEM, 0, "2. two"),
        (ITEM, 1, "- deep"),
        (BlockKind.CODE, 0, "if x:\n    y()"),
        (PARAGRAPH, 0, "quoted"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_its_encoding(encoding: str) -> None:
    text = "Überschrift für Bienen und Königinnen, größere Völker.\r\n\r\nZweiter Absatz über Honig."
    assert parse(text.encode(encoding), "a.txt").text == text.replace("\r\n", "\n")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "words", ["Größe und Übermaß, café.", "Привет, мир! Как дела?", "水泵 7 的流量是 12 升。", "Ω"]
)
def test_text_of_wide_characters_needs_no_mark(encoding: str, words: str) -> None:
    text = f"{words}\n" * 20
    assert parse(text.encode(encoding), "a.txt").text == text.strip()
    page = f"<!doctype html><html><body><p>{words}</p></body></html>"
    assert parse(page.encode(encoding), "page").text == words


def test_a_few_zero_bytes_make_no_binary_of_a_text() -> None:
    text = b"The pump runs at night, and rests by day.\n" * 10 + b"It is\0 old.\n"
    assert parse(text, "a.txt").text.endswith("by day.\nIt is old.")


@pytest.mark.parametrize(
    "content", [b"\0\1" * 400, bytes(range(256)) * 4, b"text\0\0\0\0" * 200, b"\1\0\2\0" * 90]
)
def test_what_is_binary_is_no_text_whatever_its_name(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match="binary"):
        parse(content, "a.txt")


def test_text_has_headings_and_lists_where_they_are_plain() -> None:
    source = "INTRODUCTION\n\n2.1 Hives\n\nTools\n-----\n\nSome words\nin two lines.\n\n- one\n  - two\n"
    assert shapes(parse(source.encode(), "a.txt")) == [
        (HEADING, 1, "INTRODUCTION"),
        (HEADING, 2, "2.1 Hives"),
        (HEADING, 2, "Tools"),
        (PARAGRAPH, 0, "Some words\nin two lines."),
        (ITEM, 0, "- one"),
        (ITEM, 1, "- two"),
    ]


def test_transcripts_lose_times_and_repeats_and_keep_voices() -> None:
    rolling = (
        "WEBVTT\n\nNOTE a remark\n\nfirst\n00:01.000 --> 00:02.000 align:start\n<v Ann>Hello <i>bees</i>\n\n"
        "00:02.000 --> 00:03.000\nAnn: Hello bees\nand &amp; wasps.\n\n00:20.000 --> 00:21.000\nLater.\n"
    )
    assert parse(rolling.encode(), "a.vtt").text == "Ann: Hello bees and & wasps.\n\nLater."
    numbered = "1\n00:00:01,000 --> 00:00:02,000\nOne.\n\n2\n00:00:02,100 --> 00:00:03,000\nTwo.\n"
    assert parse(numbered.encode(), "a.srt").text == "One. Two."


def test_json_records_give_the_named_field() -> None:
    records = [{"title": "First", "body": {"text": "One."}}, {"body": {"text": "Two."}}]
    document = parse(json.dumps(records).encode(), "a.json", ParseOptions(text_field="body.text"))
    assert document.text == "First\n\nOne.\n\nTwo."
    with pytest.raises(UnreadableDocument, match="there are: body, title"):
        parse(json.dumps(records).encode(), "a.json")


@pytest.mark.parametrize("sign", [",", ";", "\t", "|", "^", "~"])
def test_delimited_text_is_a_table_whatever_delimits_it(sign: str) -> None:
    rows = [["name", "value"], ["a, b", "1"], ["c", "2"]]
    text = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows)
    assert parse(text.encode(), "a.csv").text == "| name | value |\n| --- | --- |\n| a, b | 1 |\n| c | 2 |"


def test_a_delimiter_that_a_table_states_is_taken_and_not_read() -> None:
    assert parse(b"sep=!\na!b\n1!2\n", "a.csv").text == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_a_mail_keeps_subject_body_and_the_names_of_attachments() -> None:
    mail = (
        b"From: Ann <ann@example.org>\r\nTo: bo@example.org\r\nSubject: =?utf-8?q?K=C3=B6nigin?=\r\n"
        b"Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n\r\n'
        b"<p>The queen is <b>marked</b>.</p><ul><li>blue</li></ul>\r\n--x\r\nContent-Type: application/pdf\r\n"
        b'Content-Disposition: attachment; filename="queen.pdf"\r\n\r\nzzz\r\n--x--\r\n'
    )
    document = parse(mail, "a.eml")
    assert document.title == "Königin"
    assert document.metadata.created == "2026-03-02T10:00:00+00:00"
    assert "The queen is marked.\n\n- blue\n\nAttachments: queen.pdf" in document.text


def test_a_saved_page_is_read_with_its_pictures() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(2000)
    page = (
        b'From: <Saved>\r\nSubject: Page\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        b'<html><body><h1>Bees</h1><p>They dance =E2=80=93 often.</p><img src=3D"cid:p1" alt=3D"a bee"></body></html>'
        b"\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <p1>\r\nContent-Transfer-Encoding: binary\r\n\r\n"
    )
    document = parse(page + picture + b"\r\n--x--\r\n", "a.mhtml")
    assert document.text == "Bees\n\nThey dance – often."
    assert document.figures[0].alt == "a bee"


def test_a_saved_page_starts_where_it_says_and_finds_pictures_beside_it() -> None:
    saved = (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/related; start="<main>"; boundary="x"\r\n\r\n'
        b"--x\r\nContent-Type: text/html\r\nContent-ID: <frame>\r\n\r\n<p>An advert.</p>\r\n"
        b"--x\r\nContent-Type: text/html\r\nContent-ID: <main>\r\nContent-Location: http://a.example/b/c.htm\r\n\r\n"
        b'<p>They dance.</p><img src="d.png" alt="a bee">\r\n'
        b"--x\r\nContent-Type: image/png\r\nContent-Location: http://a.example/b/d.png\r\n\r\n"
    )
    document = parse(saved + b"P" * 2000 + b"\r\n--x--\r\n", "a.mhtml")
    assert document.text == "They dance."
    assert [figure.alt for figure in document.figures] == ["a bee"]


def epub(**parts: str) -> bytes:
    """Return a book of the given chapters, in order."""
    buffer = BytesIO()
    items = "".join(f'<item id="{i}" href="{i}.xhtml" media-type="application/xhtml+xml"/>' for i in parts)
    spine = "".join(f'<itemref idref="{name}"/>' for name in parts)
    with zipfile.ZipFile(buffer, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
        book.writestr(
            "OPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>Bees</dc:title><dc:language>en-GB</dc:language></metadata><manifest>{items}</manifest>"
            f"<spine>{spine}</spine></package>",
        )
        for name, body in parts.items():
            book.writestr(f"OPS/{name}.xhtml", f"<html><body>{body}</body></html>")
    return buffer.getvalue()


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    book = epub(second="<h1>Two</h1><p>Later.</p>", first="<h1>One</h1><p>Sooner.</p>")
    document = parse(book, "a.epub")
    assert document.text == "Two\n\nLater.\n\nOne\n\nSooner."
    assert document.metadata.title == "Bees"
    assert document.language == "en"


def test_a_book_s_own_table_of_contents_is_its_outline() -> None:
    book = (FILES / "seasons.epub").read_bytes()
    document = parse(book, "seasons.epub")
    wanted = [("Spring", 1), ("Willow", 2), ("Summer", 1)]
    assert [(entry.title, entry.level) for entry in document.outline] == wanted
    assert [figure.alt for figure in document.figures] == ["a comb"]


def test_an_older_book_s_table_of_contents_is_its_outline_too() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(FILES / "seasons.epub") as book, zipfile.ZipFile(buffer, "w") as older:
        for name in book.namelist():
            older.writestr(name, book.read(name).replace(b' properties="nav"', b""))
    outline = parse(buffer.getvalue(), "a.epub").outline
    wanted = [("A year with bees", 1), ("Spring", 1), ("Willow", 2), ("Summer", 1)]
    assert [(entry.title, entry.level) for entry in outline] == wanted


def workbook(sheet: str, hidden: str = "") -> bytes:
    """Return a workbook with one sheet of these rows, and a hidden one."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as book:
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="r" Type="{relations}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="Open" sheetId="1" r:id="a"/>'
            '<sheet name="Notes" sheetId="2" state="hidden" r:id="b"/></sheets></workbook>',
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}">'
            + "".join(
                f'<Relationship Id="{i}" Type="{relations}/worksheet" Target="worksheets/{i}.xml"/>'
                for i in "ab"
            )
            + "</Relationships>",
        )
        for name, rows in (("a", sheet), ("b", hidden)):
            book.writestr(
                f"xl/worksheets/{name}.xml",
                f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
            )
    return buffer.getvalue()


def test_a_far_away_cell_costs_nothing() -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    assert parse(workbook(rows), "a.xlsx").text == "Open\n\n1\n\n2"


def test_formulas_give_their_stored_values_and_hidden_sheets_are_told() -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Sum</t></is></c><c r="B1" t="b"><v>1</v></c></row>'
        '<row r="2"><c r="A2"><f>1+2</f><v>3</v></c><c r="B2" t="str"><f>"a"</f><v>a</v></c></row>'
    )
    secret = '<row r="1"><c r="A1" t="inlineStr"><is><t>hidden words</t></is></c></row>'
    document = parse(workbook(rows, secret), "a.xlsx")
    assert document.text == (
        "Open\n\n| Sum | TRUE |\n| --- | --- |\n| 3 | a |\n\nNotes (hidden sheet)\n\nhidden words"
    )


def test_comments_on_cells_are_read_on_demand() -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    buffer = BytesIO(workbook('<row r="1"><c r="A1"><v>1</v></c></row>'))
    with zipfile.ZipFile(buffer, "a") as book:
        book.writestr(
            "xl/worksheets/_rels/a.xml.rels",
            f'<Relationships xmlns="{package}"><Relationship Id="c" Type="{relations}/comments" '
            'Target="../comments1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/comments1.xml",
            f'<comments xmlns="{main}"><authors><author>Bo</author></authors><commentList><comment ref="A1" '
            'authorId="0"><text><r><t>Is it </t></r><r><t>so?</t></r></text></comment></commentList></comments>',
        )
    assert parse(buffer.getvalue(), "a.xlsx").text == "Open\n\n1"
    asked = parse(buffer.getvalue(), "a.xlsx", ParseOptions(comments=True))
    assert asked.text == "Open\n\n1\n\nComment by Bo on A1: Is it so?"


def test_an_archive_named_as_a_document_is_told_for_what_it_is() -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "text")
    with pytest.raises(UnreadableDocument, match="a ZIP archive"):
        parse(buffer.getvalue(), "a.docx")


def pages(document: Document) -> set[int | None]:
    return {block.page for block in document.blocks}


def test_slides_are_pages() -> None:
    document = parse((FILES / "slides.pptx").read_bytes(), "slides.pptx")
    assert pages(document) == {1, 2}
    assert document.page_count == 2


def test_a_word_file_of_which_only_the_start_is_left_is_told_as_damaged() -> None:
    with pytest.raises(UnreadableDocument) as caught:
        parse(b"PK\x03\x04 and then nothing", "minutes.docx")
    assert caught.value.reason == "damaged"


def test_a_record_s_field_may_be_a_list_and_a_path_may_lead_through_one() -> None:
    record = {
        "text": ["One.", "Two."],
        "parts": [{"body": "First."}, {"body": "Second."}, 3],
        "n": float("nan"),
    }
    for path, text in (
        ("text", "One.\n\nTwo."),
        ("parts.body", "First.\n\nSecond."),
        ("parts.1.body", "Second."),
        ("text.0", "One."),
    ):
        assert parse(json.dumps(record).encode(), "a.json", ParseOptions(text_field=path)).text == text
    for path in ("n", "parts", "parts.9.body", "text.x", "missing.field"):
        with pytest.raises(UnreadableDocument, match="no text in field"):
            parse(json.dumps(record).encode(), "a.json", ParseOptions(text_field=path))


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"\\documentclass{article}", "a.tex", "pandoc"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(40), "a.7z", "unpack it"),
        (b"Rar!\x1a\x07\x00" + bytes(40), "a.rar", "unpack it"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"), "a.doc", "soffice"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "without one",
        ),
        (b"\0\0\0\x18ftypheic" + bytes(40), "a.heic", ".png or .jpg"),
        (b"\0\0\0\x18ftypmp42" + bytes(40), "a.mp4", "transcript"),
        (b"{\\rtf1 words}", "a.rtf", "soffice"),
    ],
)
def test_what_is_not_read_is_told_with_what_to_do(content: bytes, name: str, words: str) -> None:
    with pytest.raises(UnreadableDocument) as error:
        parse(content, name)
    assert error.value.reason == "unknown_format"
    assert words in error.value.detail


def book(page: str, spine: str = '<itemref idref="a"/>', locked: str = "") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="O/c.opf"/></container>')
        if locked:
            archive.writestr(
                "META-INF/encryption.xml", f'<e xmlns:x="y"><x:CipherReference URI="{locked}"/></e>'
            )
        archive.writestr(
            "O/c.opf",
            '<package xmlns="http://www.idpf.org/2007/opf"><manifest><item id="a" href="a.xhtml" '
            f'media-type="application/xhtml+xml"/></manifest><spine>{spine}</spine></package>',
        )
        archive.writestr("O/a.xhtml", f"<html><body>{page}</body></html>")
    return buffer.getvalue()


def test_books_are_read_without_page_numbers_and_by_their_manifest_if_their_spine_is_broken() -> None:
    page = '<p>One.</p><span epub:type="pagebreak">12</span><p>Two<i role="doc-pagebreak">13</i> three.</p>'
    for spine in ('<itemref idref="a"/>', '<itemref idref="gone"/>', ""):
        assert parse(book(page, spine), "a.epub").text == "One.\n\nTwo three."


def test_a_book_whose_pages_are_locked_says_so_and_locked_fonts_do_not_matter() -> None:
    assert parse(book("<p>One.</p>", locked="O/font.otf"), "a.epub").text == "One."
    with pytest.raises(UnreadableDocument, match="DRM"):
        parse(book("<p>One.</p>", locked="O/a.xhtml"), "a.epub")
