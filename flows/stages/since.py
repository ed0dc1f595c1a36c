"""`since`: local files that are older are not opened, and what the run has of them stays."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from parsers.reading import Found
from parsers.sources.containers import holds_others
from pipeline.store import SourceRow
from schemas.documents import Source
from schemas.errors import UnreadableDocument
from schemas.since import moment_of

LEFT_OUT = "older_than_since"
_MEMBER = re.compile(r"!/|#\d+(!/|$)")  # how the addresses of what stands in a file go on after the file's


def unopened(
    since: str | None, rows: Sequence[SourceRow] = (), stored: Collection[str] = ()
) -> "Unopened | None":
    """Return what stands for older files: `rows` of the last build, whose contents `stored` are at hand."""
    if since is None:
        return None
    moment = moment_of(since, datetime.now().astimezone())
    read = [row for row in rows if row.reason != LEFT_OUT]
    places = sorted((row.uri, number) for number, row in enumerate(read))
    return Unopened(moment.timestamp(), read, stored, places, frozenset(row.size_bytes for row in read))


@dataclass(frozen=True, slots=True)
class Unopened:
    """Called with a file, returns what stands for it without reading it: None where it has to be read.

    That is where it changed since, where its size is another than it was, and where something in it gave no
    document that could be used again. A file that the run does not know at its address is left out (its
    source has no hash), unless it may be a known one that was moved.
    """

    moment: float
    rows: Sequence[SourceRow]
    stored: Collection[str]
    places: Sequence[tuple[str, int]]
    sizes: Collection[int]

    def __call__(self, found: Found) -> list[Source] | None:
        """Return the sources in an older file, in their order."""
        try:
            stat = found.stat() if found.stat else None
        except OSError:  # reading it says what is wrong
            return None
        if stat is None or stat.st_mtime >= self.moment:
            return None
        rows = {(row.uri, row.sha256): row for row in self._rows(found.uri)}
        if not rows:
            source = Source(found.uri, "", "", stat.st_size, "")
            return None if self._may_have_moved(found, stat.st_size) else [source]
        for row in rows.values():
            if row.sha256 not in self.stored or (row.uri == found.uri and row.size_bytes != stat.st_size):
                return None
        return [Source(row.uri, row.media_type, row.sha256, row.size_bytes, "") for row in rows.values()]

    def _may_have_moved(self, found: Found, size: int) -> bool:
        """Whether a file without rows holds what the run knows from another address."""
        if holds_others(found):
            return bool(self.rows)
        if size not in self.sizes:
            return False
        try:
            return sha256(found.load(size).content).hexdigest() in self.stored
        except UnreadableDocument:
            return True  # reading it says what is wrong

    def _rows(self, uri: str) -> list[SourceRow]:
        numbers = [*self._beginning(uri, ""), *self._beginning(uri, "!/"), *self._beginning(uri, "#")]
        return [self.rows[number] for number in sorted(numbers)]

    def _beginning(self, uri: str, sign: str) -> Iterator[int]:
        """Yield the numbers of the rows of a file itself, or of what stands in it after `sign`."""
        place = bisect_left(self.places, (uri + sign, -1))
        while place < len(self.places) and self.places[place][0].startswith(uri + sign):
            rest, number = self.places[place][0][len(uri) :], self.places[place][1]
            if not sign and rest:
                return
            if not rest or _MEMBER.match(rest):
                yield number
            place += 1
