"""The header of a table whose later rows became a passage of their own."""

from schemas.documents import BlockKind, Passage


def table_header(passage: Passage) -> Passage | None:
    """Return the first row of the table that `passage` begins inside of, None where it does not.

    Without it a row's cells mean nothing, so that it is shown with the rows.
    """
    document, start = passage.document, passage.start
    for block in document.blocks_between(start, start + 1):
        if block.kind is BlockKind.TABLE and block.start < start:
            line_end = document.text.find("\n", block.start, block.end)
            return Passage(document, block.start, line_end if line_end >= 0 else block.end)
    return None
