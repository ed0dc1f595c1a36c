"""The words of a text, and which of them carry meaning."""

import re
import unicodedata
from functools import lru_cache

# Vowel signs and other marks on letters, which `\w` takes for the end of a word. Thai is left out: it parts
# no words, and pieces between its marks are nearer to words than whole phrases are.
MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0903\u093a-\u094f\u0955-\u0957\u0962\u0963"
WORD = rf"\w[\w{MARKS}]*"
_WORD = re.compile(rf"{WORD}(?:['’.\-/]{WORD})*")
_STOP_WORDS = """
a an the this that these those it its they them their there here he she his her him you your we our us i
me my and or but nor so yet if then than as at by for from in into of off on onto out over to up with
without within about above below under after before between during through per via is are was were be
been being am do does did done has have had having will would shall should can could may might must not
no yes only also both each every all any some such same other another more most less least very much many
few how what when where which who whom whose why because while until since just too own one ones
according answer der die das den dem des ein eine einen einem einer und oder ist sind war waren wird
werden mit von zu im in für auf aus bei nach nicht auch als wie was wer wann wo le la les un une des du
de et ou est sont dans par pour sur avec que qui ne pas plus el los las una y o es son en con por para
del al se su il lo gli i e di da che non um os as é são no na dos das ao yang dan di ke dari untuk pada
adalah ini itu và của là có các những được cho trong với một ang ng sa mga ay at si ni para nang في من على
إلى أن هذا هذه ذلك التي الذي مع عن أو كان के का की को में है हैं से पर और यह वह ने एक भी तो कि इस उस था थे थी
"""
_STOP = frozenset(_STOP_WORDS.split())


@lru_cache(maxsize=65_536)
def folded(word: str) -> str:
    """Return a word without case, accents of width, and possessive."""
    return unicodedata.normalize("NFKC", word).casefold().removesuffix("'s").removesuffix("’s")


def words(text: str) -> list[str]:
    """Return the folded words of `text` in reading order. A hyphenated word is one word."""
    return [folded(word) for word in _WORD.findall(text)]


def stem(word: str) -> str:
    """Return a crude stem, so that `filters` meets `filtering`: at most the first six letters, less -s."""
    bare = word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
    return bare[:6] if len(bare) > 7 else bare


def content_stems(text: str) -> set[str]:
    """Return the stems of the words in `text` that carry meaning."""
    return {stem(word) for word in words(text) if word not in _STOP}
