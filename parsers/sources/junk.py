"""Files that lie around in folders and archives without being documents."""

_JUNK = frozenset({"Thumbs.db", "desktop.ini", "__MACOSX"})


def is_junk(name: str) -> bool:
    """Whether a file or folder of this name is no document: hidden, a lock file, a system's own."""
    return name.startswith((".", "~$")) or name in _JUNK
