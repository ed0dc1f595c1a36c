"""Web pages and files over HTTP, fetched with care: public addresses, bounded bodies, few redirects."""

import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from pathlib import PurePosixPath
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from parsers.sources.addresses import PrivateAddress, public_address
from parsers.sources.found import Found, Loaded, too_large
from schemas.errors import UnreadableDocument
from schemas.text import whole_text

SCHEMES = frozenset({"http", "https"})
_TIMEOUT_S = 30.0
_TOTAL_S = 300.0
_MAX_REDIRECTS = 5
_CHUNK_BYTES = 256 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_COME_AGAIN = frozenset({429, 502, 503, 504})
_PAUSES_S = (1.0, 4.0, 15.0)
_LONGEST_PAUSE_S = 60.0  # a server that wants more is not waited for
_ENCODINGS = frozenset({"identity", "gzip", "x-gzip", "deflate"})
_GZIP_OR_ZLIB = 32 + zlib.MAX_WBITS
_HEADERS = {
    "User-Agent": "tunesmith (document reader)",
    "Accept": "text/html,application/xhtml+xml,application/pdf,*/*;q=0.8",
    "Accept-Encoding": "identity",
    "Connection": "close",
}


def find_page(uri: str, *, allow_private: bool) -> Iterator[Found]:
    """Yield the page or file at an address; it is fetched when it is loaded."""
    yield Found(uri, partial(_fetch, uri, allow_private))


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str


@dataclass(frozen=True, slots=True)
class _Busy:
    """An answer that says to come again. `after_s` is when, None where it does not say."""

    told: str
    after_s: float | None


def _fetch(uri: str, allow_private: bool, max_bytes: int) -> Loaded:
    address, pauses = uri, list(_PAUSES_S)
    for _ in range(_MAX_REDIRECTS + len(_PAUSES_S) + 1):
        try:
            came = _get(address, uri, allow_private, max_bytes)
        except PrivateAddress as error:
            detail = f"{error}; set parse.allow_private_addresses to fetch it"
            raise UnreadableDocument(uri, "private_address", detail) from error
        except (OSError, HTTPException, ValueError) as error:
            raise UnreadableDocument(uri, "fetch_failed", f"{address}: {error}") from error
        if isinstance(came, Loaded):
            return came
        if isinstance(came, _Redirect):
            address = came.target
            continue
        if not pauses or (came.after_s or 0) > _LONGEST_PAUSE_S:
            raise UnreadableDocument(uri, "fetch_failed", f"{came.told}, also when it is asked again")
        pause = pauses.pop(0)
        time.sleep(pause if came.after_s is None else came.after_s)
    raise UnreadableDocument(uri, "fetch_failed", f"it redirects more than {_MAX_REDIRECTS} times")


def _get(address: str, uri: str, allow_private: bool, max_bytes: int) -> Loaded | _Redirect | _Busy:
    """Return what is at one address, where else to look, or when to ask again."""
    parts = urlsplit(address)
    if parts.scheme not in SCHEMES or not parts.hostname:
        raise UnreadableDocument(uri, "fetch_failed", f"it leads to {address}, which is no web address")
    connection = _connection(parts, allow_private)
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
        connection.request("GET", path + query, headers=_HEADERS)
        response = connection.getresponse()
        if response.status in _REDIRECTS and (target := response.getheader("Location")):
            return _Redirect(urljoin(address, target))
        told = f"the server answers {response.status} {response.reason}".strip()
        if response.status in _COME_AGAIN:
            return _Busy(told, _seconds(response.getheader("Retry-After")))
        if response.status != 200:
            raise UnreadableDocument(uri, "fetch_failed", told)
        content = _body(response, uri, max_bytes)
        return Loaded(content, response.headers.get_content_type(), name=_name(response, address))
    finally:
        connection.close()


def _connection(parts: SplitResult, allow_private: bool) -> HTTPConnection:
    """Return a connection to the very address that was checked: a second look-up could give another."""
    host = parts.hostname or ""
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    address = public_address(host, port, allow_private=allow_private)
    plain = socket.create_connection((address.ip, port), timeout=_TIMEOUT_S)
    if not secure:
        connection = HTTPConnection(host, port, timeout=_TIMEOUT_S)
        connection.sock = plain
        return connection
    context = ssl.create_default_context()
    connection = HTTPSConnection(host, port, timeout=_TIMEOUT_S, context=context)
    try:
        connection.sock = context.wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise
    return connection


def _body(response: HTTPResponse, uri: str, max_bytes: int) -> bytes:
    stated = response.getheader("Content-Length") or ""
    if stated.isdecimal() and int(stated) > max_bytes:
        raise too_large(uri, max_bytes)
    encoding = (response.getheader("Content-Encoding") or "identity").strip().lower()
    if encoding not in _ENCODINGS:
        raise UnreadableDocument(uri, "fetch_failed", f"the server sends it compressed ({encoding}), unasked")
    deadline = time.monotonic() + _TOTAL_S
    parts: list[bytes] = []
    size = 0
    while part := response.read1(_CHUNK_BYTES):
        parts.append(part)
        size += len(part)
        if size > max_bytes:
            raise too_large(uri, max_bytes)
        if time.monotonic() > deadline:
            raise UnreadableDocument(uri, "fetch_failed", f"it took more than {_TOTAL_S:g} s")
    if stated.isdecimal() and size < int(stated):
        raise UnreadableDocument(uri, "fetch_failed", f"only {size} of {stated} bytes came")
    body = b"".join(parts)
    return body if encoding == "identity" else _unpacked(body, uri, max_bytes)


def _unpacked(body: bytes, uri: str, max_bytes: int) -> bytes:
    """Return what a server has compressed although it was asked not to."""
    try:
        content = zlib.decompressobj(_GZIP_OR_ZLIB).decompress(body, max_bytes + 1)
    except zlib.error as error:
        raise UnreadableDocument(uri, "fetch_failed", f"it cannot be unpacked: {error}") from error
    if len(content) > max_bytes:
        raise too_large(uri, max_bytes)
    return content


def _name(response: HTTPResponse, address: str) -> str:
    """Return the file name that the server states, else that of the address it came from; perhaps none."""
    stated = response.headers.get_filename() if response.getheader("Content-Disposition") else None
    path = stated or unquote(urlsplit(address).path)
    name = PurePosixPath(whole_text(path).replace("\\", "/")).name
    return name if stated or PurePosixPath(name).suffix else ""


def _seconds(retry_after: str | None) -> float | None:
    """Return how long a server wants to be left alone, None where it does not say so in seconds."""
    return float(retry_after) if retry_after and retry_after.isdecimal() and len(retry_after) < 9 else None
