"""What a Markdown file says of itself above its text, in YAML or TOML."""

import re
from dataclasses import dataclass
from typing import Any

from schemas.documents import Metadata

_YAML = re.compile(r"\A---[ \t]*\n(?P<facts>.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(?P<facts>.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.S | re.M)
_MAX_FRONT_MATTER = 100_000


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What is stated, the language in it, and where the text begins."""

    metadata: Metadata
    language: str | None
    end: int


def front_matter(text: str) -> FrontMatter:
    """Return what stands above a text; nothing where it is no mapping."""
    if found := _YAML.match(text):
        facts = _facts(found["facts"])
    elif found := _TOML.match(text):
        facts = _toml_facts(found["facts"])
    else:
        return FrontMatter(Metadata(), None, 0)
    return FrontMatter(_metadata(facts), facts.get("lang"), found.end())


def _facts(yaml_text: str) -> dict[str, str]:
    """Return what YAML states, as text; nothing if it is no mapping."""
    import yaml

    if len(yaml_text) > _MAX_FRONT_MATTER or ("&" in yaml_text and "*" in yaml_text):
        return {}
    try:
        loaded = yaml.safe_load(yaml_text)
    except (yaml.YAMLError, ValueError):  # the 31st of a 13th month is no YAML error
        return {}
    if not isinstance(loaded, dict):
        return {}
    return _lowered(loaded)


def _toml_facts(toml_text: str) -> dict[str, str]:
    import tomllib

    try:
        return _lowered(tomllib.loads(toml_text[:_MAX_FRONT_MATTER]))
    except tomllib.TOMLDecodeError:
        return {}


def _lowered(loaded: dict[Any, Any]) -> dict[str, str]:
    return {str(key).lower(): _shown(value) for key, value in loaded.items() if value is not None}


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _metadata(facts: dict[str, str]) -> Metadata:
    return Metadata(
        title=facts.get("title", ""),
        author=facts.get("author", facts.get("authors", "")),
        created=facts.get("date", ""),
        modified=facts.get("updated", facts.get("lastmod", "")),
        canonical_url=facts.get("canonical_url", facts.get("url", "")),
    )
