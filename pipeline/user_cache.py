"""This user's folder for what may be lost: everything in it can be made or learnt again."""

import os
import sys
from pathlib import Path


def user_cache() -> Path:
    """Return the folder, which need not exist: below `XDG_CACHE_HOME`, else where the system has caches."""
    if cache := os.environ.get("XDG_CACHE_HOME"):
        home = Path(cache)
    elif sys.platform == "win32":
        home = Path(os.environ.get("LOCALAPPDATA") or Path.home())
    elif sys.platform == "darwin":
        home = Path.home() / "Library" / "Caches"
    else:
        home = Path.home() / ".cache"
    return home / "tunesmith"
