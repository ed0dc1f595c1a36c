# one form a line
"""Worked solutions in the ways that people and models write them, with and without a wrong result."""

import random
from dataclasses import dataclass

_THINGS = ("pumps", "boxes", "litres", "euros", "hours", "tickets")
_MISSED = ("so the total comes to {r}", "that makes {r} in all")


@dataclass(frozen=True, slots=True)
class Solution:
    """A worked solution. `wrong` says that one of its results was changed."""

    text: str
    wrong: bool


def labelled_solutions(count: int, seed: int) -> list[Solution]:
    """Return solutions of two or three steps, half of them with one wrong result."""
    random_ = random.Random(seed)
    made = []
    for at in range(count):
        steps = [_step(random_) for _ in range(random_.choice((2, 3)))]
        wrong = at % 2 == 1
        spoilt = random_.randrange(len(steps)) if wrong else -1
        lines = [
            form.format(r=_other(result, random_) if n == spoilt else result)
            for n, (form, result) in enumerate(steps)
        ]
        made.append(Solution("\n".join(lines), wrong))
    return made


def _step(random_: random.Random) -> tuple[str, str]:
    a, b, c = random_.randint(11, 990), random_.randint(2, 90), random_.randint(2, 9)
    thing = random_.choice(_THINGS)
    forms = [
        (f"First, {a} + {b} = {{r}} {thing}.", f"{a + b}"),
        (f"Each costs ${a:,}, so {b} × ${a:,} = ${{r}}.", f"{a * b:,}"),
        (f"({a} - {b}) / {c} = {{r}}", f"{(a - b) / c:.2f}"),
        (f"The change is ({a + b} − {a}) / {a} = {{r}}%.", f"{100 * b / a:.1f}"),
        (f"{c}% of {a} is {c}% × {a} = {{r}}.", f"{c * a / 100:.2f}"),
        (f"{a} {thing} / {c} {thing} ≈ {{r}}", f"{a / c:.1f}"),
        (f"{a} * {b} + {c} = {{r}}", f"{a * b + c}"),
        (f"**Step:** {a} {thing} × {c} = {{r}} {thing}", f"{a * c}"),
    ]
    if random_.random() < 0.07:  # a result in words only, which no rule can do again
        return f"There are {a} and {b}, {random_.choice(_MISSED)}.", f"{a + b}"
    return random_.choice(forms)


def _other(result: str, random_: random.Random) -> str:
    places = [at for at, digit in enumerate(result) if digit.isdigit()]
    at = random_.choice(places[: max(1, len(places) - 1)])
    digit = random_.choice([digit for digit in "123456789" if digit != result[at]])
    return result[:at] + digit + result[at + 1 :]
