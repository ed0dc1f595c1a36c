"""The ledger as a picture: what went in flows to the right, what was lost falls out on its way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from schemas.ledger import Stage, Tally

_COLUMN_WIDTH = 12
_WIDTH = 870  # from the first column to the last
_TOP, _HEIGHT = 56, 190
_LOSSES_TOP = _TOP + _HEIGHT + 26
_LINE = 22
_MOST_REASONS = 6
_THINNEST = 1.5


@dataclass(frozen=True, slots=True)
class Lost:
    """Items that ended in a stage. `failed` tells a failure from a drop."""

    reason: str
    count: int
    failed: bool


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    count: int
    x: float
    height: float
    losses: tuple[Lost, ...]
    entered: int


def losses_of(tally: Tally) -> tuple[Lost, ...]:
    """Return why items of a stage ended, the commonest first; those beyond the sixth are joined."""
    lost = [Lost(reason, count, failed=False) for reason, count in tally.dropped.items()]
    lost += [Lost(reason, count, failed=True) for reason, count in tally.failed.items()]
    lost.sort(key=lambda each: -each.count)
    if len(lost) <= _MOST_REASONS:
        return tuple(lost)
    first, rest = lost[: _MOST_REASONS - 1], lost[_MOST_REASONS - 1 :]
    failed = all(each.failed for each in rest)
    return (*first, Lost(f"for {len(rest)} other reasons", sum(each.count for each in rest), failed))


def flow(ledger: dict[Stage, Tally], rows: int) -> Markup:
    """Return the picture of a whole run: a column for each stage, each at its own scale, then the rows.

    A column is as high as the share that came through all the stages before it. A stage that nothing entered
    is left out where something entered a later one: imported rows come without requests.
    """
    columns = list(_columns(ledger, rows))
    width = _WIDTH + 110
    most = max(len(column.losses) for column in columns)
    parts = Markup("").join(
        part
        for column, following in zip(columns, [*columns[1:], None], strict=True)
        for part in _drawn(column, following)
    )
    return Markup('<svg class="flow" viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">{}</svg>').format(
        width, _LOSSES_TOP + most * _LINE + 14, "; ".join(_told(columns)), parts
    )


def _columns(ledger: dict[Stage, Tally], rows: int) -> Iterator[_Column]:
    last = max((at for at, tally in enumerate(ledger.values()) if tally.entered), default=len(ledger))
    shown = [(s, tally) for at, (s, tally) in enumerate(ledger.items()) if tally.entered or at >= last]
    height = float(_HEIGHT)
    for place, (stage, tally) in enumerate(shown):
        x = place * _WIDTH / len(shown)
        yield _Column(stage.value.capitalize(), tally.entered, x, height, losses_of(tally), tally.entered)
        height = max(height * tally.kept / tally.entered if tally.entered else 0.0, _THINNEST)
    yield _Column("Dataset rows", rows, float(_WIDTH if shown else 0), height, (), rows)


def _told(columns: Sequence[_Column]) -> Iterator[str]:
    for column in columns:
        lost = ", ".join(f"{each.count:,} {_words(each.reason)}" for each in column.losses)
        yield f"{column.title}: {column.count:,}" + (f" (lost: {lost})" if lost else "")


def _drawn(column: _Column, following: _Column | None) -> Iterator[Markup]:
    if following is not None:
        yield Markup('<rect class="band" x="{}" y="{}" width="{}" height="{:.1f}"/>').format(
            column.x + _COLUMN_WIDTH, _TOP, following.x - column.x - _COLUMN_WIDTH, following.height
        )
        yield from _falling(column, following)
    yield Markup('<rect class="column" x="{}" y="{}" width="{}" height="{:.1f}" rx="2"/>').format(
        column.x, _TOP, _COLUMN_WIDTH, column.height
    )
    yield Markup(
        '<text class="count" x="{}" y="{}">{}</text><text class="stage" x="{}" y="{}">{}</text>'
    ).format(column.x, _TOP - 30, f"{column.count:,}", column.x, _TOP - 10, column.title)


def _falling(column: _Column, following: _Column) -> Iterator[Markup]:
    """Yield a band for each reason, from its place in the column down to its label."""
    start = _TOP + following.height
    end = float(_LOSSES_TOP)
    for lost in column.losses:
        thick = max(column.height * lost.count / max(column.entered, 1), _THINNEST)
        thin = min(thick, _LINE - 6)
        yield _band(column.x + _COLUMN_WIDTH, start, thick, end, thin, lost)
        start += thick
        end += _LINE


def _band(x: float, start: float, thick: float, end: float, thin: float, lost: Lost) -> Markup:
    bend, stop = x + 38, x + 66
    middle = end + (_LINE - thin) / 2
    path = (
        f"M{x:.1f} {start:.1f} C{bend:.1f} {start:.1f} {bend - 14:.1f} {middle:.1f} {stop:.1f} {middle:.1f} "
        f"V{middle + thin:.1f} C{bend - 14:.1f} {middle + thin:.1f} {bend - 12:.1f} {start + thick:.1f} "
        f"{x:.1f} {start + thick:.1f} Z"
    )
    words = _words(lost.reason)
    label = words if len(words) <= 24 else f"{words[:23]}…"
    return Markup(
        '<g class="{}"><title>{}</title><path d="{}"/><text x="{:.1f}" y="{:.1f}">'
        '<tspan class="number">{}</tspan> {}</text></g>'
    ).format(
        "failed" if lost.failed else "dropped",
        f"{lost.count:,} {words}",
        path,
        stop + 7,
        end + _LINE / 2 + 4.5,
        f"{lost.count:,}",
        label,
    )


def _words(reason: str) -> str:
    return reason.replace("_", " ")
