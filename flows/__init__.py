"""Prefect flows over plain stage functions, and the command line. It decides nothing.

From Python: `from flows import build; result = build(["docs/"], recipes=["qa"])`.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.api import Result as Result
    from flows.api import build as build
    from flows.api import review as review

_PUBLIC = ("Result", "build", "review")


def __getattr__(name: str) -> object:
    """Load the Python interface when it is asked for: the command line's `--help` must stay instant."""
    if name in _PUBLIC:
        from flows import api

        return getattr(api, name)
    raise AttributeError(name)
