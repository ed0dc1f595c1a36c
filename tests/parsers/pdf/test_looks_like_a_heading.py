"""What looks like a heading, a table or text on manuals of others and is none, drawn again."""

from schemas.documents import BlockKind, Document
from tests.parsers.pdf.objects import one_page
from tests.parsers.pdf.printed import FONTS, PROSE, line, pages, rows
from tests.parsers.single import parse, texts


def _document(*contents: bytes) -> Document:
    return parse(pages(*contents), "manual.pdf")


def test_bold_terms_close_above_their_meanings_are_no_headings() -> None:
    terms = b"".join(
        line(72, 600 - 40 * row, name, 10, b"B") + line(96, 588 - 40 * row, PROSE)
        for row, name in enumerate((b"Ebb", b"Flood", b"Slack water"))
    )
    hanging = line(72, 440, b"Synopsis", 10, b"B") + line(96, 412, PROSE)
    document = _document(line(72, 700, b"Tides", 16, b"B") + line(72, 670, PROSE) + terms + hanging)
    assert texts(document, BlockKind.HEADING) == ["Tides", "Synopsis"]
    assert "Slack water" in texts(document, BlockKind.PARAGRAPH)


def test_labels_of_notes_dates_and_versions_are_no_headings() -> None:
    title = (
        line(72, 700, b"Harbour Manual", 20, b"B")
        + line(72, 660, b"Version 2.4, 9 May 2022", 14)
        + line(72, 630, b"July 9, 2023", 14, b"B")
        + line(72, 600, b"Copyright 2020-2023 The Harbour", 14, b"B")
    )
    text = line(72, 700, b"Moorings", 16, b"B") + line(72, 670, PROSE)
    note = line(72, 640, b"Warning", 12, b"B") + line(72, 610, PROSE)
    document = _document(title, text + note)
    assert texts(document, BlockKind.HEADING) == ["Harbour Manual", "Moorings"]


def test_the_number_of_a_chapter_and_its_title_are_one_heading() -> None:
    chapters = [
        line(72, 700, number, 14, b"B") + line(72, 660, name, 20, b"B") + line(72, 600, PROSE)
        for number, name in ((b"Chapter 1", b"Tides"), (b"CHAPTER TWO", b"Moorings"))
    ]
    assert texts(_document(*chapters), BlockKind.HEADING) == ["Chapter 1 Tides", "CHAPTER TWO Moorings"]


def test_running_heads_of_chapter_and_section_go_where_either_returns() -> None:
    sections = (b"Ebb", b"Flood", b"Slack water", b"Springs", b"Neaps", b"Surges", b"Bores")
    contents = [
        line(72, 770, b"THE TIDES OF THE BAY") + line(400, 770, section) + line(72, 660, PROSE)
        for section in sections
    ]
    document = _document(*contents)
    assert "THE TIDES" not in document.text
    assert "Slack water" not in document.text
    assert document.text.count("tide tables") == len(sections)


def test_a_page_that_was_left_blank_says_nothing() -> None:
    document = _document(line(72, 700, PROSE), line(200, 400, b"This page is intentionally left blank."))
    assert document.text == PROSE.decode()


def test_code_between_two_rules_is_code_and_no_table() -> None:
    code = rows((b"shift(3);", b"// moves the buoy"), (b"shift(3, 4);", b"// and the light"), font=b"M")
    rules = b"72 712 m 500 712 l S 72 680 m 500 680 l S"
    document = parse(one_page(code + rules, FONTS), "code.pdf")
    assert not texts(document, BlockKind.TABLE)
    assert "// and the light" in texts(document, BlockKind.CODE)[0]


def test_lines_of_code_behind_their_numbers_are_code() -> None:
    listing = b"".join(
        line(72, 700 - 12 * row, b"%d" % row, 7) + line(90, 700 - 12 * row, code, 10, b"M")
        for row, code in enumerate((b"tide = read()", b"if tide > 4:", b"    close_gate()", b"report(tide)"))
    )
    (code,) = texts(_document(listing), BlockKind.CODE)
    assert [text.split(maxsplit=1)[0] for text in code.splitlines()] == ["0", "1", "2", "3"]


def test_a_rule_far_beyond_the_page_makes_no_grid_of_it() -> None:
    boxes = b"".join(b"90 %d 400 40 re S " % bottom for bottom in (600, 500))
    stripe = b"60 -90000 m 60 90000 l S 72 90000 m 72 -90000 l S 40 620 m 90 620 l S "
    text = b"".join(line(100, y, PROSE) for y in (620, 560, 520))
    document = parse(one_page(text + boxes + stripe, FONTS), "stripes.pdf")
    assert not texts(document, BlockKind.TABLE)


def test_what_stands_between_the_rules_of_head_and_foot_is_no_table() -> None:
    entries = rows((b"anchor, 9", b"mooring, 40"), (b"buoy, 12", b"pilot, 41"), step=250)
    far, near = (b"60 %d m 540 %d l S 60 %d m 540 %d l S" % (y, y, z, z) for y, z in ((760, 60), (720, 670)))
    assert not texts(parse(one_page(entries + far, FONTS), "index.pdf"), BlockKind.TABLE)
    assert len(texts(parse(one_page(entries + near, FONTS), "table.pdf"), BlockKind.TABLE)) == 1
