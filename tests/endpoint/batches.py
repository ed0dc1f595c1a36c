"""The endpoint's batch API: files of requests, worked off in the background."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

Complete = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(slots=True)
class Batches:
    """Uploaded files, and the batches that run over them."""

    complete: Complete
    files: dict[str, bytes] = field(default_factory=dict)
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def add_routes(self, app: web.Application) -> None:
        """Add the batch API to `app`."""
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{id}/content", self.content)
        app.router.add_post("/v1/batches", self.create)
        app.router.add_get("/v1/batches", self.list)
        app.router.add_get("/v1/batches/{id}", self.retrieve)

    async def upload(self, request: web.Request) -> web.Response:
        """Keep a file."""
        form = await request.post()
        part = form["file"]
        assert isinstance(part, web.FileField)
        name = f"file-{next(self.numbers)}"
        self.files[name] = part.file.read()
        return _json({"id": name, "object": "file", "purpose": form["purpose"]})

    async def content(self, request: web.Request) -> web.Response:
        """Return a file."""
        return web.Response(body=self.files[request.match_info["id"]])

    async def create(self, request: web.Request) -> web.Response:
        """Start a batch."""
        wanted = orjson.loads(await request.read())
        name = f"batch-{next(self.numbers)}"
        self.batches[name] = {"id": name, "object": "batch", "status": "in_progress", "output_file_id": None}
        task = asyncio.create_task(self._work(name, wanted["input_file_id"]))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return _json(self.batches[name])

    async def list(self, _: web.Request) -> web.Response:
        """List all batches."""
        return _json({"object": "list", "data": [*self.batches.values()]})

    async def retrieve(self, request: web.Request) -> web.Response:
        """Tell how a batch stands."""
        batch = self.batches.get(request.match_info["id"])
        return _json(batch) if batch else web.Response(status=404, text='{"error": "no such batch"}')

    async def _work(self, name: str, file: str) -> None:
        lines = [orjson.loads(line) for line in self.files[file].splitlines()]
        completions = await asyncio.gather(*(self.complete(line["body"]) for line in lines))
        out = [
            {
                "custom_id": line["custom_id"],
                "response": {"status_code": 200, "body": completion},
                "error": None,
            }
            for line, completion in zip(lines, completions, strict=True)
        ]
        output = f"file-{next(self.numbers)}"
        self.files[output] = b"\n".join(map(orjson.dumps, out))
        self.batches[name] |= {"status": "completed", "output_file_id": output}


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")
