# ruff: noqa: E501  # XML is easier to read with its long lines whole
"""The kinds of structure that a Word file can hold, each in a file with just that."""

import zipfile
from io import BytesIO

import pytest
from docx.package import Package as OpcPackage

from schemas.contracts import ParseOptions
from schemas.documents import BlockKind, Document
from tests.parsers.single import parse, shapes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
STYLES = (
    f'<w:styles {NAMES}><w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="de-DE"/></w:rPr></w:rPrDefault>'
    '</w:docDefaults><w:style w:type="paragraph" w:styleId="H2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="table" w:styleId="Grid"><w:name w:val="Grid"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:name w:val="House style"/><w:basedOn w:val="H2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Toc"><w:name w:val="toc 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Cap"><w:name w:val="caption"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Code"><w:name w:val="Source Code"/></w:style></w:styles>'
)
LEVELS = "".join(
    f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
    for i, (form, text) in enumerate([("decimal", "%1."), ("lowerLetter", "%2)"), ("decimal", "%1.%2.%3")])
)
NUMBERING = (
    f'<w:numbering {NAMES}><w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="·"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    "</w:numbering>"
)
NOTES = f'<w:footnotes {NAMES}><w:footnote w:id="0" w:type="separator"/>{{}}</w:footnotes>'
H, P, ITEM, TABLE = BlockKind.HEADING, BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.TABLE


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def p(inner: str, style: str = "", num: tuple[int, int] | None = None) -> str:
    inner = inner if inner.startswith("<") else run(inner)
    stated = f'<w:pStyle w:val="{style}"/>' if style else ""
    if num:
        stated += f'<w:numPr><w:ilvl w:val="{num[1]}"/><w:numId w:val="{num[0]}"/></w:numPr>'
    return f"<w:p><w:pPr>{stated}</w:pPr>{inner}</w:p>"


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner if inner.startswith('<') else p(inner)}</w:tc>"


def table(*rows: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
MAIN_TYPE = f"{TYPE}.document.main+xml"


def types(*kinds: str) -> str:
    """Return the list of parts' types, without which python-docx opens nothing."""
    stated = "".join(
        f'<Override PartName="/word/{kind}.xml" ContentType="{TYPE}.{kind}+xml"/>' for kind in kinds
    )
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN_TYPE}"/>{stated}</Types>'
    )


def docx(body: str, *, strict: bool = False, typed: bool = True) -> bytes:
    kinds = ("styles", "numbering", "footnotes", "comments", "header")
    note = f'<w:footnote w:id="1">{p("The note.")}</w:footnote>'
    remark = f'<w:comment w:id="7" w:author="Bo">{p("Is it so?")}</w:comment>'
    parts = {
        "word/document.xml": f"<w:document {NAMES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING,
        "word/footnotes.xml": NOTES.format(note),
        "word/comments.xml": f"<w:comments {NAMES}>{remark}</w:comments>",
        "word/header.xml": f"<w:hdr {NAMES}>{p('Repeated page header')}</w:hdr>",
    }
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    links = "".join(
        f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in kinds
    )
    parts["word/_rels/document.xml.rels"] = f'<Relationships xmlns="{package}">{links}</Relationships>'
    start = f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
    parts["_rels/.rels"] = f'<Relationships xmlns="{package}">{start}</Relationships>'
    if typed:
        parts["[Content_Types].xml"] = types(*kinds)
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            text = part.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main") if strict else part
            text = (
                text.replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships")
                if strict
                else text
            )
            archive.writestr(name, text)
    return buffer.getvalue()


def read(body: str, options: ParseOptions = ParseOptions()) -> Document:  # noqa: B008  # frozen
    return parse(docx(body), "a.docx", options)


BOX = f"<w:txbxContent>{p('In a box.')}</w:txbxContent>"
MADE = f'<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr><w:sdtContent>{p("Contents")}</w:sdtContent></w:sdt>'
CASES = {
    "no tables of contents": (MADE + p("Care 3", "Toc") + p("Care", "H2"), [(H, 2, "Care")]),
    "heading": (p("Care", "H2"), [(H, 2, "Care")]),
    "heading by a derived style": (p("Care", "Own"), [(H, 2, "Care")]),
    "heading with a number": (p("Care", "H2", (1, 0)), [(H, 2, "1. Care")]),
    "order of paragraphs and tables": (
        p("a") + table(cell("b") + cell("c"), cell("d") + cell("e")) + p("f"),
        [(P, 0, "a"), (TABLE, 0, "| b | c |\n| --- | --- |\n| d | e |"), (P, 0, "f")],
    ),
    "merged cells once": (
        table(
            cell("a", '<w:gridSpan w:val="2"/>'), cell("b", "<w:vMerge w:val='restart'/>") + cell("c")
        ).replace("</w:tbl>", f"<w:tr>{cell('', '<w:vMerge/>')}{cell('d')}</w:tr></w:tbl>"),
        [(TABLE, 0, "| a |  |\n| --- | --- |\n| b | c |\n|  | d |")],
    ),
    "nested table": (
        table(cell("a") + cell(p("b") + table(cell("x") + cell("y")))),
        [(TABLE, 0, "| a | b |\n| --- | --- |"), (TABLE, 0, "| x | y |\n| --- | --- |")],
    ),
    "bullets and nesting": (p("a", num=(2, 0)) + p("b", num=(2, 1)), [(ITEM, 0, "- a"), (ITEM, 1, "- b")]),
    "numbering": (
        p("a", num=(1, 0))
        + p("b", num=(1, 1))
        + p("c", num=(1, 1))
        + p("d", num=(1, 2))
        + p("e", num=(1, 0)),
        [(ITEM, 0, "1. a"), (ITEM, 1, "a) b"), (ITEM, 1, "b) c"), (ITEM, 2, "1.b.1 d"), (ITEM, 0, "2. e")],
    ),
    "footnote": (
        p(run("Said") + '<w:r><w:footnoteReference w:id="1"/></w:r>' + run(".")),
        [(P, 0, "Said[1]."), (BlockKind.FOOTNOTE, 0, "[1] The note.")],
    ),
    "link": (p(run("see ") + f'<w:hyperlink r:id="x">{run("there")}</w:hyperlink>'), [(P, 0, "see there")]),
    "tracked changes as accepted": (
        p(run("a ") + f"<w:ins>{run('new')}</w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"),
        [(P, 0, "a new")],
    ),
    "content control": (f"<w:sdt><w:sdtContent>{p('inside')}</w:sdtContent></w:sdt>", [(P, 0, "inside")]),
    "text box once": (
        p(
            run("before")
            + f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{BOX}</wps:txbx></w:drawing></mc:Choice>"
            + f"<mc:Fallback><w:pict><v:textbox>{BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
        ),
        [(P, 0, "before"), (P, 0, "In a box.")],
    ),
    "mathematics": (
        p(
            "<m:oMath><m:f><m:num><m:r><m:t>a+1</m:t></m:r></m:num><m:den><m:r><m:t>b</m:t></m:r></m:den></m:f>"
            "<m:sSup><m:e><m:r><m:t>x</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup></m:oMath>"
        ),
        [(P, 0, "(a+1)/bx^2")],
    ),
    "code lines together": (
        p("if x:", "Code") + p("    y()", "Code"),
        [(BlockKind.CODE, 0, "if x:\n    y()")],
    ),
    "caption": (p("Figure 1", "Cap"), [(BlockKind.CAPTION, 0, "Figure 1")]),
    "hidden text": (
        p(run("seen") + "<w:r><w:rPr><w:vanish/></w:rPr><w:t>unseen</w:t></w:r>"),
        [(P, 0, "seen")],
    ),
    "line break and tab": (
        p("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r>"),
        [(P, 0, "a\nb c")],
    ),
    "page headers are left out": (p("body") + "<w:sectPr/>", [(P, 0, "body")]),
}


@pytest.mark.parametrize("name", CASES)
def test_structure_is_kept(name: str) -> None:
    body, wanted = CASES[name]
    assert shapes(read(body)) == wanted


@pytest.mark.parametrize("name", CASES)
def test_structure_is_kept_where_python_docx_cannot_open_the_file(name: str) -> None:
    body, wanted = CASES[name]
    untyped = docx(body, typed=False)
    with pytest.raises(KeyError):
        OpcPackage.open(BytesIO(untyped))
    assert shapes(parse(untyped, "a.docx")) == wanted


def test_strict_files_are_read_alike() -> None:
    body = p("Care", "H2") + p("a", num=(1, 0)) + table(cell("b") + cell("c"))
    assert parse(docx(body, strict=True), "a.docx").text == read(body).text


def test_comments_are_read_on_demand() -> None:
    body = p(run("Said.") + '<w:r><w:commentReference w:id="7"/></w:r>')
    assert read(body).text == "Said."
    assert read(body, ParseOptions(comments=True)).text == "Said.\n\nComment by Bo: Is it so?"


def test_the_language_is_the_stated_one() -> None:
    assert read(p("Text.")).language == "de"


def with_chunk(name: str, chunk: bytes) -> bytes:
    """Return a Word file with a chunk of another format between two paragraphs."""
    relation = "http://schemas.openxmlformats.org/package/2006/relationships"
    buffer = BytesIO()
    body = f'{p("Before.")}<w:altChunk r:id="r1"/>{p("After.")}'
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{relation}"><Relationship Id="m" Type="{OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{relation}"><Relationship Id="r1" Type="{OFFICE}/aFChunk" Target="{name}"/></Relationships>',
        )
        archive.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        archive.writestr(f"word/{name}", chunk)
    return buffer.getvalue()


PAGE = b"<html><body><h2>Chunk</h2><p>It stands inside.</p></body></html>"
ARCHIVE = b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n%s\r\n--x--\r\n"


@pytest.mark.parametrize(
    ("name", "chunk", "text"),
    [
        ("a.html", PAGE, "Before.\n\nChunk\n\nIt stands inside.\n\nAfter."),
        ("a.mht", ARCHIVE % PAGE, "Before.\n\nChunk\n\nIt stands inside.\n\nAfter."),
        ("a.txt", b"Plain words.", "Before.\n\nPlain words.\n\nAfter."),
        ("a.bin", b"?", "Before.\n\nAfter."),
    ],
)
def test_chunks_of_pages_and_text_are_read_in_their_place(name: str, chunk: bytes, text: str) -> None:
    assert parse(with_chunk(name, chunk), "a.docx").text == text
