"""From facts to the page: one file that opens offline, in which no text of a document can do anything."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from output.report.caveats import caveat_told
from output.report.facts import ReportFacts
from schemas.text import whole_text

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).with_name("templates")
DOCUMENTS_SHOWN = 200
DOCUMENTS_OPEN = 25
UNSEEN_SHOWN = 100
ROWS_OPEN = 6


def write_report(facts: ReportFacts, path: Path) -> None:
    """Write the report of a run to `path`, whole or not at all."""
    aside = path.with_name(f"{path.name}.part")
    aside.write_text(report_page(facts), encoding="utf-8")
    aside.replace(path)


def report_page(facts: ReportFacts) -> str:
    """Return the report as HTML. Nothing is fetched, and only the page's own script may run."""
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8")
    page = (
        environment()
        .get_template("report.html")
        .render(
            facts=facts,
            style=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
            script=script,
            script_hash=hash_of(script),
            documents_shown=DOCUMENTS_SHOWN,
            documents_open=DOCUMENTS_OPEN,
            unseen_shown=UNSEEN_SHOWN,
            rows_open=ROWS_OPEN,
        )
    )
    return whole_text(page)


@cache
def environment() -> "Environment":
    """Return what templates are rendered with: every text is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    from output.report import charts, flow

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        histogram=charts.histogram,
        share_bar=charts.share_bar,
        fault_bar=charts.fault_bar,
        coverage_strip=charts.coverage_strip,
        tenths_chart=charts.tenths_chart,
        calibration_curve=charts.calibration_curve,
        flow=flow.flow,
        losses_of=flow.losses_of,
    )
    environment.filters.update(
        caveat=caveat_told, words=_words, count=_count, duration=_duration, usd=_usd, percent=_percent
    )
    return environment


def hash_of(script: str) -> str:
    """Return what a content security policy calls an inline script, so that no other one runs."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _words(reason: str) -> str:
    return reason.replace("_", " ")


def _count(number: int) -> str:
    return f"{number:,}"


def _percent(share: float) -> str:
    """Return a share in per cent; no part that exists is called nothing, no missing part complete."""
    if 0 < share < 0.01:
        return "<1%"
    return f"{min(share, 0.99):.0%}" if share < 1 else "100%"


def _usd(amount: float | None) -> str:
    if amount is None:
        return "–"
    return f"${amount:,.2f}" if amount >= 0.01 or not amount else f"${amount:.4f}"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
