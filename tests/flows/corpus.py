"""A corpus that grows and changes: small documents, no two of which say the same."""

import random
from pathlib import Path

_WORDS = [
    "amber",
    "basin",
    "cedar",
    "delta",
    "ember",
    "fjord",
    "glade",
    "harbor",
    "island",
    "jungle",
    "kernel",
    "lagoon",
    "meadow",
    "nectar",
    "orchard",
    "prairie",
    "quarry",
    "ridge",
]


def write_document(folder: Path, name: str, edition: int = 1) -> Path:
    """Write a document of a few facts, other ones in each edition, and return its path."""
    draw = random.Random(f"{name}/{edition}")
    lines = [f"# Station {name}, edition {edition}\n"]
    for part in ("Water", "Power", "Crew"):
        lines.append(f"\n## {part} of station {name}\n")
        for _ in range(2):
            words = draw.sample(_WORDS, 4)
            lines.append(
                f"The {words[0]} {words[1]} of station {name} holds {draw.randrange(100, 99999)} litres of "
                f"{words[2]} water near the {words[3]} gate."
            )
        lines.append(f"\nA **{words[0]} {words[1]}** is the tank at station {name} that holds {words[2]}.\n")
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}.md"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def write_documents(folder: Path, count: int) -> Path:
    """Write `count` documents, called s0.md, s1.md and so on, and return `folder`."""
    for number in range(count):
        write_document(folder, f"s{number}")
    return folder
