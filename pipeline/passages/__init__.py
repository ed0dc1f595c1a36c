"""Documents become passages: whole, or in pieces cut on their structure."""

from pipeline.passages.halves import halved
from pipeline.passages.headings import HeadingPaths
from pipeline.passages.plan import PassagePlan, pack_room, plan_passages

__all__ = ["HeadingPaths", "PassagePlan", "halved", "pack_room", "plan_passages"]
