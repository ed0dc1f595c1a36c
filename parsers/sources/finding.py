"""What would be read: every named path, glob or address, down to single files, without parsing any."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from parsers.sources import objects, web, youtube
from parsers.sources.containers import unfolded
from parsers.sources.files import expect_files, find_files
from parsers.sources.found import Found
from schemas.documents import Source
from schemas.errors import SourceNotFound
from schemas.settings import ParseSettings

_DEFAULTS = ParseSettings()
Unopened = Callable[[Found], Sequence[Source] | None]
_SCHEME = re.compile(r"^([a-zA-Z][a-zA-Z0-9+.-]+)://")


def find(
    uris: Sequence[str], settings: ParseSettings = _DEFAULTS, unopened: Unopened | None = None
) -> Iterator[Found]:
    """Yield the sources that `uris` lead to, in their order, those of a folder sorted by name.

    `unopened` may name the sources in a file, which is then not opened.

    Raises:
        SourceNotFound: one of them leads to nothing; raised before the first source is yielded.
    """
    return chain.from_iterable([_at_least_one(uri, settings, unopened) for uri in uris])


def expect(uris: Sequence[str]) -> None:
    """Look whether named files and folders are there and hold anything, which is cheap to know at once.

    Raises:
        SourceNotFound: one of them is not, or holds no file.
    """
    for uri in uris:
        if not _SCHEME.match(uri):
            expect_files(uri)


def _at_least_one(uri: str, settings: ParseSettings, unopened: Unopened | None) -> Iterator[Found]:
    max_bytes = settings.max_file_mb * 1024 * 1024
    sources = chain.from_iterable(_within(found, max_bytes, unopened) for found in _sources(uri, settings))
    first = next(sources, None)
    if first is None:
        raise SourceNotFound(uri, "holds no file")
    return chain([first], sources)


def _within(found: Found, max_bytes: int, unopened: Unopened | None) -> Iterator[Found]:
    sources = unopened(found) if unopened else None
    if sources is None:
        return unfolded(found, max_bytes)
    return (replace(found, uri=source.uri, source=source) for source in sources)


def _sources(uri: str, settings: ParseSettings) -> Iterator[Found]:
    named = _SCHEME.match(uri)
    scheme = named[1].lower() if named else ""
    if not scheme:
        return find_files(uri)
    if scheme in objects.SCHEMES:
        return objects.find_objects(uri)
    if scheme not in web.SCHEMES:
        known = ", ".join(sorted(web.SCHEMES | objects.SCHEMES))
        raise SourceNotFound(uri, f"addresses that begin with {scheme}:// cannot be read; there are {known}")
    if video := youtube.video_id(uri):
        return youtube.find_transcript(uri, video)
    return web.find_page(uri, allow_private=settings.allow_private_addresses)
