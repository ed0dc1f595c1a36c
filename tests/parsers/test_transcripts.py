"""Pages that a model has read take their place among those that had text."""

from dataclasses import replace

from parsers.transcripts import with_transcripts
from schemas.documents import BlockKind, PageNote, PageQuality
from tests.parsers.properties import check
from tests.parsers.single import shapes
from tests.pipeline.written import written

SCANNED = PageNote(2, PageQuality.NO_TEXT_LAYER, "an image")


def test_transcripts_stand_on_their_pages_and_say_who_read_them() -> None:
    mixed = written("# Report", "Page three has text.")
    first, second = mixed.blocks
    blind = replace(mixed, blocks=(first, replace(second, page=3)), page_notes=(SCANNED,), page_count=3)
    read = with_transcripts(
        blind, {2: "## Notice\n\nNo ferry sails.\n\n| a | b |\n|---|---|\n| 1 | 2 |"}, "openai/m"
    )
    check(read)
    assert [(block.page, read.block_text(block)) for block in read.blocks] == [
        (1, "Report"),
        (2, "Notice"),
        (2, "No ferry sails."),
        (2, "| a | b |\n| --- | --- |\n| 1 | 2 |"),
        (3, "Page three has text."),
    ]
    assert shapes(read)[3][0] is BlockKind.TABLE
    assert read.page_notes == (PageNote(2, PageQuality.TRANSCRIBED, "read by openai/m"),)
    assert [(entry.title, entry.page) for entry in read.outline] == [("Notice", 2)]
    assert read.id != blind.id
    assert read.textless_pages == ()


def test_what_was_not_read_keeps_its_note() -> None:
    blind = replace(written("Words."), page_notes=(SCANNED,), page_count=2)
    assert with_transcripts(blind, {}, "openai/m").page_notes == (SCANNED,)


def test_an_empty_page_is_read_too() -> None:
    read = with_transcripts(replace(written("Words."), page_notes=(SCANNED,)), {2: ""}, "openai/m")
    assert (read.text, read.textless_pages) == ("Words.", ())
