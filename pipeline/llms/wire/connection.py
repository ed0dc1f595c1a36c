"""One endpoint's HTTP client, built from the `openai` package: its keys, headers and aiohttp transport.

Requests go through its transport as bytes, and responses come back unread: its own call costs twice the
processor time of the whole rest (docs/decisions/gateway.md). Retries and the meaning of errors are ours.
"""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Coroutine, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from pipeline.llms.wire.body import Body
from pipeline.llms.wire.trouble import Trouble, trouble_in_connection, trouble_in_status
from schemas.registry import providers
from schemas.requests import FailureReason

if TYPE_CHECKING:
    import httpx2

_CONNECT_S = 20.0
_FORBIDDEN = 403
_NO_KEY = "none"  # local servers ask for none, and the client wants one
_SET_KEY = "export {key_variable}=... and run the same command again"
_KEY = re.compile(r"[!#-&(-~]+")  # printable ASCII without quotes and blanks
_JSON = {"Content-Type": "application/json"}
_WHOLE_BYTES = 256 << 10
_PIECE_BYTES = 64 << 10


class EndpointTrouble(Exception):
    """A request that got no reply, and why."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__(trouble.detail)


@dataclass(frozen=True, slots=True)
class Response:
    """A successful response. Header names are lower case."""

    body: bytes
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Pieces:
    """A long body, handed over as fast as the server reads: given whole, each connection would copy it."""

    body: Body

    async def __aiter__(self) -> AsyncIterator[bytes]:
        """Yield it piece by piece."""
        for part in self.body:
            for start in range(0, len(part), _PIECE_BYTES):
                yield part[start : start + _PIECE_BYTES]


class Connection:
    """A keep-alive pool of connections to one endpoint."""

    def __init__(
        self,
        base_url: str,
        http: "httpx2.AsyncClient",
        headers: Mapping[str, str],
        key: str,
        missing: str = "",
    ) -> None:
        """Hold the client. `missing` says why nothing may be sent, empty where all is there."""
        self._base_url = base_url.rstrip("/")
        self._http = http
        self._headers = dict(headers)
        self._json_headers = {**headers, **_JSON}
        self._key = key
        self._missing = missing

    async def post(self, path: str, body: Body, timeout_s: float) -> Response:
        """Return the response to a JSON body.

        Raises:
            EndpointTrouble: there is none, or it says no.
        """
        return await self._reply(self._sent(path, body, timeout_s), timeout_s)

    async def get(self, path: str, timeout_s: float) -> Response:
        """Return what stands at `path`.

        Raises:
            EndpointTrouble: nothing does.
        """
        sending = self._http.get(self._url(path), headers=self._headers, timeout=_limits(timeout_s))
        return await self._reply(sending, timeout_s)

    async def upload(self, content: bytes, timeout_s: float) -> Response:
        """Return the response to a file of requests for the batch API.

        Raises:
            EndpointTrouble: it was not taken.
        """
        sending = self._http.post(
            self._url("files"),
            data={"purpose": "batch"},
            files={"file": ("requests.jsonl", content)},
            headers=self._headers,
            timeout=_limits(timeout_s),
        )
        return await self._reply(sending, timeout_s)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def _sent(self, path: str, body: Body, timeout_s: float) -> "httpx2.Response":
        """Return the response to a JSON body. The client's own `post` merges and parses all of it anew."""
        from httpx2 import Request

        limits = {"timeout": _limits(timeout_s).as_dict()}
        address = _parsed(self._url(path))
        size = sum(map(len, body))
        headers, content = self._json_headers, b"".join(body) if size <= _WHOLE_BYTES else _Pieces(body)
        if size > _WHOLE_BYTES:
            headers = {**headers, "Content-Length": str(size)}
        request = Request("POST", address, headers=headers, content=content, extensions=limits)
        return await self._http.send(request)

    def _url(self, path: str) -> str:
        return f"{self._base_url}/{path}"

    async def _reply(self, sending: "Coroutine[Any, Any, httpx2.Response]", timeout_s: float) -> Response:
        import aiohttp
        import httpx2

        if self._missing:
            sending.close()
            raise EndpointTrouble(Trouble(FailureReason.AUTHENTICATION, self._missing, advice=_SET_KEY))
        try:
            async with asyncio.timeout(timeout_s):
                response = await sending
        except (httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError, OSError) as error:
            raise EndpointTrouble(trouble_in_connection(error)) from None
        if response.is_success:
            return Response(response.content, response.headers)
        trouble = trouble_in_status(response.status_code, response.content, response.headers)
        if response.status_code == _FORBIDDEN and _proxy_to(self._base_url):
            trouble = replace(
                trouble, advice=f"{trouble.advice}, or whether the proxy refuses it (HTTP_PROXY)"
            )
        raise EndpointTrouble(self._redacted(trouble))

    def _redacted(self, trouble: Trouble) -> Trouble:
        """Return a trouble in which a server that repeats the key in its message is not quoted doing so."""
        if self._key == _NO_KEY:
            return trouble
        return replace(trouble, detail=trouble.detail.replace(self._key, "[key]"))


@lru_cache(maxsize=64)
def _parsed(url: str) -> "httpx2.URL":
    """Return an address parsed, which for every request anew would cost a tenth of its processor time."""
    from httpx2 import URL

    return URL(url)


def _proxy_to(base_url: str) -> bool:
    """Whether the environment names a proxy that hears requests to an address unencrypted."""
    host = urlsplit(base_url).netloc
    return base_url.startswith("http://") and "http" in getproxies() and not proxy_bypass(host)


def _limits(timeout_s: float) -> "httpx2.Timeout":
    from httpx2 import Timeout

    return Timeout(timeout_s, connect=_CONNECT_S)


def _is_needed(name: str) -> bool:
    """Whether a header that the client offers goes out: those that tell of this machine and Python do not."""
    return not name.lower().startswith(("x-stainless-", "content-type"))


def connect(base_url: str, key_variable: str, connections: int) -> Connection:
    """Return a connection to `base_url`, with the key that the environment holds under `key_variable`."""
    import openai
    from httpx2 import Limits

    key = os.environ.get(key_variable, "").strip() or _NO_KEY
    missing = ""
    if key == _NO_KEY and _is_hosted(base_url):
        missing = f"{key_variable} is not set"
    elif not _KEY.fullmatch(key):  # it could not stand in a header
        key, missing = (
            _NO_KEY,
            f"{key_variable} holds what no key holds: a blank, a quote or a letter outside ASCII",
        )
    http = openai.DefaultAioHttpClient(
        limits=Limits(max_connections=connections, max_keepalive_connections=connections)
    )
    client = openai.AsyncOpenAI(base_url=base_url, api_key=key, http_client=http)
    offered = {**client.default_headers, **client.auth_headers}
    headers = {name: value for name, value in offered.items() if isinstance(value, str) and _is_needed(name)}
    return Connection(base_url, http, headers, key, missing)


def _is_hosted(base_url: str) -> bool:
    """Whether this is a preset's own address on the internet. Those ask for a key; other servers may not."""
    presets = (entry.base_url for _, entry in providers.items())
    return base_url.startswith("https://") and base_url in presets
