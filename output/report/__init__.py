"""What came of a run, for eyes: a page that opens offline, and what changed between two runs."""

from output.report.choosing import Decided
from output.report.collecting import Extras, collect
from output.report.diff import RunDiff, Side, diff_runs
from output.report.diff_text import diff_text
from output.report.facts import ReportFacts
from output.report.page import write_report

__all__ = [
    "Decided",
    "Extras",
    "ReportFacts",
    "RunDiff",
    "Side",
    "collect",
    "diff_runs",
    "diff_text",
    "write_report",
]
