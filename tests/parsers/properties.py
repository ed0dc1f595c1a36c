"""What holds for every document, whatever it was read from: a checker shared by all parsers' tests."""

from itertools import pairwise

from schemas.documents import Block, BlockKind, Document

HEADING_LEVELS = range(1, 7)


def faults(document: Document) -> list[str]:
    """Return what is wrong with a document, one sentence each; nothing wrong is an empty list."""
    return [*_span_faults(document), *_coverage_faults(document), *_block_faults(document)]


def check(document: Document) -> None:
    """Assert that a document keeps every promise of its class."""
    found = faults(document)
    assert not found, f"{document.source.uri}: " + "; ".join(found[:5])


def _span_faults(document: Document) -> list[str]:
    wrong = [
        f"block {index} spans {block.start}..{block.end} of {len(document.text)}"
        for index, block in enumerate(document.blocks)
        if not 0 <= block.start < block.end <= len(document.text)
    ]
    wrong += [
        f"block {index + 1} starts at {after.start}, before block {index} ends at {before.end}"
        for index, (before, after) in enumerate(pairwise(document.blocks))
        if after.start < before.end
    ]
    return wrong


def _coverage_faults(document: Document) -> list[str]:
    ends = [0, *(block.end for block in document.blocks)]
    starts = [*(block.start for block in document.blocks), len(document.text)]
    gaps = (document.text[end:start] for end, start in zip(ends, starts, strict=True))
    return [f"no block holds {gap.strip()[:40]!r}" for gap in gaps if gap.strip()]


def _block_faults(document: Document) -> list[str]:
    wrong = []
    for index, block in enumerate(document.blocks):
        text = document.block_text(block)
        if not text.strip():
            wrong.append(f"block {index} is empty")
        if block.kind is BlockKind.TABLE and not all(line.startswith("|") for line in text.splitlines()):
            wrong.append(f"table {index} is no Markdown table: {text[:40]!r}")
        wrong += _number_faults(document, index, block)
    wrong += [f"the text holds {name}" for name, char in _BAD_CHARACTERS.items() if char in document.text]
    return wrong


_BAD_CHARACTERS = {"a NUL": "\0", "a carriage return": "\r", "a byte order mark": "\ufeff"}


def _number_faults(document: Document, index: int, block: Block) -> list[str]:
    wrong = []
    if block.kind is BlockKind.HEADING and block.level not in HEADING_LEVELS:
        wrong.append(f"heading {index} has level {block.level}")
    if block.kind not in (BlockKind.HEADING, BlockKind.LIST_ITEM) and block.level:
        wrong.append(f"{block.kind} {index} has level {block.level}")
    if block.page is not None and not 1 <= block.page <= (document.page_count or block.page):
        wrong.append(f"block {index} is on page {block.page} of {document.page_count}")
    return wrong
