"""Which samples go into the dataset: duplicates, threshold, diversity, split."""

from pipeline.select.candidates import members_of, text_of
from pipeline.select.meaning import Meanings, gathered
from pipeline.select.selection import Decision, evaluates, select

__all__ = ["Decision", "Meanings", "evaluates", "gathered", "members_of", "select", "text_of"]
