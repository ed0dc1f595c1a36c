"""Office formulas (OMML) as one line of text, in the manner of Unicode's linear format."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"


def linear(element: "_Element") -> str:
    """Return a formula as text: `a/b`, `x^2`, `√(x)`, `∑_(i=1)^n x`."""
    return "".join(_piece(child) for child in element)


def _piece(element: "_Element") -> str:
    name = str(element.tag).removeprefix(M)
    match name:
        case "r":
            return "".join(part.text or "" for part in element.iter(f"{M}t"))
        case "f":
            return f"{_group(element, 'num')}/{_group(element, 'den')}"
        case "sSub" | "sSup":
            script = "sub" if name == "sSub" else "sup"
            return f"{_group(element, 'e')}{'_' if script == 'sub' else '^'}{_group(element, script)}"
        case "sSubSup":
            return f"{_group(element, 'e')}_{_group(element, 'sub')}^{_group(element, 'sup')}"
        case "limLow" | "limUpp":
            return f"{_group(element, 'e')}{'_' if name == 'limLow' else '^'}{_group(element, 'lim')}"
        case "rad":
            degree = _part(element, "deg")
            return f"{f'({degree})' if degree else ''}√({_part(element, 'e')})"
        case "nary":
            return _operator(element)
        case "d":
            return _delimited(element)
        case "func":
            return f"{_part(element, 'fName')} {_part(element, 'e')}"
        case "m":
            rows = (" ".join(_row(row)) for row in element.iterchildren(f"{M}mr"))
            return f"[{'; '.join(rows)}]"
        case "eqArr":
            return "; ".join(linear(part) for part in element.iterchildren(f"{M}e"))
        case _:
            return "" if name.endswith("Pr") else linear(element)


def _part(element: "_Element", name: str) -> str:
    child = element.find(f"{M}{name}")
    return "" if child is None else linear(child)


def _group(element: "_Element", name: str) -> str:
    """Return a part in brackets, where it is more than one symbol or number."""
    text = _part(element, name)
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


def _row(row: "_Element") -> list[str]:
    return [linear(cell) for cell in row.iterchildren(f"{M}e")]


def _property(element: "_Element", group: str, name: str, default: str) -> str:
    found = element.find(f"{M}{group}/{M}{name}")
    return default if found is None else found.get(f"{M}val", "")


def _operator(element: "_Element") -> str:
    sign = _property(element, "naryPr", "chr", "∫")
    below, above = _group(element, "sub"), _group(element, "sup")
    bounds = (f"_{below}" if below else "") + (f"^{above}" if above else "")
    return f"{sign}{bounds} {_part(element, 'e')}"


def _delimited(element: "_Element") -> str:
    opening = _property(element, "dPr", "begChr", "(")
    closing = _property(element, "dPr", "endChr", ")")
    between = _property(element, "dPr", "sepChr", "|")
    return opening + between.join(linear(part) for part in element.iterchildren(f"{M}e")) + closing
