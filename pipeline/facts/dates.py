"""The dates in a text, as they are written in the twelve languages."""

import re
from typing import NamedTuple

# From January on; a name that another one starts with stands for both, as `jan` does for `January`.
_MONTH_NAMES = """
jan,ene,gen,يناير,كانون الثاني,जनवरी,มกราคม,enero
feb,fév,fev,fév,fevereiro,pebrero,فبراير,شباط,फ़रवरी,फरवरी,กุมภาพันธ์
mar,mär,maret,março,marso,مارس,آذار,मार्च,มีนาคม
apr,avr,abr,أبريل,نيسان,अप्रैल,เมษายน
may,mai,mei,mag,mayo,maio,أيار,مايو,मई,พฤษภาคม
jun,juin,giu,hunyo,يونيو,حزيران,जून,มิถุนายน
jul,juil,lug,hulyo,يوليو,تموز,जुलाई,กรกฎาคม
aug,août,aout,ago,agu,أغسطس,آب,अगस्त,สิงหาคม
sep,sept,set,سبتمبر,أيلول,सितंबर,सितम्बर,กันยายน
oct,okt,ott,out,أكتوبر,تشرين الأول,अक्टूबर,अक्तूबर,ตุลาคม
nov,nob,نوفمبر,تشرين الثاني,नवंबर,नवम्बर,พฤศจิกายน
dec,dez,déc,dic,des,dis,ديسمبر,كانون الأول,दिसंबर,दिसम्बर,ธันวาคม
"""
_MONTHS = {
    name: number
    for number, line in enumerate(_MONTH_NAMES.split("\n")[1:-1], start=1)
    for name in line.split(",")
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})[^\W\d_]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|[.º°])?"
_LINK = r"(?:of|de|del|ng|ก)?"
_PATTERNS = (
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})\b"),
    re.compile(r"\b(?P<day>\d{1,2})\.\s?(?P<number>\d{1,2})\.\s?(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<day>\d{1,2}) tháng (?P<number>\d{1,2}),?(?: năm)? (?P<year>\d{4})\b", re.IGNORECASE),
    re.compile(rf"\b{_DAY}\s+{_LINK}\s*{_MONTH},?\s+{_LINK}\s*(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})\b", re.IGNORECASE),
)
_BUDDHIST = 543  # years that Thailand's calendar is ahead
_FIRST_BUDDHIST_YEAR = 2400


class Dated(NamedTuple):
    """The dates of a text as (year, month, day), and the text without them."""

    dates: frozenset[tuple[int, int, int]]
    rest: str


def dated(text: str) -> Dated:
    """Return the dates in `text`. Those in figures parted by slashes may mean two days, and are left."""
    dates: set[tuple[int, int, int]] = set()

    def note(match: re.Match[str]) -> str:
        found = match.groupdict()
        month = _MONTHS[found["month"].casefold()] if found.get("month") else int(found["number"])
        year = int(found["year"])
        dates.add((year - _BUDDHIST if year >= _FIRST_BUDDHIST_YEAR else year, month, int(found["day"])))
        return " "

    for pattern in _PATTERNS:
        text = pattern.sub(note, text)
    return Dated(frozenset(dates), text)
