"""YouTube addresses: the video's transcript, where the optional library can fetch one."""

import re
from collections.abc import Iterator
from functools import partial
from urllib.parse import parse_qs, urlsplit

from parsers.sources.found import Found, Loaded
from schemas.errors import UnreadableDocument

_HOSTS = frozenset({"youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "www.youtu.be"})
_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_INSTALL = "reading it needs one more package: pip install 'tunesmith[youtube]'"
_BY_HAND = "save its transcript as a .vtt or .srt file, and pass that"


def video_id(uri: str) -> str | None:
    """Return the id of the video that an address shows, None for any other address."""
    parts = urlsplit(uri)
    if parts.hostname not in _HOSTS:
        return None
    last = parts.path.rstrip("/").rpartition("/")[2]
    stated = parse_qs(parts.query).get("v", [last])[0]
    return stated if _ID.fullmatch(stated) else None


def find_transcript(uri: str, video: str) -> Iterator[Found]:
    """Yield a video's transcript; it is fetched when it is loaded."""
    yield Found(uri, partial(_fetch, uri, video))


def _fetch(uri: str, video: str, _: int) -> Loaded:
    try:
        from youtube_transcript_api import YouTubeTranscriptApi, YouTubeTranscriptApiException
    except ImportError as error:
        raise UnreadableDocument(uri, "needs_package", f"{_INSTALL}; or {_BY_HAND}") from error
    try:
        transcripts = YouTubeTranscriptApi().list(video)
        transcript = next(iter(transcripts)).fetch()
    except (YouTubeTranscriptApiException, OSError, StopIteration) as error:
        first = (str(error).strip().splitlines() or ["no transcript"])[0]
        raise UnreadableDocument(uri, "no_transcript", f"{first}; {_BY_HAND}") from error
    cues = (f"{_time(cue.start)} --> {_time(cue.start + cue.duration)}\n{cue.text}\n" for cue in transcript)
    return Loaded("WEBVTT\n\n{}".format("\n".join(cues)).encode(), "text/vtt", f"YouTube video {video}")


def _time(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes // 60):02d}:{int(minutes % 60):02d}:{rest:06.3f}"
