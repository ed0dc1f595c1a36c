"""One endpoint's batch API: files of requests go up, files of replies come down."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from pydantic import JsonValue

from pipeline.llms.wire.body import body_fields
from pipeline.llms.wire.connection import Connection
from pipeline.llms.wire.dialects import Dialects
from schemas.requests import Request

_TIMEOUT_S = 600.0
_URL = "/v1/chat/completions"
ENDED = frozenset(("completed", "failed", "expired", "cancelled"))


class BatchClient:
    """Sends and fetches batches. Every call may raise `EndpointTrouble`."""

    def __init__(
        self, base_url: str, connection: Connection, dialects: Dialects, extra: Mapping[str, JsonValue]
    ) -> None:
        self._base_url = base_url
        self._connection = connection
        self._dialects = dialects
        self._extra = extra

    def file_of(self, requests: Iterable[Request]) -> bytes:
        """Return the file of `requests`, one line each; `vllm run-batch` reads it too."""
        return b"\n".join(orjson.dumps(self._line(request)) for request in requests) + b"\n"

    async def send(self, content: bytes) -> str:
        """Start a batch and return its id."""
        uploaded = orjson.loads((await self._connection.upload(content, _TIMEOUT_S)).body)
        wanted = {"input_file_id": uploaded["id"], "endpoint": _URL, "completion_window": "24h"}
        response = await self._connection.post("batches", (orjson.dumps(wanted),), _TIMEOUT_S)
        return str(orjson.loads(response.body)["id"])

    async def status(self, batch: str) -> Mapping[str, Any]:
        """Return how a batch stands, in the API's words."""
        state: Mapping[str, Any] = orjson.loads((await self._connection.get(f"batches/{batch}", 60.0)).body)
        return state

    async def replies(self, state: Mapping[str, Any]) -> Mapping[str, bytes]:
        """Return the bodies of the replies of an ended batch, by request key; failed ones are left out."""
        file = state.get("output_file_id")
        if not file:
            return {}
        content = (await self._connection.get(f"files/{file}/content", _TIMEOUT_S)).body
        return dict(_good_lines(content))

    def _line(self, request: Request) -> Mapping[str, Any]:
        dialect = self._dialects.of(self._base_url, request.sampling.model)
        body = body_fields(request, dialect, self._extra)
        return {"custom_id": request.id, "method": "POST", "url": _URL, "body": body}


def _good_lines(content: bytes) -> Iterator[tuple[str, bytes]]:
    for line in content.splitlines():
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            continue  # a torn line is a request without a reply, which is sent again
        response = entry.get("response") or {}
        if response.get("status_code") == 200:
            yield entry["custom_id"], orjson.dumps(response["body"])
