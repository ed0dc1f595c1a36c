# ruff: noqa: E501  # XML stands here in long lines
"""OpenDocument files: what stands in them beside plain paragraphs, written as flat XML."""

import zipfile
from io import BytesIO

import pytest

from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Document
from schemas.errors import UnreadableDocument
from tests.parsers.single import parse, shapes, texts

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "presentation": "presentation",
        "svg": "svg-compatible",
    }.items()
)
SPACES += ' xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:dc="http://purl.org/dc/elements/1.1/"'
STYLES = """<style:style style:name="Quoted" style:family="paragraph" style:parent-style-name="Preformatted_20_Text"/>
<style:style style:name="Gone" style:family="text"><style:text-properties text:display="none"/></style:style>
<style:style style:name="Away" style:family="table"><style:table-properties table:display="false"/></style:style>
<text:list-style style:name="Steps"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix=")"/>
<text:list-level-style-number text:level="2" style:num-format="a" text:display-levels="2"/></text:list-style>
<text:outline-style><text:outline-level-style text:level="1" style:num-format="I" style:num-suffix="."/></text:outline-style>"""


def flat(body: str, kind: str = "text") -> bytes:
    return (
        f"<?xml version='1.0'?><office:document {SPACES}><office:automatic-styles>{STYLES}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document>"
    ).encode()


def read(body: str, kind: str = "text", *, comments: bool = False) -> Document:
    suffix = {"text": "fodt", "spreadsheet": "fods", "presentation": "fodp"}[kind]
    return parse(flat(body, kind), f"a.{suffix}", ParseOptions(comments=comments))


def test_lists_and_headings_have_the_numbers_that_a_reader_sees() -> None:
    found = read(
        """<text:h text:outline-level="1">Hives</text:h><text:list text:style-name="Steps" xml:id="l1">
        <text:list-item><text:p>Open</text:p><text:p>slowly</text:p><text:list><text:list-item><text:p>Look</text:p>
        </text:list-item></text:list></text:list-item></text:list><text:p>A pause.</text:p>
        <text:list text:style-name="Steps" text:continue-list="l1"><text:list-item><text:p>Close</text:p></text:list-item>
        </text:list><text:list text:style-name="Steps"><text:list-item><text:p>Anew</text:p></text:list-item></text:list>"""
    )
    assert texts(found, BlockKind.HEADING) == ["I. Hives"]
    assert texts(found, BlockKind.LIST_ITEM) == ["1) Open", "slowly", "1.a Look", "2) Close", "1) Anew"]


def test_changes_are_accepted_and_what_no_reader_sees_is_left_out() -> None:
    found = read(
        """<text:tracked-changes><text:changed-region><text:deletion><text:p>old words</text:p></text:deletion>
        </text:changed-region></text:tracked-changes><text:table-of-content><text:p>Hives 1</text:p></text:table-of-content>
        <text:p>One<text:s text:c="2"/><text:span text:style-name="Gone">hidden</text:span>two<text:line-break/>three<text:tab/>
        four<office:annotation><dc:creator>Ann</dc:creator><text:p>why?</text:p></office:annotation>.</text:p>
        <text:p text:style-name="Quoted">x = 1</text:p><text:p text:style-name="Quoted">y = 2</text:p>""",
        comments=True,
    )
    assert shapes(found) == [
        (BlockKind.PARAGRAPH, 0, "One two\nthree four."),
        (BlockKind.FOOTNOTE, 0, "Comment by Ann: why?"),
        (BlockKind.CODE, 0, "x = 1\ny = 2"),
    ]


def test_tables_keep_their_grid_and_what_stands_in_their_cells() -> None:
    found = read(
        """<table:table><table:table-header-rows><table:table-row><table:table-cell table:number-columns-spanned="2">
        <text:p>Hive</text:p></table:table-cell><table:covered-table-cell/></table:table-row></table:table-header-rows>
        <table:table-row><table:table-cell><text:list><text:list-item><text:p>A</text:p></text:list-item></text:list>
        </table:table-cell><table:table-cell><text:p>7<text:note text:note-class="footnote"><text:note-body>
        <text:p>Weighed.</text:p></text:note-body></text:note></text:p><table:table><table:table-row><table:table-cell>
        <text:p>in</text:p></table:table-cell><table:table-cell><text:p>side</text:p></table:table-cell></table:table-row>
        </table:table></table:table-cell></table:table-row></table:table>"""
    )
    assert texts(found, BlockKind.TABLE) == [
        "| Hive |  |\n| --- | --- |\n| A | 7[1] |",
        "| in | side |\n| --- | --- |",
    ]
    assert texts(found, BlockKind.FOOTNOTE) == ["[1] Weighed."]


def test_sheets_are_read_as_shown_and_their_endless_empty_rows_cost_nothing() -> None:
    found = read(
        """<table:table table:name="Yields"><table:table-row><table:table-cell><text:p>Year</text:p></table:table-cell>
        <table:table-cell><text:p>Share</text:p></table:table-cell></table:table-row><table:table-row>
        <table:table-cell office:value="2024"><text:p>2024</text:p></table:table-cell><table:table-cell office:value="0.5">
        <text:p>50 %</text:p></table:table-cell></table:table-row><table:table-row table:number-rows-repeated="1048574">
        <table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>
        <table:table table:name="Notes" table:style-name="Away"><table:table-row><table:table-cell><text:p>kept</text:p>
        </table:table-cell></table:table-row></table:table>""",
        "spreadsheet",
    )
    assert texts(found, BlockKind.HEADING) == ["Yields", "Notes (hidden sheet)"]
    assert texts(found, BlockKind.TABLE) == ["| Year | Share |\n| --- | --- |\n| 2024 | 50 % |"]


def test_slides_are_pages_whose_title_comes_first() -> None:
    found = read(
        """<draw:page><draw:g><draw:custom-shape><text:p>In a group</text:p></draw:custom-shape></draw:g>
        <draw:frame presentation:class="title"><draw:text-box><text:p>Swarms</text:p></draw:text-box></draw:frame>
        <presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Slowly.</text:p></draw:text-box>
        </draw:frame></presentation:notes></draw:page><draw:page/>""",
        "presentation",
    )
    assert shapes(found) == [
        (BlockKind.HEADING, 1, "Swarms"),
        (BlockKind.PARAGRAPH, 0, "In a group"),
        (BlockKind.FOOTNOTE, 0, "Speaker notes: Slowly."),
    ]
    assert found.page_count == 2


def test_pictures_have_their_words_and_captions_and_charts_their_figures() -> None:
    stream = BytesIO()
    frame = """<text:p><draw:frame><svg:title>A hive</svg:title><draw:image xlink:href="Pictures/a.png"/></draw:frame></text:p>
    <text:p text:style-name="Illustration">Figure 1: A hive.</text:p>
    <text:p><draw:frame><draw:object xlink:href="./Object 1"/><draw:image xlink:href="Pictures/a.png"/></draw:frame></text:p>"""
    chart = f"""<office:document-content {SPACES}><office:body><office:chart><table:table><table:table-row><table:table-cell>
    <text:p>May</text:p></table:table-cell><table:table-cell><text:p>7</text:p></table:table-cell></table:table-row>
    </table:table></office:chart></office:body></office:document-content>"""
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr(
            "content.xml",
            flat(frame)
            .replace(b"office:document ", b"office:document-content ")
            .replace(b"office:document>", b"office:document-content>"),
        )
        archive.writestr("Object 1/content.xml", chart)
        archive.writestr("Pictures/a.png", b"\x89PNG...")
    found = parse(stream.getvalue(), "a.odt")
    assert [(figure.alt, figure.caption) for figure in found.figures] == [("A hive", "Figure 1: A hive.")]
    assert texts(found, BlockKind.TABLE) == ["| May | 7 |\n| --- | --- |"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (flat("<text:p>cut")[:-60], "damaged"),
        (b"<office:document xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0'/>", "damaged"),
    ],
)
def test_damaged_files_end_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadableDocument) as error:
        parse(content, "a.fodt")
    assert error.value.reason == reason


def test_a_password_is_told() -> None:
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
        archive.writestr("content.xml", "?")
    with pytest.raises(UnreadableDocument, match="password"):
        parse(stream.getvalue(), "a.odt")


def test_hostile_files_are_read_in_bounds() -> None:
    entities = '<!DOCTYPE d [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;">]>'
    content = flat("<text:p>&b;fine</text:p>").replace(
        b"<office:document ", f"{entities}<office:document ".encode(), 1
    )
    assert parse(content, "a.fodt").text == "fine"
    wide = '<table:table><table:table-row table:number-rows-repeated="99999999"><table:table-cell '
    wide += 'table:number-columns-repeated="99999999"><text:p>x</text:p></table:table-cell></table:table-row></table:table>'
    assert len(read(wide, "spreadsheet").text) < 10_000_000
    nested = "<text:section>" * 5_000 + "<text:p>deep</text:p>" + "</text:section>" * 5_000
    with pytest.raises((RecursionError, UnreadableDocument)):
        read(nested)
    lists = (
        "<text:list><text:list-item>" * 200 + "<text:p>deep</text:p>" + "</text:list-item></text:list>" * 200
    )
    assert read(lists).text == "deep"
