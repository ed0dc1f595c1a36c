"""Tables that go on at the top of the next page."""

from collections.abc import Sequence
from dataclasses import replace

from parsers.pdf.table import Item, Table

_SAME_EDGE_PT = 2.0


def with_whole_tables(items: Sequence[Item]) -> list[Item]:
    """Return the items with a table's parts as one, without the headers that its later parts repeat."""
    result: list[Item] = []
    last: Item | None = None
    for item in items:
        whole = result[-1] if result else None
        if isinstance(item, Table) and isinstance(whole, Table) and isinstance(last, Table):
            repeats = item.rows[0] == whole.rows[0]
            if item.page == last.page + 1 and (repeats or _goes_on(last, item)):
                result[-1] = replace(whole, rows=whole.rows + item.rows[repeats:])
                last = item
                continue
        result.append(item)
        last = item
    return result


def _goes_on(above: Table, below: Table) -> bool:
    """Whether two tables have as many columns between the same edges, and the second has no header."""
    return (
        len(above.rows[0]) == len(below.rows[0])
        and abs(above.box.left - below.box.left) < _SAME_EDGE_PT
        and abs(above.box.right - below.box.right) < _SAME_EDGE_PT
        and not _has_header(below)
    )


def _has_header(table: Table) -> bool:
    """Whether figures stand below the first row, and none in it."""
    first, *rest = (any(map(str.isdigit, "".join(row))) for row in table.rows)
    return not first and any(rest)
