"""The calculations that a text writes out, done again."""

import ast
import operator
import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPERAND = r"[$€£]?\s?-?\d[\d,]*(?:\.\d+)?\s?%?(?:\s(?!x\b)[A-Za-z]{1,12}(?=\s?[-+*/×÷=≈−)x^]))?"
_OPEN, _CLOSE = r"[(\s]{0,8}", r"[\s)]{0,8}"  # bounded, so that long runs of spaces cost no more than others
_OPERATOR = r"\s?(?:\*\*|[-+*/×÷−^]|\bx\b)\s?"
_EQUATION = re.compile(
    rf"(?<![\w.,^*/×÷=−-])(?P<left>{_OPEN}{_OPERAND}{_CLOSE}(?:{_OPERATOR}{_OPEN}{_OPERAND}{_CLOSE})+)"
    rf"\s?(?P<equals>=|≈|≅)\s?(?P<right>[$€£]?\s?[-−]?\d[\d,]*(?:\.\d+)?)\s?(?P<percent>%)?"
)
_OPERATORS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_LONGEST = 200
_ROUNDING = 0.011


@dataclass(frozen=True, slots=True)
class Step:
    """One written calculation. `stated` is the text's own result, `actual` what it comes to."""

    text: str
    stated: float
    actual: float
    right: bool


def steps(text: str) -> Iterator[Step]:
    """Yield the calculations in `text` that can be done again; others are passed over in silence.

    A result may be rounded to its last digit, or to a percentage of its ratio.
    """
    for match in _EQUATION.finditer(text):
        actual = evaluated(match["left"])
        if actual is None:
            continue
        written = re.sub(r"[$€£,\s]", "", match["right"]).replace("−", "-")
        stated = float(written)
        step = 10.0 ** -len(written.partition(".")[2])
        allowed = [actual, actual * 100] if match["percent"] and abs(actual) < 100 else [actual]
        if match["percent"] and "%" in match["left"]:
            allowed.append(_plain(match["left"].replace("%", "")) or actual)
        right = any(_agrees(stated, value, step, match["equals"]) for value in allowed)
        yield Step(match[0].strip(), stated, actual, right)


def evaluated(expression: str) -> float | None:
    """Return the value of an arithmetic expression, None where it is none. Percentages are hundredths."""
    return _plain(re.sub(r"(\d[\d,]*(?:\.\d+)?)\s?%", r"(\1/100)", expression))


def _plain(expression: str) -> float | None:
    text = re.sub(r"(?<=\d)\s(?!x\b)[A-Za-z]{1,12}\b|[$€£,]", "", expression)
    for written, meant in (("×", "*"), ("÷", "/"), ("−", "-"), ("^", "**"), ("x", "*")):
        text = text.replace(written, meant)
    if len(text) > _LONGEST or not re.fullmatch(r"[\d.+\-*/()\s]+", text):
        return None
    try:
        return _value(ast.parse(text.strip(), mode="eval").body)
    except (SyntaxError, ZeroDivisionError, OverflowError, ValueError, RecursionError):
        return None


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand)
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            exponent = _value(right)
            if abs(exponent) > 12:  # what people write out by hand
                raise ValueError(exponent)
            return float(_value(left) ** exponent)
        case ast.BinOp(left=left, op=symbol, right=right) if type(symbol) in _OPERATORS:
            return float(_OPERATORS[type(symbol)](_value(left), _value(right)))
        case _:
            raise ValueError(ast.dump(node))


def _agrees(stated: float, actual: float, step: float, equals: str) -> bool:
    slack = max(step * (0.5 if step == 1 else 1.0) * 1.0001, abs(actual) * 1e-9)
    if equals != "=":
        slack = max(slack, abs(actual) * _ROUNDING)
    return abs(stated - actual) <= slack
