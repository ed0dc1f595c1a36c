"""A folder of Parquet files, each a shard of some whole."""

import re

from pipeline.places import Place
from schemas.errors import RunFolderError

SUFFIX = ".parquet"
NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


class Shards:
    """The shards below one folder, by name. A shard that is there is whole."""

    def __init__(self, folder: Place) -> None:
        self.folder = folder

    def path(self, shard: str) -> Place:
        """Return where a shard stands, or would stand.

        Raises:
            ValueError: the name could lead out of the folder, or hide.
        """
        if not NAME.fullmatch(shard):
            raise ValueError(f"'{shard}' cannot name a shard: letters, digits, '.', '_' and '-' can")
        return self.folder / f"{shard}{SUFFIX}"

    def names(self) -> list[str]:
        """Return the names of the shards that are there, sorted."""
        return sorted(path.stem for path in self._files())

    def oldest_first(self) -> list[str]:
        """Return the names of the shards that are there, the latest written last."""
        files = sorted(self._files(), key=lambda file: (file.stat().st_mtime_ns, str(file)))
        return [file.stem for file in files]

    def remove(self, shard: str) -> None:
        """Remove a shard if it is there."""
        try:
            self.path(shard).unlink(missing_ok=True)
        except OSError as error:
            raise RunFolderError(str(self.path(shard)), f"cannot be removed ({error.strerror})") from error

    def _files(self) -> list[Place]:
        return [path for path in self.folder.glob(f"*{SUFFIX}") if not path.name.startswith(".")]
