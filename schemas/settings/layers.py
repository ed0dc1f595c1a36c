"""Settings from several places: later ones go before earlier ones."""

from collections.abc import Mapping
from typing import Any

from schemas.settings.run import Settings
from schemas.strict import validated


def load_settings(*layers: Mapping[str, Any]) -> Settings:
    """Return settings from mappings, later ones over earlier ones, sections merged key by key.

    Raises:
        SettingsError: a key is unknown (the message names the nearest), or a value cannot be used.
    """
    merged: dict[str, Any] = {}
    for layer in layers:
        merged = _merged(merged, layer)
    return validated(Settings, merged)


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(below)
    for key, value in above.items():
        known = result.get(key)
        if isinstance(value, Mapping) and isinstance(known, Mapping):
            result[key] = _merged(known, value)
        else:
            result[key] = value
    return result
