"""Web pages and files over HTTP, fetched with care: public addresses, bounded bodies, few redirects."""

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from parsers.sources.addresses import PrivateAddress, public_address
from parsers.sources.found import Found, Loaded, too_large
from schemas.errors import UnreadableDocument

SCHEMES = frozenset({"http", "https"})
_TIMEOUT_S = 30.0
_TOTAL_S = 300.0
_MAX_REDIRECTS = 5
_CHUNK_BYTES = 256 * 1024
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
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


def _fetch(uri: str, allow_private: bool, max_bytes: int) -> Loaded:
    address = uri
    for _ in range(_MAX_REDIRECTS + 1):
        try:
            came = _get(address, uri, allow_private, max_bytes)
        except PrivateAddress as error:
            detail = f"{error}; set parse.allow_private_addresses to fetch it"
            raise UnreadableDocument(uri, "private_address", detail) from error
        except (OSError, HTTPException, ValueError) as error:
            raise UnreadableDocument(uri, "fetch_failed", f"{address}: {error}") from error
        if isinstance(came, Loaded):
            return came
        address = came.target
    raise UnreadableDocument(uri, "fetch_failed", f"it redirects more than {_MAX_REDIRECTS} times")


def _get(address: str, uri: str, allow_private: bool, max_bytes: int) -> Loaded | _Redirect:
    """Return what is at one address, or where else to look."""
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
        if response.status != 200:
            detail = f"the server answers {response.status} {response.reason}".strip()
            raise UnreadableDocument(uri, "fetch_failed", detail)
        content = _body(response, uri, max_bytes)
        return Loaded(content, response.headers.get_content_type())
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
    if (response.getheader("Content-Encoding") or "identity") != "identity":
        raise UnreadableDocument(uri, "fetch_failed", "the server sends it compressed, unasked")
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
    return b"".join(parts)
