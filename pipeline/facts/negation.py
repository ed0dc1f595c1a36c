"""Whether a statement is denied, in the languages that Llama 4 speaks."""

import re

from pipeline.facts.words import WORD

_NEGATION_WORDS = """
not never no none neither nor cannot without nobody nothing nicht nie kein keine keinen keiner ohne
pas jamais aucun aucune nunca ningún ninguna não nem nenhum nenhuma non mai nessun nessuno senza
tidak bukan belum jangan không chưa hindi wala huwag नहीं मत ليس لا لم لن غير
"""
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
_WORD = re.compile(rf"{WORD}(?:['’]{WORD})?")
_THAI = re.compile("ไม่|มิได้|ห้าม")


def is_negated(text: str) -> bool:
    """Return whether an odd number of negations stands in `text`."""
    words = (word.casefold() for word in _WORD.findall(text))
    count = sum(word in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words)
    return bool((count + len(_THAI.findall(text))) % 2)
