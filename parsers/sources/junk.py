"""Files that lie around in folders and archives without being documents."""

from pathlib import PurePosixPath

_JUNK = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})


def is_junk(name: str) -> bool:
    """Whether a file or folder of this name is no document: hidden, a lock file, a system's own."""
    return name.startswith((".", "~$")) or name in _JUNK


def is_junk_path(path: str) -> bool:
    """Whether a member of an archive is no document: it has no name, or junk stands somewhere in its path."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    return not parts or any(is_junk(part) for part in parts if part not in (".", ".."))
