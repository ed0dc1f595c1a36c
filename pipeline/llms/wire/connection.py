"""One endpoint's HTTP client: the `openai` package for keys, headers and errors, on its aiohttp transport.

Its low-level call takes the body as bytes and hands the response back unread. Retries are ours.
"""

import asyncio
import os
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.llms.wire.trouble import Trouble, trouble_in_connection, trouble_in_status

if TYPE_CHECKING:
    import httpx2
    from openai import AsyncOpenAI
    from openai._types import RequestOptions  # the type of a public method's argument

_CONNECT_S = 20.0
_NO_KEY = "none"  # local servers ask for none, and the client wants one


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


class Connection:
    """A keep-alive pool of connections to one endpoint."""

    def __init__(self, client: "AsyncOpenAI") -> None:
        self._client = client

    async def post(self, path: str, body: bytes, timeout_s: float) -> Response:
        """Return the response to a JSON body.

        Raises:
            EndpointTrouble: there is none, or it says no.
        """
        import httpx2

        options = _options(timeout_s)
        options["headers"] = {"Content-Type": "application/json"}
        return await self._reply(
            self._client.post(path, cast_to=httpx2.Response, content=body, options=options), timeout_s
        )

    async def get(self, path: str, timeout_s: float) -> Response:
        """Return what stands at `path`.

        Raises:
            EndpointTrouble: nothing does.
        """
        import httpx2

        return await self._reply(
            self._client.get(path, cast_to=httpx2.Response, options=_options(timeout_s)), timeout_s
        )

    async def upload(self, content: bytes, timeout_s: float) -> Response:
        """Return the response to a file of requests for the batch API.

        Raises:
            EndpointTrouble: it was not taken.
        """
        import httpx2

        return await self._reply(
            self._client.post(
                "files",
                cast_to=httpx2.Response,
                body={"purpose": "batch"},
                files={"file": ("requests.jsonl", content)},
                options={**_options(timeout_s), "headers": {"Content-Type": "multipart/form-data"}},
            ),
            timeout_s,
        )

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def _reply(self, sending: "Awaitable[httpx2.Response]", timeout_s: float) -> Response:
        import aiohttp
        import httpx2
        import openai

        try:
            async with asyncio.timeout(timeout_s):
                raw = await sending
        except openai.APIStatusError as error:
            raise EndpointTrouble(self._redacted(trouble_in_status(error))) from None
        except (openai.APIConnectionError, httpx2.HTTPError, aiohttp.ClientError, OSError) as error:
            raise EndpointTrouble(trouble_in_connection(error)) from None
        return Response(raw.content, raw.headers)

    def _redacted(self, trouble: Trouble) -> Trouble:
        """Return a trouble in which a server that repeats the key in its message is not quoted doing so."""
        key = self._client.api_key
        return trouble if key == _NO_KEY else replace(trouble, detail=trouble.detail.replace(key, "[key]"))


def _options(timeout_s: float) -> "RequestOptions":
    from httpx2 import Timeout

    return {"timeout": Timeout(timeout_s, connect=_CONNECT_S)}


def connect(base_url: str, key_variable: str, connections: int) -> Connection:
    """Return a connection to `base_url`, with the key that the environment holds under `key_variable`."""
    import openai
    from httpx2 import Limits

    client = openai.AsyncOpenAI(
        base_url=base_url,
        api_key=os.environ.get(key_variable) or _NO_KEY,
        max_retries=0,
        http_client=openai.DefaultAioHttpClient(
            limits=Limits(max_connections=connections, max_keepalive_connections=connections)
        ),
    )
    return Connection(client)
