"""Number formats of Excel (ECMA-376 part 1, 18.8.31): what of a format decides how a number is shown."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_BUILT_IN = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 39: "#,##0.00"}
_LITERAL = re.compile(r'"([^"]*)"|\[\$([^\]-]*)[^\]]*\]|\\(.)|_.|\*.')
_DIRECTIVE = re.compile(r"\[[^\]]*\]")
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.(?P<decimals>[0#?]+))?")
_NOT_PLAIN = re.compile(r"[/@<>=e]|[#0?],+(?![#0?,])", re.I)  # fractions, text, powers of ten, scales
_MOST_DECIMALS = 15


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """How a number is shown: with signs around it, so many decimals (None for all), in groups, per cent."""

    date: bool = False
    before: str = ""
    after: str = ""
    decimals: int | None = None
    least_digits: int = 1
    grouped: bool = False
    share: bool = False

    def shown(self, value: float) -> str | None:
        """Return a number as it is shown; None where the format leaves it as it is stored."""
        if self.decimals is None:
            return None
        size = abs(value) * (100 if self.share else 1)
        digits = f"{size:,.{self.decimals}f}" if self.grouped else f"{size:.{self.decimals}f}"
        whole, point, rest = digits.partition(".")
        digits = f"{whole.rjust(self.least_digits, '0')}{point}{rest}"
        sign = "-" if value < 0 and digits.strip("0.,") else ""
        return f"{sign}{self.before}{digits}{self.after}"


def number_format(format_id: int, code: str) -> NumberFormat:
    """Return what a format means; nothing of what is not understood: fractions, scales, powers of ten."""
    plain = _LITERAL.sub("", code)
    plain = _DIRECTIVE.sub("", plain).lower().partition(";")[0]
    if format_id in _BUILT_IN_DATES or (code and "general" not in plain and re.search("[ymdhs]", plain)):
        return NumberFormat(date=True)
    return _number(code or _BUILT_IN.get(format_id, ""))


def _number(code: str) -> NumberFormat:
    section = _positive(code)
    literals: list[str] = []

    def kept(found: re.Match[str]) -> str:
        literals.append(next(filter(None, found.groups()), ""))
        return "\0"

    marked = _DIRECTIVE.sub("", _LITERAL.sub(kept, section))
    digits = _DIGITS.search(marked)
    if digits is None or _NOT_PLAIN.search(marked) or _DIGITS.search(marked, digits.end()):
        return NumberFormat()
    texts = iter(literals)
    before, after = (_filled(part, texts) for part in (marked[: digits.start()], marked[digits.end() :]))
    decimals = digits["decimals"] or ""
    return NumberFormat(
        before=before.lstrip(),
        after=after.rstrip(),
        decimals=None if "#" in decimals or "?" in decimals else min(len(decimals), _MOST_DECIMALS),
        least_digits=min(digits.group().partition(".")[0].count("0"), _MOST_DECIMALS),
        grouped="," in digits.group(),
        share="%" in after or "%" in before,
    )


def _positive(code: str) -> str:
    """Return the part of a format for positive numbers: what stands before a semicolon outside of quotes."""
    quoted = False
    for place, sign in enumerate(code):
        quoted ^= sign == '"'
        if sign == ";" and not quoted:
            return code[:place]
    return code


def _filled(part: str, texts: Iterator[str]) -> str:
    """Return what stands beside the digits, with the literal texts in their places and no brackets."""
    return "".join(next(texts) if sign == "\0" else sign for sign in part if sign not in "()-+")
