"""Tokens as a model counts them, from its tokenizer's file."""

from collections.abc import Callable
from pathlib import Path

import orjson

from schemas.errors import SettingsError


def token_count(folder: Path, setting: str = "tokenizer") -> Callable[[str], int]:
    """Return what counts the tokens of a text with the `tokenizer.json` in a model's folder.

    `setting` is where the folder was named.

    Raises:
        SettingsError: there is no such file, it cannot be read, or the package `tokenizers` is missing.
    """
    try:
        from tokenizers import Tokenizer
    except ModuleNotFoundError as error:
        problem = "needs the package tokenizers; install it with: pip install 'tunesmith[tokenizers]'"
        raise SettingsError(setting, problem) from error
    path = folder / "tokenizer.json"
    try:
        text = path.read_text(encoding="utf-8")
        known = "model" in orjson.loads(text)
    except (OSError, ValueError, TypeError) as error:
        problem = f"{path} cannot be read ({error}); give the folder of a model with its tokenizer.json"
        raise SettingsError(setting, problem) from error
    if not known:
        raise SettingsError(setting, f"{path} describes no tokenizer")
    try:
        tokenizer = Tokenizer.from_str(text)
    except Exception as error:  # the package raises nothing narrower
        raise SettingsError(setting, f"{path} describes no tokenizer: {error}") from error
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False).ids)
