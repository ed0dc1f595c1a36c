"""Settings as single names and values, as in `passages.max_tokens`."""

from collections.abc import Iterator, Mapping

from schemas.settings import Settings


def flat_settings(settings: Settings, *, chosen_only: bool = False) -> dict[str, str]:
    """Return every setting by its dotted name, `chosen_only` those that differ from their defaults.

    Passwords are never among them.
    """
    return dict(_flat(settings.model_dump(mode="json", exclude_defaults=chosen_only), ""))


def _flat(values: Mapping[str, object], above: str) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{above}{key}.")
        elif isinstance(value, list):
            yield f"{above}{key}", ", ".join(_item(item) for item in value)
        else:
            yield f"{above}{key}", str(value)


def _item(item: object) -> str:
    """Return one of a list's items, a plug-in as `name` or `name:count`."""
    if isinstance(item, Mapping) and "name" in item:
        return f"{item['name']}:{item['count']}" if item.get("count") else str(item["name"])
    return str(item)
