"""Sentences, headings and tables out of a random generator, in words that typesetting is hard on."""

from random import Random

_SUBJECTS = (
    "The efficient office", "A difficult affidavit", "Every fifth fjord", "The coefficient of friction",
    "An unsatisfactory measurement", "The hydrographical commission", "Renée Åkerström", "Jürgen Weiß",
    "The north-easterly gale", "A well-known pilot", "The first refinement", "Neither harbourmaster",
)  # fmt: skip
_VERBS = (
    "confirms", "affects", "characteristically exceeds", "was found to contradict", "offers", "redefines",
    "has not yet been reconciled with", "specifies", "depends on", "outlives", "is influenced by",
)  # fmt: skip
_OBJECTS = (
    "the classification of sediments", "an afflicted coastline", "the 3.5 % margin of 2019",
    "its own documentation", "“ordinary seamanship”", "the crew’s certificates", "the final configuration",
    "a half-finished breakwater", "the difference between tides", "all 1,284 observations",
    "the confluence of both rivers", "twenty-one independent surveys", "the responsibility of its owners",
)  # fmt: skip
_ENDINGS = (
    "", "", " at low water", ", although the instruments disagreed", " in spite of considerable uncertainty",
    " within 0.4 m of the datum", "; a longer series is needed", " [3]", " between 1998 and 2004",
    " (see Section 2)", ", which nobody had anticipated", " by more than 12 knots",
)  # fmt: skip
_TITLES = (
    "Sedimentation in fjords", "Offshore measurements", "A refined classification", "Instruments",
    "What the pilots said", "Uncertainty and its sources", "Field work in winter", "Results for both rivers",
    "The affected coastline", "Related work", "Limits of the method", "Discussion", "Further observations",
)  # fmt: skip
_COLUMNS = ("Depth (m)", "Wind", "Ships", "Share", "Tide", "2019", "2020", "Loss (%)")
_ROWS = ("Inner bar", "Outer bar", "Fifth buoy", "Old quay", "Eddery", "All stations", "Wick Holm", "Løvøy")
_AUTHORS = ("A. Lindqvist", "J. Weiß and R. Åkerström", "M. Offenbach", "T. Fjellstad et al.")


def sentence(random: Random) -> str:
    """Return one sentence."""
    parts = random.choice(_SUBJECTS), random.choice(_VERBS), random.choice(_OBJECTS)
    return " ".join(parts) + random.choice(_ENDINGS) + "."


def paragraph(random: Random, sentences: int) -> str:
    """Return a paragraph of so many sentences."""
    return " ".join(sentence(random) for _ in range(sentences))


def titles(random: Random, count: int) -> list[str]:
    """Return titles of sections, each another."""
    return random.sample(_TITLES, count)


def table(random: Random) -> list[list[str]]:
    """Return the rows of a table of figures, its header first."""
    columns = random.sample(_COLUMNS, random.randint(2, 4))
    names = random.sample(_ROWS, random.randint(3, 6))
    return [["Place", *columns], *([name, *(_figure(random) for _ in columns)] for name in names)]


def reference(random: Random) -> str:
    """Return an entry of a list of references."""
    title = random.choice(_OBJECTS).replace("“", "").replace("”", "")
    place = f"{random.randint(2, 60)}:{random.randint(1, 400)}, {random.randint(1951, 2023)}"
    return f"{random.choice(_AUTHORS)}. On {title}. Journal of Tides, {place}."


def _figure(random: Random) -> str:
    return random.choice(
        (f"{random.uniform(0, 99):.1f}", f"{random.randint(1, 9)},{random.randint(100, 999)}", "–")
    )
