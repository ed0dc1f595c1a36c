"""Where settings come from: a run's own, a YAML file, and what was said on the spot, in that order."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.store import read_run
from schemas.errors import RunFolderError, SettingsError, one_line
from schemas.settings import Settings, load_settings

DEFAULT_OUT = "runs/latest"


def configure(said: Mapping[str, Any], config: Path | None = None) -> Settings:
    """Return the settings of a run. `said` has what the command line or Python named, and nothing else.

    Without sources or a file, the settings that a run folder was made with are the base: naming the folder is
    enough to go on with it.

    Raises:
        SettingsError: a file that is no YAML mapping, an unknown key, a value that cannot be used.
    """
    layers: list[Mapping[str, Any]] = []
    if config is not None:
        layers.append(settings_in(config))
    elif not said.get("sources"):
        layers.append(_of_run(str(said.get("out") or DEFAULT_OUT)))
    return load_settings(*layers, said)


def settings_in(path: Path) -> Mapping[str, Any]:
    """Return the settings in a YAML file.

    Raises:
        SettingsError: it cannot be read, or is no YAML mapping.
    """
    import yaml

    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError("", f"{path}: {error.strerror}") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError("", f"{path} is not valid YAML: {one_line(error)}") from error
    if values is None:
        return {}
    if not isinstance(values, dict):
        raise SettingsError("", f"{path} must hold settings by name, as in 'model: openai/gpt-4.1'")
    return values


def _of_run(folder: str) -> Mapping[str, Any]:
    try:
        manifest = read_run(folder).manifest()
    except RunFolderError:
        return {}
    return manifest.settings.model_dump(mode="json") if manifest else {}
