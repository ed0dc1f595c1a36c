"""What came of a run, for eyes: a page that opens offline, and what changed between two runs."""

from output.report.choosing import Decided
from output.report.collecting import Extras, collect
from output.report.facts import ReportFacts
from output.report.page import write_report

__all__ = ["Decided", "Extras", "ReportFacts", "collect", "write_report"]
