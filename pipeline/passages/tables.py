"""The header of a table whose later rows became a passage of their own."""

from schemas.documents import BlockKind, Passage


def table_header(passage: Passage) -> Passage | None:
    """Return the first row of the table that `passage` begins inside of, None where it does not.

    Without it a row's cells mean nothing, so that it is shown with the rows.
    """
    for block in passage.document.blocks:
        if block.start >= passage.start:
            break
        if block.kind is BlockKind.TABLE and passage.start < block.end:
            row = passage.document.block_text(block).split("\n", 1)[0]
            return Passage(passage.document, block.start, block.start + len(row))
    return None
