"""The claims that an answer makes, split in code so that none can be left out."""

import re

from schemas.samples import Sample

_MAX_CLAIMS = 40
_ITEM = re.compile(r"^\s*(?:[-*•]|\d{1,3}[.)])\s+")


def claims(sample: Sample) -> tuple[str, ...]:
    """Return the sentences, list items and table rows of all answers, in order.

    The last of at most 40 claims holds all the rest of a longer answer.
    """
    said = "\n".join(sample.answers)
    found = [claim for line in said.splitlines() for claim in _line_claims(line, sample.language)]
    if len(found) > _MAX_CLAIMS:
        found[_MAX_CLAIMS - 1 :] = [" ".join(found[_MAX_CLAIMS - 1 :])]
    return tuple(found)


def _line_claims(line: str, language: str | None) -> list[str]:
    if not any(character.isalnum() for character in line):
        return []
    from sentencex import segment

    text = _ITEM.sub("", line).strip()
    return [sentence.strip() for sentence in segment(language or "en", text) if sentence.strip()]
