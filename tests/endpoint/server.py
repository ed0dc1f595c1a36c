"""The endpoint's HTTP side: an OpenAI-compatible API on loopback, with faults by seed and counters."""

import asyncio
import random
import time
from collections import Counter
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from tests.endpoint import tokens
from tests.endpoint.answers import answer_to, shows_picture, text_of
from tests.endpoint.batches import Batches
from tests.endpoint.embeddings import spoiled_vectors, vectors_of
from tests.endpoint.engine import Engine
from tests.endpoint.manners import MANNERS
from tests.endpoint.options import Faults, Options
from tests.endpoint.rewards import ROUTES, rated_texts, rewards_of

_BATCH_PATHS = ("/v1/batches", "/v1/files")
_STRANGE = "\ue000"  # goes out as half of a surrogate pair


class Endpoint:
    """One simulated endpoint."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.manner = MANNERS[options.manner]
        self.engine = Engine(options)
        self.counts: Counter[str] = Counter()
        self.usage: Counter[str] = Counter()
        self.asked: Counter[int] = Counter()
        self.at_work: Counter[str] = Counter()
        self.most_at_once = 0
        self.down = False
        self._at_once = 0
        self._random = random.Random(options.seed)
        self._started = time.monotonic()
        self._sent_at: list[float] = []
        self.batches = Batches(self.complete)

    def app(self) -> web.Application:
        """Return the web application."""
        app = web.Application(client_max_size=1 << 30, middlewares=[self._check_door])
        app.router.add_post("/v1/chat/completions", self.chat)
        app.router.add_post("/v1/embeddings", self.chat)
        for route in ROUTES:
            app.router.add_post(f"/v1{route}" if self.options.rewards_below_v1 else route, self.chat)
        app.router.add_get("/v1/models", self.models)
        app.router.add_get("/stats", self.stats)
        app.router.add_post("/down/{state}", self.switch)
        if not self.options.without_batches:
            self.batches.add_routes(app)
        return app

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """Answer one chat completion request, or fail as the options say."""
        self.counts["requests"] += 1
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            raw = await request.read()
            if self.down:
                _drop(request)
                return web.Response()
            problem = self._turned_away(request)
            return problem or await self._answered(request, raw)
        finally:
            self._at_once -= 1

    async def complete(self, body: dict[str, Any], fault: str = "") -> dict[str, Any]:
        """Return the completion of a request's body, after the time that it takes."""
        prompt = "\n".join(f"{message['role']}\n{text_of(message)}" for message in body["messages"])
        prompt_tokens = sum(map(tokens.of_turn, body["messages"]))
        wanted = _schema_name(body)
        self.at_work[wanted] += 1
        try:
            async with self.engine.slot():
                cached = await self.engine.read(f"{body.get('model')}\n{prompt}", prompt_tokens)
                text, finish, completion_tokens = self._written(body, fault)
                await self.engine.write(completion_tokens)
        finally:
            self.at_work[wanted] -= 1
        self.usage.update(prompt=prompt_tokens, cached=cached, completion=completion_tokens)
        message = {"role": "assistant", "content": text}
        if self.manner.thinking:
            message[self.manner.thinking] = "That is in the material."
        if fault == "refused":
            finish, message = "content_filter", {"role": "assistant", "content": ""}
        return {
            "id": f"chatcmpl-{self.counts['requests']}",
            "object": "chat.completion",
            "created": int(time.time()),
            "model": body.get("model", "simulated"),
            "choices": [{"index": 0, "message": message, "finish_reason": finish}],
            **self.manner.usage_of(prompt_tokens, cached, completion_tokens),
        }

    def _written(self, body: dict[str, Any], fault: str) -> tuple[str, str, int]:
        """Return an answer's text, why it ends, and its tokens. The slot is held meanwhile, as it writes."""
        text = _spoiled(answer_to(body), fault, prose=self.options.prose_only)
        count = self.options.answer_tokens or tokens.count(text)
        most = body.get("max_completion_tokens") or body.get("max_tokens")
        if fault == "cut_off" or (most is not None and count > most):
            return text[: len(text) // 2], "length", min(count, most or count)
        return text, "stop", count

    async def embed(self, body: dict[str, Any], fault: str = "") -> dict[str, Any]:
        """Return the vectors of a request's texts, after the time that reading them takes."""
        count = tokens_shown(body)
        async with self.engine.slot():
            await self.engine.read("", count)
        self.usage.update(prompt=count)
        data = vectors_of(body["input"])
        if fault in ("malformed", "wrong_schema", "empty"):
            data = spoiled_vectors(data, fault)
        usage = {"prompt_tokens": count, "total_tokens": count}
        return {"object": "list", "model": body.get("model", "simulated"), "data": data, "usage": usage}

    async def models(self, _: web.Request) -> web.Response:
        """List the one model."""
        name = self.options.model or "simulated"
        entry = {"id": name, "object": "model", "owned_by": "tests"}
        if self.options.window and self.manner.window:
            entry[self.manner.window] = str(self.options.window)
        entry |= self.manner.listed
        return _json([entry] if self.manner.bare else {"object": "list", "data": [entry]})

    async def stats(self, _: web.Request) -> web.Response:
        """Show the counters."""
        busy = self.engine.busy
        repeated = sum(count - 1 for count in self.asked.values())
        return _json(
            {
                **self.counts,
                **{f"{name}_tokens": count for name, count in self.usage.items()},
                "different": len(self.asked),
                "repeated": repeated,
                "most_at_once": self.most_at_once,
                "batches": len(self.batches.batches),
                "at_work": self.at_work,
                "slot_seconds": busy.slot_seconds,
                "span_s": busy.last - (busy.first or busy.last),
            }
        )

    async def switch(self, request: web.Request) -> web.Response:
        """Take the endpoint down, or bring it back."""
        self.down = request.match_info["state"] == "on"
        return _json({"down": self.down})

    async def _answered(self, request: web.Request, raw: bytes) -> web.StreamResponse:
        try:
            body = orjson.loads(raw)
            prompt_tokens = tokens_shown(body)
        except (orjson.JSONDecodeError, KeyError, TypeError):
            return self._error(400, "the body is no chat completion request")
        if problem := self._bad(body, prompt_tokens):
            return problem
        fault = self._fault()
        if fault:
            self.counts[fault] += 1
            if (failure := await self._failed(request, fault)) is not None:
                return failure
        content = await self._content(request.path.removeprefix("/v1"), body, fault)
        self.counts["answered"] += 1
        self.counts["embedded"] += len(body.get("input", ()))
        if not fault:
            self.asked[hash(raw)] += 1
        if fault == "truncated_body":
            return await _half(request, content)
        return web.Response(body=content, content_type="application/json", headers=self.manner.headers)

    async def _content(self, route: str, body: dict[str, Any], fault: str) -> bytes:
        if route in ROUTES:
            self.counts["rated"] += 1
            async with self.engine.slot():
                await self.engine.read("", tokens_shown(body))
            return rewards_of(route, body, fault)
        said = await (self.embed(body, fault) if "input" in body else self.complete(body, fault))
        return orjson.dumps(said).replace(_STRANGE.encode(), b"\\ud83d")

    @web.middleware
    async def _check_door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.down and request.path.startswith("/v1/"):
            _drop(request)
        given, wanted = request.headers.get("Authorization"), self.options.key
        if wanted is not None and request.path.startswith(_BATCH_PATHS) and given != f"Bearer {wanted}":
            return self._error(401, f"Incorrect API key: {given}")
        return await handler(request)

    def _turned_away(self, request: web.Request) -> web.Response | None:
        options = self.options
        if options.key is not None and request.headers.get("Authorization") != f"Bearer {options.key}":
            return self._error(401, f"Incorrect API key: {request.headers.get('Authorization')}")
        now = time.monotonic()
        if options.burst_every_s and (now - self._started) % options.burst_every_s < options.burst_s:
            return self._error(429, "slow down", {"Retry-After": f"{options.burst_s}"})
        if options.requests_per_minute is not None:
            self._sent_at = [at for at in self._sent_at if at > now - 60]
            if len(self._sent_at) >= options.requests_per_minute:
                wait_s = self._sent_at[0] + 60 - now
                return self._error(429, "rate limit reached", {"Retry-After": f"{wait_s:.3f}"})
            self._sent_at.append(now)
        return None

    def _bad(self, body: dict[str, Any], prompt_tokens: int) -> web.Response | None:
        options = self.options
        if options.model is not None and body.get("model") != options.model:
            return self._error(404, f"The model `{body.get('model')}` does not exist.")
        format_type = (body.get("response_format") or {}).get("type")
        for name in (*options.refuses, *self.manner.refuses):
            if name in body or name == format_type:
                shown = "response_format" if name == format_type else name
                return self._error(400, self.manner.refusal.format(shown=shown, name=name))
        if options.blind and shows_picture(body):
            return self._error(400, "This is not a multimodal model.")
        longest = max(map(tokens.count, body["input"])) if "input" in body else prompt_tokens
        if options.window is not None and longest > options.window:
            self.counts["too_long"] += 1
            return web.json_response(self.manner.too_long, status=self.manner.too_long_status)
        return None

    def _fault(self) -> str:
        """Return the fault that the next request meets, empty for most."""
        drawn = self._random.random()
        for name in Faults.__slots__:
            drawn -= getattr(self.options.faults, name)
            if drawn < 0:
                return name
        return ""

    async def _failed(self, request: web.Request, fault: str) -> web.StreamResponse | None:
        match fault:
            case "http_500":
                return self._error(500, "internal error")
            case "http_503":
                return self._error(503, "overloaded", {"Retry-After": "0.2"})
            case "dropped":
                _drop(request)
                return web.Response()
            case "stalled":
                await asyncio.sleep(3600)
        return None

    def _error(self, status: int, message: str, headers: dict[str, str] | None = None) -> web.Response:
        self.counts[f"http_{status}"] += status not in (500, 503)
        error = {"message": message, "type": "simulated", "code": None}
        return web.Response(
            body=orjson.dumps({"error": error}),
            status=status,
            headers=headers,
            content_type="application/json",
        )


def _schema_name(body: dict[str, Any]) -> str:
    """Return what a request wants to have filled, for a look at what is at work."""
    schema = (body.get("response_format") or {}).get("json_schema") or {}
    return str(schema.get("name", "text"))


def tokens_shown(body: dict[str, Any]) -> int:
    """Return how many tokens a request's messages or texts hold."""
    if "text_1" in body:
        texts = list(rated_texts(body))
    else:
        texts = body["input"] if "input" in body else [text_of(message) for message in body["messages"]]
    return sum(map(tokens.count, texts))


def _spoiled(text: str, fault: str, *, prose: bool) -> str:
    match fault:
        case "malformed":
            return f"Sure! Here it is: {text[: len(text) * 2 // 3]}"
        case "wrong_schema":
            return '{"unexpected": [1, 2, 3]}'
        case "empty":
            return ""
        case "hostile_text":
            return text.replace(" ", f"\x00 {_STRANGE}", 1)
    return "I would rather talk about it in plain words." if prose else text


def _drop(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


async def _half(request: web.Request, content: bytes) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={"Content-Type": "application/json", "Content-Length": str(len(content))}
    )
    await response.prepare(request)
    await response.write(content[: len(content) // 2])
    _drop(request)
    return response


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")
