"""Small drawings as inline SVG. Every text and number is escaped by `Markup.format`."""

from collections.abc import Iterable, Iterator, Sequence

from markupsafe import Markup

from output.report.facts import CalibrationPoint, Coverage, Histogram, PlantedFault, Share

_WIDTH, _HEIGHT, _LOW_HEIGHT = 320, 120, 60
_STRIP_CELLS = 400


def histogram(chart: Histogram) -> Markup:
    """Return bars for each bin, the kept samples below and the lost ones on top, with the median marked."""
    highest = max((kept + lost for kept, lost in zip(chart.kept, chart.lost, strict=True)), default=0) or 1
    step = _WIDTH / len(chart.kept)
    bars = Markup("").join(_bar(chart, index, step, highest) for index in range(len(chart.kept)))
    reach = chart.width * len(chart.kept)
    return _plot(f"{chart.name}: median {_number(chart.median)}", bars, chart.median, chart.low, reach)


def _plot(label: str, drawn: Markup, marked: float | None, low: float, reach: float) -> Markup:
    """Return a plot of `drawn` over an axis from `low` to `low + reach`, with one place of it marked."""
    line = Markup("")
    if marked is not None:
        line = Markup('<line class="median" x1="{x:.1f}" x2="{x:.1f}" y1="-6" y2="{y}"/>').format(
            x=min((marked - low) / reach, 1.0) * _WIDTH, y=_HEIGHT
        )
    ticks = _texts("tick", _HEIGHT + 17, (_number(low + share * reach) for share in (0.0, 0.5, 1.0)))
    return _framed(label, drawn, line + Markup("").join(ticks), _HEIGHT)


def _framed(label: str, drawn: Markup, over: Markup, height: int) -> Markup:
    """Return a picture of `drawn` upon its axis, with what lies `over` both."""
    return Markup(
        '<svg class="histogram" viewBox="-2 -10 {} {}" role="img" aria-label="{}">{}'
        '<line class="axis" x1="0" x2="{}" y1="{}" y2="{}"/>{}</svg>'
    ).format(_WIDTH + 4, height + 30, label, drawn, _WIDTH, height, height, over)


def _bar(chart: Histogram, index: int, step: float, highest: int) -> Markup:
    kept, lost = chart.kept[index], chart.lost[index]
    if not kept + lost:
        return Markup("")
    kept_height, lost_height = (_HEIGHT * count / highest for count in (kept, lost))
    low = chart.low + index * chart.width
    x, width = index * step + 0.5, step - 1
    return Markup(
        "<g><title>{}</title>"
        '<rect class="kept" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        '<rect class="lost" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/></g>'
    ).format(
        f"{_number(low)} to {_number(low + chart.width)}: {kept:,} rows, {lost:,} dropped",
        *(x, _HEIGHT - kept_height, width, kept_height),
        *(x, _HEIGHT - kept_height - lost_height, width, lost_height),
    )


def _texts(kind: str, y: int, texts: Iterable[str]) -> Iterator[Markup]:
    """Yield what stands below an axis at its start, middle and end."""
    places = ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    for (share, anchor), text in zip(places, texts, strict=True):
        yield Markup('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>').format(
            kind, share * _WIDTH, y, anchor, text
        )


def share_bar(share: Share, largest: int) -> Markup:
    """Return a bar as long as the samples made, filled as far as they were kept."""
    made, kept = (100 * count / max(largest, 1) for count in (share.made, share.kept))
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="lost" width="{:.2f}" height="10"/><rect class="kept" width="{:.2f}" height="10"/></svg>'
    ).format(made, kept)


def fault_bar(fault: PlantedFault) -> Markup:
    """Return a bar for all samples with a fault, filled as far as they were dropped."""
    return Markup(
        '<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/><rect class="{}" width="{:.2f}" height="10"/></svg>'
    ).format("kept" if fault.name else "failed", 100 * fault.caught / max(fault.planted, 1))


def coverage_strip(coverage: Coverage) -> Markup:
    """Return the document as a strip from its beginning to its end, with the covered parts filled."""
    parts = Markup("").join(
        Markup('<rect class="kept" x="{}" width="{}" height="10"/>').format(start, end - start)
        for start, end in _cells(coverage)
    )
    return Markup(
        '<svg class="strip" viewBox="0 0 {} 10" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="track" width="{}" height="10"/>{}</svg>'
    ).format(_STRIP_CELLS, f"{coverage.share:.0%} of the text is evidence", _STRIP_CELLS, parts)


def tenths_chart(shares: Sequence[float]) -> Markup:
    """Return a bar for each tenth of the documents, as high as its share of evidence among the others'."""
    step, highest = _WIDTH / len(shares), max(shares) or 1
    bars = Markup("").join(_tenth(index, share, step, share / highest) for index, share in enumerate(shares))
    told = ", ".join(f"{share:.1%}" for share in shares)
    ticks = _texts("tick", _LOW_HEIGHT + 11, ("beginning", "middle", "end"))
    label = f"Evidence in each tenth of the documents: {told}"
    return _framed(label, bars, Markup("").join(ticks), _LOW_HEIGHT)


def _tenth(index: int, share: float, step: float, height: float) -> Markup:
    top = _LOW_HEIGHT * (1 - height)
    return Markup(
        '<rect class="kept" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
        '<text class="value" x="{:.1f}" y="{:.1f}" text-anchor="middle">{:.0%}</text>'
    ).format(index * step + 1, top, step - 2, _LOW_HEIGHT - top, (index + 0.5) * step, top - 2.5, share)


def _cells(coverage: Coverage) -> Iterator[tuple[int, int]]:
    """Yield the covered parts in cells of the strip, joined where they meet."""
    scale = _STRIP_CELLS / max(coverage.length, 1)
    begun: tuple[int, int] | None = None
    for part in coverage.covered:
        start, end = int(part.start * scale), max(int(part.end * scale), int(part.start * scale) + 1)
        if begun and start <= begun[1]:
            begun = (begun[0], max(end, begun[1]))
            continue
        if begun:
            yield begun
        begun = (start, end)
    if begun:
        yield begun


def calibration_curve(points: Sequence[CalibrationPoint], threshold: float | None) -> Markup:
    """Return precision and recall over the threshold, with the chosen one marked. All lie in 0 to 1."""
    precision = _line("precision", [(point.threshold, point.precision) for point in points])
    recall = _line("recall", [(point.threshold, point.recall) for point in points])
    return _plot("Precision and recall over the threshold", precision + recall, threshold, 0.0, 1.0)


def _line(name: str, points: Sequence[tuple[float, float]]) -> Markup:
    path = " ".join(f"{x * _WIDTH:.1f},{(1 - y) * _HEIGHT:.1f}" for x, y in points)
    return Markup('<polyline class="{}" points="{}"><title>{}</title></polyline>').format(name, path, name)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or value >= 10 else f"{value:.2f}"
