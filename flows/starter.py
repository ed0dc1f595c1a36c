"""The commented settings file that `tunesmith init` writes, made from the settings model itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from schemas.errors import SettingsError
from schemas.settings import Settings

# What a first file says aloud; all else stands there as a comment, with its default.
_SAID: dict[str, Any] = {"sources": ["docs/"], "out": "runs/first", "recipes": [{"qa": 3}, {"cot": 1}]}

_HEAD = """\
# Settings for tunesmith. What stands behind a mark is a default: remove the mark to change it.
# Keys of models are never written here: they come from environment variables (see: tunesmith list providers).
#
#   tunesmith build --config {path} --dry-run    what would be done, and what it would cost
#   tunesmith build --config {path}              do it; run it again to go on after an interruption
"""


def write_starter(path: Path, *, replace: bool = False) -> None:
    """Write the file.

    Raises:
        SettingsError: a file is there already, or cannot be written.
    """
    try:
        with path.open("w" if replace else "x", encoding="utf-8") as file:
            file.write("\n".join([_HEAD.format(path=path), *_lines(Settings, "")]) + "\n")
    except FileExistsError as error:
        raise SettingsError("", f"{path} is there already; pass --force to replace it") from error
    except OSError as error:
        raise SettingsError("", f"{path} cannot be written ({error.strerror})") from error


def _lines(model: type[BaseModel], indent: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        section = field.annotation
        if isinstance(section, type) and issubclass(section, BaseModel):
            yield ""
            yield f"{indent}# {(section.__doc__ or '').strip().splitlines()[0]}"
            yield f"{indent}# {name}:"
            yield from _lines(section, f"{indent}#   ")
        else:
            yield _setting(name, field, indent)


def _setting(name: str, field: FieldInfo, indent: str) -> str:
    said = not indent and name in _SAID
    value = _SAID[name] if said else _plain(field.get_default(call_default_factory=True))
    text = yaml.safe_dump(value, default_flow_style=True, width=10_000).removesuffix("...\n").strip()
    mark = "" if said else indent or "# "
    return f"{mark}{name}: {text}" + (f"  # {field.description}" if field.description else "")


def _plain(value: object) -> object:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
