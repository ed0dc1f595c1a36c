"""How many tokens a text is: an estimate per script that corrects itself, or Llama 4's own count."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from pipeline.pictures import picture_tokens
from schemas.requests import Message

CharactersByScript = Mapping[str, int]

_MESSAGE_TOKENS = 5  # what a chat template puts around one turn
_PRIOR_TOKENS = 2000.0  # how much the starting weights count against what endpoints report
_CACHED_FROM_CHARACTERS = 20_000  # a whole document is counted once, not once per question about it

# Tokens per character, as a starting point; fitted to Llama 4's tokenizer (docs/decisions/recipes.md).
_WEIGHTS: dict[str, float] = {
    "latin": 0.25,
    "accented": 0.5,
    "digit": 0.42,
    "space": 0.05,
    "mark": 0.6,
    "arabic": 0.42,
    "devanagari": 0.4,
    "thai": 0.38,
    "cyrillic": 0.27,
    "greek": 0.41,
    "hebrew": 0.55,
    "han": 0.66,
    "kana": 0.55,
    "hangul": 0.74,
    "other": 0.6,
}
_SCRIPT_WORDS = {
    "ARABIC": "arabic",
    "DEVANAGARI": "devanagari",
    "THAI": "thai",
    "CYRILLIC": "cyrillic",
    "GREEK": "greek",
    "HEBREW": "hebrew",
    "CJK": "han",
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "HANGUL": "hangul",
}


@lru_cache(maxsize=20_000)
def _script(character: str) -> str:
    if character.isspace():
        return "space"
    if character.isdigit():
        return "digit"
    if character.isascii():
        return "latin" if character.isalpha() else "mark"
    word = unicodedata.name(character, "").partition(" ")[0]
    if word == "LATIN":
        return "accented"
    if word in _SCRIPT_WORDS:
        return _SCRIPT_WORDS[word]
    return "mark" if unicodedata.category(character)[0] in "PS" else "other"


def characters_by_script(text: str) -> CharactersByScript:
    """Return how many characters of each script `text` has."""
    return _counted_once(text) if len(text) >= _CACHED_FROM_CHARACTERS else _counted(text)


def _counted(text: str) -> CharactersByScript:
    scripts: Counter[str] = Counter()
    for character, count in Counter(text).items():
        scripts[_script(character)] += count
    return scripts


_counted_once = lru_cache(maxsize=8)(_counted)


class TokenEstimate:
    """Counts tokens: exactly where `exact` is given, else by weights that follow endpoints' own figures.

    Each report moves the weights of the scripts it holds by the ratio of reported to estimated tokens, in
    proportion to the tokens seen, so that one odd reply cannot throw the estimate.
    """

    def __init__(self, exact: Callable[[str], int] | None = None) -> None:
        self._exact = exact
        self._estimated = dict.fromkeys(_WEIGHTS, _PRIOR_TOKENS)
        self._actual = dict.fromkeys(_WEIGHTS, _PRIOR_TOKENS)

    def count(self, text: str) -> int:
        """Return the tokens of `text`."""
        if self._exact is not None:
            return self._exact(text)
        return round(sum(self._by_script(characters_by_script(text)).values()))

    def count_messages(self, messages: Iterable[Message]) -> int:
        """Return the tokens of a chat, its template's marks and its pictures included."""
        return sum(self.count(message.content) + _marks(message) for message in messages)

    def observe(self, characters: CharactersByScript, actual_tokens: int) -> None:
        """Learn from a text of so many `characters` that an endpoint counted as `actual_tokens`."""
        by_script = self._by_script(characters)
        estimated = sum(by_script.values())
        if estimated <= 0 or actual_tokens <= 0:
            return
        for script, tokens in by_script.items():
            self._estimated[script] += tokens / self._factor(script)
            self._actual[script] += tokens * actual_tokens / estimated

    def observe_messages(self, messages: Iterable[Message], actual_tokens: int) -> None:
        """Learn from a chat that an endpoint counted as `actual_tokens` prompt tokens."""
        total: Counter[str] = Counter()
        marks = 0
        for message in messages:
            total.update(characters_by_script(message.content))
            marks += _marks(message)
        self.observe(total, actual_tokens - marks)

    def _factor(self, script: str) -> float:
        return self._actual[script] / self._estimated[script]

    def _by_script(self, characters: CharactersByScript) -> dict[str, float]:
        return {
            script: count * _WEIGHTS[script] * self._factor(script) for script, count in characters.items()
        }


def _marks(message: Message) -> int:
    """Return the tokens of a turn that are not its text's."""
    return _MESSAGE_TOKENS + sum(map(picture_tokens, message.images))


def llama_token_count() -> Callable[[str], int] | None:
    """Return Llama 4's exact count where the user has installed `llama-models`, else None."""
    try:
        from llama_models.llama4.tokenizer import Tokenizer
    except ImportError:
        return None
    tokenizer = Tokenizer.get_instance()
    return lambda text: len(tokenizer.encode(text, bos=False, eos=False))
