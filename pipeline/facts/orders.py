# patterns read better in one line
"""What in a text speaks to a model: orders to drop its own, to say something, to be somebody else.

A pattern of so many alternatives takes half a second for a megabyte. Each of them holds one of some dozens of
signs, which are looked for in a tenth of that or less; the pattern is tried around those that are there.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

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


_MODELS = ("ai", "llm", "language model", "chatbot", "assistant")
_SIGNS = (
    *("ignor", "disregard", "forget", "override", "bypass", "attention", "from now on", "you are now"),
    *(f"{lead} {model}" for lead, model in product(("dear", "to the", "to any", "to all"), _MODELS)),
    *(
        f"{word}{end}"
        for word, end in product(("note", "message", "instruction"), (" to", " for", "s to", "s for"))
    ),
    *("system prompt", "hidden prompt", "instructions"),
    *(f"{word} {end}" for word, end in product(("respond", "reply", "answer"), ("with", "only with"))),
    *("if you are a", "if you are l", "not follow", "t follow", "never follow", "stop follow", "obey"),
    *(
        f"{model}{space}{word}"
        for model, space, word in product(
            ("ai", "llm"), ("", " "), ("assistant", "model", "agent", "system")
        )
    ),
    *(f"{role}{space}:" for role, space in product(("system", "assistant"), ("", " ", "  "))),
    *("vergiss", "vergessen sie", "missachte", "oublie", "olvid", "abaikan", "bỏ qua", "balewalain"),
    *("पिछले", "पूर्व", "เพิกเฉยต่อ", "ละเว้นคำสั่ง", "تجاهل", "<|", "[inst]", "<<sys"),
)  # fmt: skip
_AROUND = 300  # characters: no alternative is longer, but for words without end
_WHITE = str.maketrans(dict.fromkeys("\t\n\r\x0b\x0c\xa0", " "))


def injections(text: str) -> Iterator[re.Match[str]]:
    """Yield the stretches of `text` that speak to a model."""
    for start, end in _windows(text):
        yield from _INJECTION.finditer(text, start, end)


@lru_cache(maxsize=512)  # the samples of one passage come together
def quoted_orders(text: str) -> tuple[str, ...]:
    """Return the quoted words that `text` wants said."""
    return tuple(_QUOTED_ORDER.findall(text)) if " with " in text.lower().translate(_WHITE) else ()


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Yield where signs stand, with what is around them; all of a text that cannot be compared."""
    plain = text.lower().translate(_WHITE)
    if len(plain) != len(text):  # a letter became two
        yield 0, len(text)
        return
    start = end = -1
    for place in sorted(place for sign in _SIGNS for place in _places(sign, plain)):
        if place - _AROUND > end:
            if end >= 0:
                yield start, end
            start = max(0, place - _AROUND)
        end = min(len(text), place + _AROUND)
    if end >= 0:
        yield start, end


def _places(sign: str, text: str) -> Iterator[int]:
    at = text.find(sign)
    while at >= 0:
        yield at
        at = text.find(sign, at + len(sign))
