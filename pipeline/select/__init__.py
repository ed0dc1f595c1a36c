"""Which samples go into the dataset: duplicates, threshold, diversity, split."""

from pipeline.select.candidates import members_of
from pipeline.select.selection import Decision, evaluates, select

__all__ = ["Decision", "evaluates", "members_of", "select"]
