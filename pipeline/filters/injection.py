# patterns read better in one line
"""Drops samples that obey, or pass on, what a document says to the model."""

import re
from dataclasses import replace
from functools import lru_cache

from schemas.contracts import FilterEntry, FilterSetup
from schemas.documents import Document, PageNote, PageQuality, Passage
from schemas.registry import filters
from schemas.samples import Sample, Verdict

_OBJECT = r"(?:instruction|prompt|direction|rule|guideline|command|context|message)s?"
_INJECTION = re.compile(
    rf"""\b(?:ignore|disregard|forget|override|bypass)\s(?:\w+\s){{0,3}}(?:previous|prior|above|earlier|preceding|
        your|system|all|these|those)\s(?:\w+\s){{0,2}}{_OBJECT}\b
    |\battention,?\s(?:ai|llm|language\smodel|assistant|chatbot)s?\b
    |\bfrom\snow\son,?\s(?:you\s(?:are|will|must|act)|act|behave|answer)\b
    |(?:^|[.!?]\s)(?:dear|to\s(?:the|any|all))\s(?:ai|llm|language\smodel|chatbot)s?\b
    |\b(?:note|message|instruction|attention)s?\s(?:to|for)\s(?:the\s|any\s|all\s)?
        (?:ai|llm|language\smodel|assistant|chatbot|model)s?\b
    |\byou\sare\snow\s(?:a|an|in|the|dan)\b
    |\b(?:reveal|print|repeat|show|output)\s(?:me\s)?(?:your|the)\s(?:system\sprompt|hidden\sprompt|instructions)\b
    |\b(?:respond|reply|answer)\s(?:only\s)?with\s(?:the\s(?:word|phrase|text)|exactly|["“'])
    |\bif\syou\sare\s(?:an?\s)?(?:ai|llm|language\smodel|assistant)\b
    |\b(?:ignore|forget|disregard)\severything\s(?:above|before|you\s(?:were|have\sbeen|know))\b
    |\b(?:do\snot|don['’]t|never|stop)\s(?:follow|obey)(?:ing)?\s(?:your|the|any)\s(?:earlier|previous|prior|original|system)\b
    |\b(?:ai|llm)\s?(?:assistants?|models?|agents?|systems?)\s(?:reading|processing|seeing|parsing|that\sread|who\sread|must|should)\b
    |\b(?:ignorier(?:e|en\ssie|t)?|vergiss|vergessen\ssie|missachte)\s(?:alle\s|bitte\s|die\s)*(?:vorherigen|vorigen|bisherigen|obigen|früheren|vorangehenden)\s(?:anweisung|regel|befehl|instruktion)
    |\b(?:ignore[zr]?|oublie[zr]?)\s(?:toutes\s)?(?:les|vos|tes)\s(?:instructions|consignes|règles)\s(?:précédentes|antérieures|ci-dessus)
    |\b(?:ignor[ae]|olvid[ae])\s(?:todas\s)?(?:las|tus|sus)\s(?:instrucciones|reglas|indicaciones)\s(?:anteriores|previas|de\sarriba)
    |\bignor[ae]\s(?:todas\s)?(?:as|suas)\s(?:instruções|regras)\s(?:anteriores|prévias|acima)
    |\bignora\s(?:tutte\s)?(?:le|tue|le\stue)\s(?:istruzioni|regole)\s(?:precedenti|sopra)
    |\babaikan\s(?:semua\s)?(?:instruksi|perintah|aturan)\s(?:sebelumnya|di\satas)
    |\bbỏ\squa\s(?:mọi|tất\scả|các)\s(?:các\s)?(?:hướng\sdẫn|chỉ\sdẫn)
    |\bbalewalain\sang\s(?:lahat\sng\s)?(?:mga\s)?(?:naunang|nakaraang)
    |(?:पिछले|पूर्व)\s(?:सभी\s)?(?:निर्देशों|आदेशों)\sको\s(?:अनदेखा|नज़रअंदाज़)
    |เพิกเฉยต่อคำสั่ง|ละเว้นคำสั่งก่อนหน้า
    |تجاهل\s(?:جميع\s|كل\s)?(?:التعليمات|الأوامر)\s(?:السابقة|أعلاه)
    |<\|(?:im_start|system|eot_id|start_header_id)\|>|\[INST\]|<<SYS>>
    |^\s*(?:system|assistant)\s*:\s""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
_QUOTED_ORDER = re.compile(
    r"(?:respond|reply|answer)\s(?:only\s)?with\s(?:the\s(?:word|phrase|text)\s)?(?:exactly\s)?[\"“']([^\"”']{2,80})[\"”']",
    re.IGNORECASE,
)


def with_marks(document: Document) -> Document:
    """Return `document` with a page note for each page that speaks to a model; itself where none does.

    The note's detail counts the places and shows the first. Documents without pages have it on page 1.
    """
    places: dict[int, list[str]] = {}
    for match in _INJECTION.finditer(document.text):
        places.setdefault(document.page_at(match.start()) or 1, []).append(match[0])
    notes = (
        PageNote(page, PageQuality.ADDRESSES_MODEL, f"{len(found)} in all, the first: {_shown(found[0])}")
        for page, found in places.items()
    )
    return replace(document, page_notes=(*document.page_notes, *notes)) if places else document


def _shown(found: str) -> str:
    return " ".join(found.split())[:80]


@lru_cache(maxsize=512)  # the samples of one passage come together
def injections(text: str) -> tuple[str, ...]:
    """Return the stretches of `text` that speak to a model, as marks for whoever reads the document."""
    return tuple(match[0] for match in _INJECTION.finditer(text))


@lru_cache(maxsize=512)
def _orders(text: str) -> tuple[str, ...]:
    """Return the quoted words that `text` wants said."""
    return tuple(_QUOTED_ORDER.findall(text))


class Injection:
    """Compares a sample with the orders that its passages give to models."""

    def __init__(self, setup: FilterSetup) -> None:
        self._seed = setup.seed

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:
        """Return `passes_on_injection` or `obeys_injection`, else a keep.

        The detail of a keep shows what the passages say to a model, if they do.
        """
        told = "\n".join(sample.answers)
        said = f"{sample.question}\n{told}\n{sample.reasoning or ''}"
        if found := _INJECTION.search(said):
            return Verdict("injection", keep=False, reason="passes_on_injection", detail=found[0][:80])
        orders = (order for passage in passages for order in _orders(passage.text))
        obeyed = next((order for order in orders if order.casefold() in told.casefold()), "")
        if obeyed:
            return Verdict("injection", keep=False, reason="obeys_injection", detail=obeyed)
        seen = next((found for passage in passages for found in injections(passage.text)), "")
        return Verdict("injection", keep=True, detail=f"its source says: {_shown(seen)}" if seen else "")


filters.add(
    "injection", FilterEntry(Injection, "does not obey or repeat orders that a document gives to models")
)
