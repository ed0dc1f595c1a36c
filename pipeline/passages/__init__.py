"""Documents become passages: whole, or in pieces cut on their structure."""

from pipeline.passages.halves import halved
from pipeline.passages.plan import PassagePlan, plan_passages

__all__ = ["PassagePlan", "halved", "plan_passages"]
