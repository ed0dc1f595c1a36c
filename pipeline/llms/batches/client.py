"""One endpoint's batch API: files of requests go up, files of replies come down."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import orjson
from pydantic import JsonValue

from pipeline.llms.wire.asking import read_or_trouble
from pipeline.llms.wire.body import body_fields
from pipeline.llms.wire.connection import Connection
from pipeline.llms.wire.dialects import Dialects
from pipeline.llms.wire.exchange import ForeignBody, object_in
from schemas.requests import Request

_TIMEOUT_S = 600.0
_URL = "/v1/chat/completions"
ENDED = frozenset(("completed", "failed", "expired", "cancelled"))


class BatchClient:
    """Sends and fetches batches. Every call may raise `EndpointTrouble`."""

    def __init__(
        self, base_url: str, connection: Connection, dialects: Dialects, extra: Mapping[str, JsonValue]
    ) -> None:
        self.base_url = base_url
        self._connection = connection
        self._dialects = dialects
        self._extra = extra

    def file_of(self, requests: Iterable[Request]) -> bytes:
        """Return the file of `requests`, one line each; `vllm run-batch` reads it too."""
        return b"\n".join(orjson.dumps(self._line(request)) for request in requests) + b"\n"

    async def send(self, content: bytes) -> str:
        """Start a batch and return its id."""
        uploaded = _id_in((await self._connection.upload(content, _TIMEOUT_S)).body)
        wanted = {"input_file_id": uploaded, "endpoint": _URL, "completion_window": "24h"}
        return _id_in((await self._connection.post("batches", (orjson.dumps(wanted),), _TIMEOUT_S)).body)

    async def status(self, batch: str) -> Mapping[str, Any]:
        """Return how a batch stands, in the API's words."""
        body = (await self._connection.get(f"batches/{batch}", 60.0)).body
        with read_or_trouble(""):
            return object_in(body)

    async def replies(self, state: Mapping[str, Any]) -> Mapping[str, bytes]:
        """Return the bodies of the replies of an ended batch, by request key; failed ones are left out."""
        file = state.get("output_file_id")
        if not file:
            return {}
        content = (await self._connection.get(f"files/{file}/content", _TIMEOUT_S)).body
        return dict(_good_lines(content))

    def _line(self, request: Request) -> Mapping[str, Any]:
        dialect = self._dialects.of(self.base_url, request.sampling.model)
        body = body_fields(request, dialect, self._extra)
        return {"custom_id": request.id, "method": "POST", "url": _URL, "body": body}


def _id_in(body: bytes) -> str:
    """Return the id of what was made."""
    with read_or_trouble(""):
        made = object_in(body)
        if not made.get("id"):
            raise ForeignBody("the response names no id")
        return str(made["id"])


def _good_lines(content: bytes) -> Iterator[tuple[str, bytes]]:
    for line in content.splitlines():
        with suppress(orjson.JSONDecodeError, KeyError, TypeError):  # without a reply it is sent again
            entry = orjson.loads(line)
            if entry["response"]["status_code"] == 200:
                yield entry["custom_id"], orjson.dumps(entry["response"]["body"])
