"""Which samples go into the dataset: duplicates, threshold, diversity, split."""

from pipeline.select.selection import Decision, select

__all__ = ["Decision", "select"]
