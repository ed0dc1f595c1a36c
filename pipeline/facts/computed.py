"""The numbers that a sample's reasoning computes from quoted table rows, by a program that is run again."""

import ast
from collections.abc import Sequence

from pipeline.facts.numbers import Number, close, numbers
from pipeline.programs import ProgramError, Step, Table, run, shown, tables_in
from schemas.documents import Passage
from schemas.samples import Sample

_ARROW = " → "
_MOST_LINES = 30
_MOST_WORDS = 80
_CONVERSIONS = (0.0, 1.0, 100.0)  # what a share or a change takes beside the figures of its table


def computed(sample: Sample, passages: Sequence[Passage], given: Sequence[Number]) -> tuple[Number, ...]:
    """Return the results of the program that the sample's reasoning writes out, where all of them are right.

    It may read the rows that the sample quotes, and use no numbers but theirs and those `given`.
    """
    lines = [line for line in (sample.reasoning or "").splitlines() if _ARROW in line]
    if not 0 < len(lines) <= _MOST_LINES:
        return ()
    quoted = "\n".join(span.quote for span in sample.evidence)
    for passage in passages:
        for _, table in tables_in(passage):
            steps = _again(lines, table.quoted_in(quoted))
            if steps and all(_is_grounded(step, given) for step in steps):
                return tuple(number for step in steps for number in numbers(shown(step.value)))
    return ()


def _again(lines: Sequence[str], table: Table) -> tuple[Step, ...]:
    """Return the steps of the program in `lines`, none where one comes to something else than it says."""
    steps: tuple[Step, ...] = ()
    for line in lines:
        worked, _, stated = line.rpartition(_ARROW)
        steps = _one_more(steps, worked.split(), table)
        if not steps or shown(steps[-1].value) != stated.strip():
            return ()
    return steps


def _one_more(before: Sequence[Step], worked: Sequence[str], table: Table) -> tuple[Step, ...]:
    """Return the steps with one more: the most words at the end of `worked` that run."""
    earlier = [step.line for step in before]
    for start in range(max(0, len(worked) - _MOST_WORDS), len(worked)):
        try:
            return run([*earlier, " ".join(worked[start:])], table)
        except ProgramError:
            continue
    return ()


def _is_grounded(step: Step, given: Sequence[Number]) -> bool:
    tree = ast.parse(step.line)
    digits = {
        id(node.args[1])
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "round" and len(node.args) > 1
    }
    own = [
        float(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and id(node) not in digits
    ]
    known = (*_CONVERSIONS, *(number.written for number in given))
    return all(any(close(value, other, 0.0) for other in known) for value in own)
