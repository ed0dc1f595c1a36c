"""Prefect flows over plain stage functions, and the command line. It decides nothing.

From Python: `from flows import build; result = build(["docs/"], recipes=["qa"])`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.api import Result as Result
    from flows.api import build as build
    from flows.api import review as review

_PACKAGES = ("schemas", "parsers", "pipeline", "output")
_PUBLIC = ("Result", "build", "review")


def __getattr__(name: str) -> object:
    """Load the Python interface when it is asked for: the command line's `--help` must stay instant."""
    if name in _PUBLIC:
        _check_packages()
        from flows import api

        return getattr(api, name)
    raise AttributeError(name)


def _check_packages() -> None:
    """Refuse to go on where a script's own folder has a module of one of our packages' names.

    Raises:
        ImportError: it has; names the file.
    """
    from importlib.util import find_spec
    from pathlib import Path

    for name in _PACKAGES:
        spec = find_spec(name)
        ours = Path(__file__).parents[1] / name
        if spec is not None and spec.origin and Path(spec.origin).parent != ours:
            problem = f"{spec.origin} stands in the way of tunesmith's own package '{name}'"
            raise ImportError(f"{problem}; rename it, or start your script from another folder")
