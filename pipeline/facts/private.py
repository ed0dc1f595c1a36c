# ruff: noqa: E501  # patterns read better in one line
"""Personal data and secrets in a text: where they stand and of what kind, never what they are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

PrivateKind = Literal["email", "phone", "card", "iban", "national_id", "secret"]

_ROLES = r"(?:info|support|sales|contact|help|hello|office|service|admin|press|jobs|privacy|security|noreply|no-reply)"
_PATTERNS: dict[PrivateKind, re.Pattern[str]] = {
    "secret": re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(?:sk|pk|rk)[-_](?:live|test|proj|ant)?[-_]?[A-Za-z0-9_-]{20,}"
        r"|\bAKIA[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bhf_[A-Za-z0-9]{30,}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}"
        r"|\bAIza[0-9A-Za-z_-]{35}\b|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{5,}"
        r"|(?i:\b(?:password|passwd|api[_ -]?key|secret|token)\s*[:=]\s*[\"']?)(?=[^\s\"']*\d)[^\s\"']{8,}"
    ),
    "iban": re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9]{4}){2,7}(?:\s?[A-Z0-9]{1,3})?\b"),
    "card": re.compile(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d.,-]?\d)"),
    "email": re.compile(
        rf"\b(?!{_ROLES}@)[A-Za-z0-9._%+-]+@(?!example\.|test\.)[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{{2,}}\b"
        rf"|\b(?!{_ROLES}\b)\w{{1,40}}(?:(?:\.|\s?[\[(]dot[\])]\s?)\w{{1,40}}){{0,3}}\s?[\[(]at[\])]\s?\w{{1,40}}(?:(?:\.|\s?[\[(]dot[\])]\s?)\w{{1,40}}){{1,3}}"
    ),
    "national_id": re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"),
    "phone": re.compile(
        r"(?<![\w.+/-])(?:\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}"
        r"|0[1-9](?:[ .]\d{2}){4}|(?i:(?:\btel(?:efon|ephone|éphone|éfono)?|\bphone|\bmobile?|\bhandy|\bcall|\bruf\w*|\bunter|\bappel\w*|\bllam\w*)\b[^\d\n]{0,24}(?P<local>0\d{1,4}[ /.-]?\d{3,4}[ .-]?\d{2,5}))"
        r"|\(\d{3}\)\s?\d{3}-\d{4}|\d{3}[-.](?!555[-.]01)\d{3}[-.]\d{4})(?![\w-])"
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Private:
    """A stretch of text that should not be passed on."""

    kind: PrivateKind
    start: int
    end: int


def private_data(text: str) -> tuple[Private, ...]:
    """Return personal data and secrets in reading order, none overlapping another.

    Numbers with a check digit count only if it is right. Addresses of a role, as in `support@`, and those
    of reserved example domains belong to nobody.
    """
    found: list[Private] = []
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            start, end = match.span(match.lastgroup or 0)  # a group tells it from the words that lead to it
            clear = all(end <= other.start or other.end <= start for other in found)
            if clear and _checks(kind, text[start:end]):
                found.append(Private(kind, start, end))
    return tuple(sorted(found, key=lambda item: item.start))


def masked(text: str, kinds: frozenset[PrivateKind]) -> str:
    """Return `text` with a tag such as `[email]` in place of data of these kinds."""
    return "".join(_masked_parts(text, kinds))


def _masked_parts(text: str, kinds: frozenset[PrivateKind]) -> Iterator[str]:
    end = 0
    for item in private_data(text):
        if item.kind in kinds:
            yield text[end : item.start]
            yield f"[{item.kind}]"
            end = item.end
    yield text[end:]


def _checks(kind: PrivateKind, text: str) -> bool:
    if kind == "card":
        return _luhn(re.sub(r"\D", "", text))
    if kind == "iban":
        plain = text.replace(" ", "")
        return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1
    return True


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + at % 2) for at, digit in enumerate(reversed(digits)))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0 and len(set(digits)) > 1
