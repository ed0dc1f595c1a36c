# ruff: noqa: E501  # one relation a line reads better
"""Rows that differ only in who does what to whom, and copies of them in other words."""

import random

from tests.pipeline.select.labelled_duplicates import LabelledRow

_SYLLABLES_LINE = "ka ro mi ten sol bar vin del mar tor lu pe gra no fi sta wen hol bri dan"
_SYLLABLES = _SYLLABLES_LINE.split()
_RELATIONS = (
    ("Whom does {a} report to?", "{a} reports to {b}.", "To whom does {a} report?", "{a} reports to {b}."),
    ("Who supplies {b}?", "{a} supplies {b} with parts.", "Who supplies {b}?", "With parts, {a} supplies {b}."),
    ("Whom did {a} replace?", "{a} replaced {b} as manager.", "Whom did {a} replace as manager?", "{a} replaced {b}."),
    ("Who audits {b}?", "The team of {a} audits the team of {b}.", "Who audits {b}?", "The team of {a} audits {b}."),
    ("Whom did {a} sue?", "In Lyon, {a} sued {b}.", "Whom did {a} sue?", "{a} sued {b} in Lyon."),
)  # fmt: skip


def swapped_rows(count: int, seed: int) -> list[LabelledRow]:
    """Return at least `count` shuffled rows: each fact with its reverse, and a copy of one of them."""
    random_ = random.Random(seed)
    rows: list[LabelledRow] = []
    while len(rows) < count:
        question, answer, other_question, other_answer = random_.choice(_RELATIONS)
        a, b = (f"{_word(random_)} {_word(random_)}" for _ in range(2))
        fact = len(rows)
        rows += (
            LabelledRow(f"{question}\n{answer}".format(a=a, b=b), fact),
            LabelledRow(f"{question}\n{answer}".format(a=b, b=a), fact + 1),
            LabelledRow(f"{other_question}\n{other_answer}".format(a=a, b=b), fact),
        )
    random_.shuffle(rows)
    return rows


def _word(random_: random.Random) -> str:
    return "".join(random_.choices(_SYLLABLES, k=3)).capitalize()
