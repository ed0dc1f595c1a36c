"""The Prefect server that the user has set: where it is, and whether it can be used."""

import json
import os
import re
import tomllib
import urllib.error
import urllib.request
from importlib.metadata import version
from pathlib import Path

from schemas.errors import ServerFailed


def standing_server() -> str:
    """Return the address of the server that is set, and answers, and is of a version that fits.

    Raises:
        ServerFailed: none is set, or `check_server` refuses it.
    """
    url = configured_server()
    if url is None:
        raise ServerFailed("is not set", "start one (prefect server start) and set PREFECT_API_URL")
    check_server(url)
    return url


def check_server(url: str) -> None:
    """Make sure that the server at `url` can be used.

    Raises:
        ServerFailed: nothing answers there, or something that is not Prefect; it wants a key; or it is older
            than this client, or of a later major version.
    """
    if not _is_prefect(url):
        return  # a hosted one, which says little of itself
    ours, theirs = version("prefect"), _version_of(url)
    if _numbers(theirs)[:1] > _numbers(ours)[:1]:
        raise ServerFailed(
            f"at {url} is of version {theirs}, which the {ours} here cannot talk to",
            "set PREFECT_API_URL to one of the same major version, or pass --direct",
        )
    if _numbers(theirs)[:2] < _numbers(ours)[:2]:
        raise ServerFailed(
            f"at {url} is of version {theirs}, older than the {ours} here", f"upgrade it to {ours} or later"
        )


def _is_prefect(url: str) -> bool:
    """Whether the server at `url` says that it is Prefect's; a hosted one with its key need not.

    Raises:
        ServerFailed: it does not answer, says otherwise, or wants a key.
    """
    try:
        if _asked(url, "health") is True:
            return True
    except urllib.error.HTTPError as error:
        if error.code < 500 and _has_key():
            return False
        if error.code in (401, 403):
            raise _wants_key(url) from error
        if error.code >= 500:
            raise _silent(url) from error
    except json.JSONDecodeError:
        pass
    except (OSError, ValueError) as error:
        raise _silent(url) from error
    looks = "that it names Prefect's API" if url.rstrip("/").endswith("/api") else f"whether it is {url}/api"
    raise ServerFailed(f"is not what answers at {url}", f"look at PREFECT_API_URL: see {looks}")


def _has_key() -> bool:
    return bool(_configured("PREFECT_API_KEY") or _configured("PREFECT_API_AUTH_STRING"))


def _wants_key(url: str) -> ServerFailed:
    return ServerFailed(f"at {url} wants a key", "set PREFECT_API_KEY, or PREFECT_API_AUTH_STRING")


def _silent(url: str) -> ServerFailed:
    return ServerFailed(f"at {url} does not answer", "start it, unset PREFECT_API_URL, or pass --direct")


def _asked(url: str, what: str) -> object:
    """Return what Prefect's API says of itself: JSON, which a page for people is not."""
    with urllib.request.urlopen(f"{url.rstrip('/')}/{what}", timeout=5) as response:  # noqa: S310  # http(s)
        return json.load(response)


def _version_of(url: str) -> str:
    """Return the server's version.

    Raises:
        ServerFailed: it wants a key first, or does not tell.
    """
    try:
        return str(_asked(url, "admin/version"))
    except urllib.error.HTTPError as error:
        if error.code in (401, 403) and not _has_key():
            raise _wants_key(url) from error
        raise ServerFailed(f"at {url} answers HTTP {error.code}", "see to it, or pass --direct") from error
    except (OSError, ValueError) as error:
        raise _silent(url) from error


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


def configured_server() -> str | None:
    """Return the address of the Prefect server that the environment or the user's profile names."""
    return _configured("PREFECT_API_URL")


def _configured(name: str) -> str | None:
    """Return one of Prefect's settings from the environment or the user's profile, without importing it."""
    if value := os.environ.get(name):
        return value
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    path = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml"))
    try:
        profiles = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError):
        return None
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active"))
    value = profiles.get("profiles", {}).get(active, {}).get(name)
    return value if isinstance(value, str) else None


def answers(url: str) -> bool:
    """Whether Prefect's API is at `url`."""
    try:
        return _asked(url, "health") is True
    except (OSError, ValueError):
        return False
