"""What `tunesmith check` says, for people."""

from collections.abc import Iterator

from output.checking import CheckReport, Lengths

_BAR_WIDTH = 40


def check_text(report: CheckReport, *, estimated: bool) -> str:
    """Return the report's lines. `estimated` says that no tokenizer counted the tokens."""
    return "\n".join(_lines(report, estimated=estimated))


def _lines(report: CheckReport, *, estimated: bool) -> Iterator[str]:
    splits = ", ".join(f"{split} {rows:,}" for split, rows in report.splits.items())
    yield f"{report.rows:,} rows ({splits})" if splits else "no rows"
    if report.lengths.histogram:
        yield from _length_lines(report.lengths, "about " if estimated else "")
    for finding in report.findings:
        places = ", ".join(finding.places) + (", ..." if finding.rows > len(finding.places) else "")
        yield f"{'error' if finding.fatal else 'note'}: {finding.rows:,} x {finding.problem} ({places})"
    yield "a trainer can take it" if report.fit else "a trainer would choke on it"


def _length_lines(lengths: Lengths, about: str) -> Iterator[str]:
    yield (
        f"tokens per row: {about}{lengths.smallest:,} to {lengths.largest:,}, half of the rows up to "
        f"{lengths.median:,}, 95 % up to {lengths.p95:,}; {lengths.total:,} in all"
    )
    yield f"learned when all but answers is masked: {about}{lengths.learned_share:.0%}"
    most = max(lengths.histogram.values())
    for limit, rows in lengths.histogram.items():
        bar = "#" * max(1, round(rows / most * _BAR_WIDTH))
        yield f"  up to {limit:>9,}  {bar:<{_BAR_WIDTH}} {rows:,}"
