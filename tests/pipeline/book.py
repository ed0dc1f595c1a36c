"""A book of our own generation, as long as wanted, in which no sentence comes twice."""

from collections.abc import Iterator

_PLACES = ("Skaro", "Ulm", "Tern Point", "the North works", "Kestrel Bay", "the old dock", "Hall Seven")
_THINGS = ("pump", "filter", "winch", "boiler", "gauge", "rudder", "generator", "compressor", "valve")
_DEEDS = (
    "was inspected by the harbour office in {year} and rated for {number} litres an hour",
    "has to be greased after {number} hours of service, or sooner where the water carries sand",
    "was moved there in {year}, when its predecessor had failed after {number} days at sea",
    "draws {number} watts at full load, and is switched off by hand whenever the watch changes",
    "cost {number} euros in {year}, including its spare parts and the training of its two keepers",
)
CHARACTERS_PER_PAGE = 2_100
_SENTENCES = 34


def book(pages: int) -> str:
    """Return a Markdown book of so many pages: chapters of ten sections, of about two pages each."""
    parts: list[str] = ["# The harbour's machines"]
    size, section = 0, 0
    while size < pages * CHARACTERS_PER_PAGE:
        if section % 10 == 0:
            parts.append(f"## Chapter {section // 10 + 1}")
        paragraphs = list(_paragraphs(section))
        parts += [f"### Machines of berth {section + 1}", *paragraphs]
        size += sum(map(len, paragraphs))
        section += 1
    return "\n\n".join(parts) + "\n"


def _paragraphs(section: int) -> Iterator[str]:
    sentences = [_sentence(section * _SENTENCES + number) for number in range(_SENTENCES)]
    for start in range(0, _SENTENCES, _SENTENCES // 2):
        yield " ".join(sentences[start : start + _SENTENCES // 2])


def _sentence(number: int) -> str:
    thing, place = _THINGS[number % len(_THINGS)], _PLACES[number % len(_PLACES)]
    deed = _DEEDS[number % len(_DEEDS)].format(year=1900 + number % 120, number=1000 + number * 7)
    return f"The {thing} number {number + 1} of {place} {deed}."
