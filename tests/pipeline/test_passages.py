import re
from itertools import pairwise
from pathlib import Path
from unicodedata import category

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.draft import Draft
from pipeline.passages import plan_passages
from pipeline.provenance import passages_of
from pipeline.tokens import TokenEstimate
from schemas.contracts import Price
from schemas.documents import Block, BlockKind, Document, Passage, Source
from schemas.errors import SettingsError
from schemas.samples import Evidence, Origin, Sample
from schemas.settings import Settings, load_settings
from tests.parsers.single import parse
from tests.pipeline.written import written

SOURCE = Source("a.md", "text/markdown", "0" * 64, 1, "A")
SENTENCE = "The pump of hall {} moves {} litres of water a minute."
LONG = " ".join(SENTENCE.format(number, number * 7) for number in range(60))


def settings(**changes: object) -> Settings:
    return load_settings({"passages": {"max_tokens": 100}, **changes})


def texts(document: Document, chosen: Settings) -> list[str]:
    return [passage.text for passage in plan_passages(document, chosen, None, TokenEstimate()).passages]


blocks = st.tuples(st.sampled_from(list(BlockKind)), st.text(max_size=400) | st.just(LONG), st.integers(1, 6))


@given(st.lists(blocks, max_size=12), st.integers(50, 300), st.sampled_from([0, 20]))
def test_passages_cover_every_document_completely_in_order_and_within_their_budget(
    parts: list[tuple[BlockKind, str, int]], max_tokens: int, overlap_tokens: int
) -> None:
    draft = Draft()
    for kind, text, level in parts:
        draft.add(kind, text, level=level if kind is BlockKind.HEADING else 0)
    document = draft.document(SOURCE)
    chosen = load_settings({"passages": {"max_tokens": max_tokens, "overlap_tokens": overlap_tokens}})
    estimate = TokenEstimate()
    passages = plan_passages(document, chosen, None, estimate).passages
    covered = {place for passage in passages for place in range(passage.start, passage.end)}
    missed = [c for place, c in enumerate(document.text) if place not in covered and not c.isspace()]
    assert missed == []
    assert [p.start for p in passages] == sorted(p.start for p in passages)
    assert all(estimate.count(passage.text) <= max_tokens for passage in passages)


def test_text_that_no_block_claims_is_covered_too() -> None:
    document = Document(SOURCE, "before\n\nthe block\n\nafter", (Block(BlockKind.PARAGRAPH, 8, 17),))
    assert texts(document, settings()) == ["before\n\nthe block\n\nafter"]


def test_a_long_paragraph_is_cut_between_its_sentences() -> None:
    found = texts(written(LONG), settings())
    assert len(found) > 5
    assert all(text.startswith("The pump") and text.endswith("minute.") for text in found)


def test_a_table_is_cut_between_rows_and_code_between_lines() -> None:
    rows = "\n".join(f"| {number} | {number * number} |" for number in range(200))
    code = "\n".join(f"value_{number} = compute({number})" for number in range(100))
    document = written(f"| n | square |\n|---|---|\n{rows}", (BlockKind.CODE, code))
    for text in texts(document, settings()):
        assert all(re.fullmatch(r"\|.*\||value_\d+ = compute\(\d+\)|", line) for line in text.splitlines())


def test_a_sentence_that_is_too_large_alone_is_cut_between_words() -> None:
    found = texts(written("pumping " * 500), settings())
    assert all(set(text.split()) == {"pumping"} for text in found)


def test_a_line_without_a_single_space_still_fits() -> None:
    estimate = TokenEstimate()
    found = texts(written("x" * 20_000), settings())
    assert "".join(found) == "x" * 20_000
    assert all(estimate.count(text) <= 100 for text in found)


def test_a_heading_stays_with_what_follows_and_gives_the_path() -> None:
    document = written("# Guide", "## Pumps", LONG, "## Valves", LONG)
    passages = plan_passages(document, settings(), None, TokenEstimate()).passages
    assert not any(passage.text.endswith(("Pumps", "Valves")) for passage in passages)
    assert passages[0].headings == ()
    assert passages[1].headings == ("Guide", "Pumps")
    assert passages[-1].headings == ("Guide", "Valves")


def test_neighbouring_small_sections_share_a_passage() -> None:
    document = written("# Guide", "## One", "A short line.", "## Two", "Another short line.")
    assert len(texts(document, settings())) == 1


def test_overlap_repeats_whole_sentences() -> None:
    found = texts(written(LONG), settings(passages={"max_tokens": 100, "overlap_tokens": 30}))
    for before, after in pairwise(found):
        shared = after[: after.index("minute.") + len("minute.")]
        assert shared in before


def test_an_overlap_as_large_as_a_passage_is_refused() -> None:
    with pytest.raises(SettingsError, match="overlap_tokens"):
        texts(written(LONG), settings(passages={"max_tokens": 100, "overlap_tokens": 90}))


def test_an_empty_document_has_no_passages_and_says_so() -> None:
    plan = plan_passages(written(), settings(), None, TokenEstimate())
    assert plan.passages == ()
    assert plan.reason == "the document has no text"


def test_a_document_that_fits_is_passed_whole_with_sections_to_aim_at() -> None:
    document = written("# Guide", LONG)
    plan = plan_passages(document, settings(), 100_000, TokenEstimate())
    assert plan.mode == "whole"
    contexts = {id(passage.context) for passage in plan.passages}
    assert len(contexts) == 1
    assert plan.passages[0].shown.text == document.text
    assert len(plan.passages) > 1


def test_a_document_beyond_the_window_is_passed_in_chunks_even_where_whole_is_asked_for() -> None:
    plan = plan_passages(written(LONG), settings(context="whole"), 8_100, TokenEstimate())
    assert plan.mode == "chunk"
    assert "more than the 100" in plan.reason


def test_without_a_window_documents_are_passed_in_chunks_unless_whole_ones_are_asked_for() -> None:
    plan = plan_passages(written(LONG), settings(), None, TokenEstimate())
    assert plan.mode == "chunk"
    assert "window is unknown" in plan.reason
    assert plan_passages(written(LONG), settings(context="whole"), None, TokenEstimate()).mode == "whole"


def test_auto_mode_avoids_whole_documents_where_no_cache_makes_them_cheap() -> None:
    dear, cached = Price(prompt=1.0, completion=0.1), Price(prompt=1.0, cached=0.1, completion=0.1)
    document = written(LONG)
    assert plan_passages(document, settings(), 100_000, TokenEstimate(), cached).mode == "whole"
    plan = plan_passages(document, settings(), 100_000, TokenEstimate(), dear)
    assert plan.mode == "chunk"
    assert "times as much" in plan.reason
    asked = plan_passages(document, settings(context="whole"), 100_000, TokenEstimate(), dear)
    assert asked.mode == "whole"


EXAMPLES = sorted(
    path
    for folder in ("examples/handbook", "tests/parsers/files", "tests/parsers/pdf/files")
    for path in (Path(__file__).parents[2] / folder).glob("*.*")
    if path.suffix in {".pdf", ".docx", ".html", ".md", ".pptx", ".xlsx", ".epub", ".mhtml"}
)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_passages_of_real_files_cover_them_and_cut_no_row_item_or_line(path: Path) -> None:
    document = parse(path.read_bytes(), path.name)
    estimate = TokenEstimate()
    most = 60
    passages = plan_passages(document, settings(passages={"max_tokens": most}), None, estimate).passages
    covered = {place for passage in passages for place in range(passage.start, passage.end)}
    assert [c for place, c in enumerate(document.text) if place not in covered and not c.isspace()] == []
    ends = {place for passage in passages for place in (passage.start, passage.end)}
    for block in document.blocks:
        cuts = [place for place in ends if block.start < place < block.end]
        text = document.block_text(block)
        if block.kind in {BlockKind.TABLE, BlockKind.CODE}:
            broken = [place for place in cuts if "\n" not in document.text[place - 1 : place + 1]]
            assert not broken or max(map(estimate.count, text.splitlines())) > most
        elif block.kind in {BlockKind.LIST_ITEM, BlockKind.HEADING}:
            assert not cuts or estimate.count(text) > most
        else:
            inside = [document.text[:place].rstrip()[-12:] for place in cuts]
            assert all(re.search(r"[.!?:;।؟…。]\W*[⁰-⁹¹²³]*$", end) for end in inside)


@pytest.mark.parametrize(
    "line", ["x" * 400_000, "word " * 80_000, "“Hello. " * 50_000, "12:00 event\n" * 30_000]
)
def test_the_tokens_of_a_large_block_are_counted_a_few_times_and_not_for_each_passage(line: str) -> None:
    text = line.strip()
    counted: list[int] = []

    def count(part: str) -> int:
        counted.append(len(part))
        return len(part) // 4

    document = Document(SOURCE, text, (Block(BlockKind.PARAGRAPH, 0, len(text)),))
    planned = plan_passages(document, load_settings({}), None, TokenEstimate(exact=count))
    assert len(planned.passages) > 50
    assert sum(counted) < 8 * len(text)


def test_what_a_row_of_a_long_table_is_held_to_is_what_stands_near_it() -> None:
    rows = "\n".join(f"| {number} | a cell of some length |" for number in range(5_000))
    document = parse(f"| No | Text |\n| --- | --- |\n{rows}\n".encode(), "table.md")
    row = document.text.index("| 2500 |")
    passage = Passage(document, row, row + 30)
    header = Evidence(document.id, 0, 13, document.text[:13])
    sample = Sample("qa", "fact", (), Origin("r", "m", (passage.id,)), evidence=(header,))
    (own, window) = passages_of(sample, {document.id: document})
    assert own == passage
    assert window.start == 0
    assert len(window.text) < 7_000
    assert document.text[window.end] == "\n"


def test_a_text_without_spaces_is_cut_before_no_vowel_sign_or_tone() -> None:
    text = "ปั๊มต้องได้รับการหล่อลื่นทุกชั่วโมงและต้องเปลี่ยนไส้กรองปีละครั้ง" * 30
    for part in texts(parse(text.encode(), "a.txt"), settings(passages={"max_tokens": 50})):
        assert not category(part[0]).startswith("M")
    marks = parse(("e" + "\u0301" * 3_000).encode(), "a.txt")
    assert "".join(texts(marks, settings())) == marks.text
