from collections.abc import Callable
from pathlib import Path

import pytest

from parsers.reading import find, read
from schemas.documents import BlockKind, Document
from schemas.settings import ParseSettings
from tests.parsers.single import parse, texts

LARGE_BYTES = 18_000_000


def repeated(line: Callable[[int], str]) -> str:
    return "".join(map(line, range(LARGE_BYTES // len(line(100_000).encode()))))


def parts_of(path: Path) -> list[bytes]:
    return [found.load(1 << 30).content for found in find([str(path)])]


@pytest.mark.parametrize(
    ("name", "line", "ends"),
    [
        ("a.txt", lambda number: f"Paragraph {number}\nof the text.\n\n", b"\n\n"),
        ("a.log", lambda number: f"12:00 event {number}\n", b"\n"),
        ("a.txt", lambda number: f"word{number} ", b" "),
        ("a.md", lambda number: f"## Chapter {number}\n\nIts *text*.\n\nMore of it.\n\n", b"of it.\n\n"),
        ("a.txt", lambda number: "水" * 100, "水".encode()),
    ],
)
def test_a_large_text_is_read_in_parts_that_hold_all_of_it(
    tmp_path: Path, name: str, line: Callable[[int], str], ends: bytes
) -> None:
    content = repeated(line).encode()
    (tmp_path / name).write_bytes(content)
    parts = parts_of(tmp_path / name)
    assert len(parts) > 3
    assert b"".join(parts) == content
    assert all(part.endswith(ends) and len(part) <= 4 * 1024 * 1024 for part in parts[:-1])


def test_each_part_of_a_large_table_has_its_first_row_and_no_cell_is_cut(tmp_path: Path) -> None:
    header = "sep=;\nname;what it\tis\n"
    rows = repeated(lambda number: f'row {number};"a ""cell""\nof\ntwo, or three\nlines"\n')
    (tmp_path / "a.csv").write_text(header + rows)
    parts = parts_of(tmp_path / "a.csv")
    assert len(parts) > 3
    assert all(part.startswith(header.encode()) for part in parts)
    assert b"".join(part.removeprefix(header.encode()) for part in parts) == rows.encode()
    assert all(part.endswith(b'lines"\n') for part in parts)


def test_parts_are_documents_of_their_own_under_the_title_of_their_file(tmp_path: Path) -> None:
    (tmp_path / "log_book.txt").write_text(repeated(lambda number: f"{number}: {'all is well, ' * 400}.\n\n"))
    found = [one for one in read([str(tmp_path)], ParseSettings(workers=2)) if isinstance(one, Document)]
    names = [document.source.uri.rpartition("/")[2] for document in found]
    assert names == [f"log_book.txt#{number}" for number in range(1, 6)]
    assert {document.title for document in found} == {"log book"}


def test_what_is_no_text_is_not_cut_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"%PDF-1.7\n" + bytes(LARGE_BYTES))
    assert [found.uri for found in find([str(tmp_path)])] == [str(tmp_path / "a.txt")]


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("The pump ran. It stopped. " * 1_000, "."),
        ("12:00 an event\n" * 2_000, "event"),
        ("word " * 5_000, "word"),
        ("x" * 20_000, "x"),
    ],
)
def test_what_runs_on_for_pages_becomes_paragraphs_of_some_length(text: str, ends: str) -> None:
    document = parse(text.encode(), "a.txt")
    assert document.text == text.strip()
    found = texts(document, BlockKind.PARAGRAPH)
    assert len(found) > 4
    assert all(1_000 < len(part) <= 4_000 and part.endswith(ends) for part in found[:-1])


def test_a_text_with_a_paragraph_on_each_line_has_as_many_blocks() -> None:
    line = "The harbour was built in three years and opened in spring. " * 5
    document = parse(f"OPENING\n{line}\n{line}\n- one\n  - two\n{line}".encode(), "a.txt")
    kinds = [(block.kind, block.level) for block in document.blocks]
    item, paragraph = BlockKind.LIST_ITEM, BlockKind.PARAGRAPH
    assert kinds == [
        (BlockKind.HEADING, 1),
        (paragraph, 0),
        (paragraph, 0),
        (item, 0),
        (item, 1),
        (paragraph, 0),
    ]
