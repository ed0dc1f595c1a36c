"""What was misread on printed pages of others, drawn again: contents, bold lines that go on, framed notes."""

from schemas.documents import BlockKind
from tests.parsers.pdf.objects import one_page
from tests.parsers.pdf.printed import FONTS, PROSE, line, pages, rows
from tests.parsers.single import parse, texts


def _page(*lines: tuple[bytes, int, bytes], drawn: bytes = b"") -> bytes:
    """Return a page with lines of text, each in a font and at a height."""
    text = b" ".join(b"BT /%s 10 Tf 72 %d Td (%s) Tj ET" % one for one in lines)
    return one_page(b"%s %s" % (text, drawn), FONTS)


def test_each_line_of_a_table_of_contents_is_one_paragraph_without_its_dots() -> None:
    document = parse(
        _page(
            (b"F", 700, b"1 Tides . . . . . . . . . . . . . . . . . . . . . . . . 2"),
            (b"F", 688, b"1.1 Spring tides ..................................... 3"),
            (b"F", 676, b"1.2 Neap tides . . . . . . . . . . . . . . . . . . . . iv"),
        ),
        "contents.pdf",
    )
    assert texts(document, BlockKind.PARAGRAPH) == [
        "1 Tides … 2",
        "1.1 Spring tides … 3",
        "1.2 Neap tides … iv",
    ]


def test_bold_text_that_goes_on_with_a_small_letter_is_no_heading() -> None:
    document = parse(
        _page(
            (b"B", 700, b"Before you leave"),
            (b"F", 670, PROSE),
            (b"F", 658, PROSE),
            (b"B", 630, b"or call the office"),
        ),
        "bold.pdf",
    )
    assert texts(document, BlockKind.HEADING) == ["Before you leave"]
    assert "or call the office" in texts(document, BlockKind.PARAGRAPH)


def test_a_frame_around_lines_of_text_is_no_table() -> None:
    frame = b"60 640 480 80 re S 60 680 m 540 680 l S"
    document = parse(_page((b"F", 700, PROSE), (b"F", 660, PROSE), drawn=frame), "framed.pdf")
    assert not texts(document, BlockKind.TABLE)
    assert document.text.count("harbour office") == 2


def test_a_grave_accent_joins_its_letter_and_a_quote_of_code_does_not() -> None:
    wording = b"Voil`a! The caf\\351 at the quay `a la mode; then type `apt-get to go on."
    font = b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica"
    latin = font + b" /Encoding /WinAnsiEncoding >> >> >>"
    document = parse(one_page(b"BT /F 10 Tf 72 700 Td (%s) Tj ET" % wording, latin), "accents.pdf")
    assert document.text == "Voilà! The café at the quay à la mode; then type `apt-get to go on."


def test_notes_that_are_numbered_in_step_with_the_pages_are_no_running_footers() -> None:
    notes = (b"Read the tables.", b"Ask the pilot.", b"Wait for the tide.", b"Mind the bar.")
    contents = [
        b"".join(line(72, 700 - 12 * row, b"%s (%d, %d)" % (PROSE, page, row)) for row in range(3))
        + line(72, 64, b"%d" % page, 5)
        + line(76, 60, note, 8)
        for page, note in enumerate(notes, start=1)
    ]
    document = parse(pages(*contents), "notes.pdf")
    found = texts(document, BlockKind.FOOTNOTE)
    assert [note.split(" ", 1)[1].encode() for note in found] == list(notes)


def test_titles_that_lead_to_pages_without_dots_are_contents_and_no_table_or_headings() -> None:
    entries = ((b"B", b"1 Tides", b"3"), (b"F", b"1.1 Spring tides", b"3"), (b"F", b"1.2 Neap tides", b"12"))
    content = line(72, 740, b"Contents", 16, b"B") + b"".join(
        line(72, 700 - 14 * row, title, 10, font) + line(500 - 5 * len(page), 700 - 14 * row, page, 10, font)
        for row, (font, title, page) in enumerate(entries)
    )
    document = parse(pages(content), "contents.pdf")
    assert texts(document, BlockKind.HEADING) == ["Contents"]
    assert texts(document, BlockKind.PARAGRAPH) == [
        "1 Tides … 3",
        "1.1 Spring tides … 3",
        "1.2 Neap tides … 12",
    ]


def test_a_table_of_counts_below_a_header_stays_a_table() -> None:
    counts = ((b"Part", b"Count"), (b"Bolt", b"48"), (b"Trenail", b"112"), (b"Rivet", b"240"))
    content = b"".join(
        line(72, 700 - 14 * row, part) + line(300, 700 - 14 * row, count)
        for row, (part, count) in enumerate(counts)
    )
    (table,) = texts(parse(pages(content), "counts.pdf"), BlockKind.TABLE)
    assert table.splitlines()[-1] == "| Rivet | 240 |"


def test_what_is_printed_outside_of_the_page_is_not_read() -> None:
    document = parse(pages(line(72, 700, PROSE) + line(72, 840, b"Sheet 3 black")), "marks.pdf")
    assert document.text == PROSE.decode()


def test_pages_of_one_line_that_only_count_keep_it() -> None:
    stations = [line(72, 760, b"Station %d" % number) for number in range(4, 8)]
    assert parse(pages(*stations), "stations.pdf").text.count("Station") == 4


def test_a_cell_that_goes_on_in_a_second_line_is_whole() -> None:
    content = rows(
        (b"Light", b"Seen for"), (b"Old Quay", b"four miles"), (b"Bar", b"nine miles in"), (b"", b"clear air")
    )
    (table,) = texts(parse(pages(content), "lights.pdf"), BlockKind.TABLE)
    assert table.splitlines()[-1] == "| Bar | nine miles in clear air |"


def test_what_a_program_printed_is_code_that_keeps_its_columns() -> None:
    content = rows(
        (b"-rw-r--r-- 1 root", b"tides.csv"), (b"drwx 2", b"logs"), (b"-rw 1", b"a.txt"), font=b"M"
    )
    document = parse(pages(content), "listing.pdf")
    assert texts(document, BlockKind.CODE) == [
        "-rw-r--r-- 1 root        tides.csv\ndrwx 2                   logs\n-rw 1                    a.txt"
    ]


def test_words_of_code_with_their_meanings_behind_them_are_a_list() -> None:
    lines = (
        (700, b"--day", b"the day to print"),
        (686, b"--height", b"a height in metres above the least"),
        (674, b"", b"depth on the chart"),
        (660, b"--zone", b"hours from noon"),
    )
    content = b"".join(line(72, y, option, 10, b"M") + line(172, y, text) for y, option, text in lines)
    document = parse(pages(content), "options.pdf")
    assert texts(document, BlockKind.LIST_ITEM) == [
        "- --day: the day to print",
        "- --height: a height in metres above the least depth on the chart",
        "- --zone: hours from noon",
    ]


def test_a_rule_beyond_the_edge_of_a_grid_does_not_make_one_cell_of_a_column() -> None:
    cells = ((b"Hull", b"Length"), (b"Wren", b"17.8"), (b"Petrel", b"52.5"))
    rules = b"".join(
        b"%d %d m %d %d l S\n" % (x, 700 - 20 * row, x + 150, 700 - 20 * row)
        for row in range(4)
        for x in (72, 222)
    )
    edges = b"66 700 m 378 700 l S 222 640 m 222 700 l S 372 640 m 372 700 l S\n"
    content = (
        rules
        + edges
        + b"".join(
            line(80 + 150 * column, 686 - 20 * row, cell)
            for row, pair in enumerate(cells)
            for column, cell in enumerate(pair)
        )
    )
    (table,) = texts(parse(pages(content), "grid.pdf"), BlockKind.TABLE)
    assert table.splitlines()[2:] == ["| Wren | 17.8 |", "| Petrel | 52.5 |"]


def test_a_paragraph_that_begins_further_out_does_not_go_on_with_a_list_item() -> None:
    content = line(96, 700, b"1. Read the tables of the day before you leave the") + line(72, 688, PROSE)
    document = parse(pages(content), "list.pdf")
    assert texts(document, BlockKind.PARAGRAPH) == [PROSE.decode()]
