"""What stands between the gateway and an endpoint: proxies, TLS, clocks, and servers of another kind."""

import asyncio
import socketserver
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

from pipeline.llms.gateway import open_gateway
from pipeline.llms.wire.body import Dialect, body_fields, body_of
from pipeline.llms.wire.trouble import trouble_in_status
from schemas.errors import EndpointError, SettingsError
from schemas.requests import Failure, FailureReason, Message, Reply
from schemas.settings import load_settings
from tests.beside import beside
from tests.endpoint.start import start_endpoint
from tests.pipeline.llms.asking import Collected, question, questions, settings_for

Answer = Callable[[socketserver.StreamRequestHandler], None]


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


@contextmanager
def serving(answer: Answer) -> Iterator[_Server]:
    """Yield a TCP server on loopback that hands each connection to `answer`."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            answer(self)

    with (
        _Server(("127.0.0.1", 0), Handler) as server,
        beside(lambda: server.serve_forever(0.05), server.shutdown),
    ):
        yield server


def asked(base_url: str, replies: Path, count: int = 3, max_attempts: int = 6) -> Collected:
    async def work() -> Collected:
        collected = Collected()
        settings = settings_for(base_url, outage_s=0.5, max_attempts=max_attempts)
        async with open_gateway(settings, replies) as gateway:
            await gateway.run(questions(count), collected)
        return collected

    return asyncio.run(work())


def head_of(handler: socketserver.StreamRequestHandler) -> str:
    """Return a request's first line, and read its head to the end."""
    first = handler.rfile.readline().decode()
    while handler.rfile.readline().strip():
        pass
    return first


@pytest.mark.filterwarnings("ignore:BasicAuth", "ignore:The 'proxy_auth'")  # the transport's own
@pytest.mark.parametrize(
    ("variable", "scheme", "first_line", "words"),
    [
        ("HTTP_PROXY", "http", "POST http://endpoint.test/v1/chat/completions", "whether the proxy refuses"),
        ("HTTPS_PROXY", "https", "CONNECT endpoint.test:443", "the proxy refuses it with HTTP 403"),
    ],
)
def test_proxy_settings_are_obeyed_and_a_proxy_that_refuses_is_told_without_its_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, scheme: str, first_line: str, words: str
) -> None:
    seen: list[str] = []

    def refuse(handler: socketserver.StreamRequestHandler) -> None:
        seen.append(head_of(handler))
        handler.wfile.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with serving(refuse) as proxy:
        monkeypatch.setenv(variable, f"http://me:hidden@127.0.0.1:{proxy.server_address[1]}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        with pytest.raises(EndpointError, match=words) as caught:
            asked(f"{scheme}://endpoint.test/v1", tmp_path)
    assert "hidden" not in str(caught.value)
    assert seen[0].startswith(first_line)


@pytest.mark.parametrize(
    "key", ["sk-hidden\r\nX-Other: 1", "sk-hiddenäöü", '"sk-hidden"', "Bearer sk-hidden"]
)
def test_a_key_that_cannot_be_one_is_told_before_it_is_sent(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", key)
    with start_endpoint() as endpoint:
        with pytest.raises(EndpointError, match="OPENAI_API_KEY holds what no key holds") as caught:
            asked(endpoint.base_url, tmp_path)
        assert endpoint.stats.get("requests", 0) == 0
    assert "hidden" not in str(caught.value)


def test_blanks_around_a_key_are_not_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", " right\n")
    with start_endpoint(key="right") as endpoint:
        assert len(asked(endpoint.base_url, tmp_path).by_id) == 3


@pytest.mark.parametrize(
    "llm",
    [
        {"endpoints": [{"base_url": "http://localhost:1/v1", "key_variable": "sk-hidden"}]},
        {"endpoints": [{"base_url": "http://localhost:1/v1", "key_variable": "gsk_hidden"}]},
        {"extra_body": {"api_key": "sk-hidden"}},
    ],
)
def test_a_key_where_it_would_be_written_down_is_refused_unseen(llm: dict[str, Any]) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({"llm": llm})
    assert "hidden" not in str(caught.value)


def test_an_untrusted_certificate_is_told_in_one_line(tmp_path: Path) -> None:
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=localhost",
        "-days",
        "1",
    ]
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    def shake_hands(handler: socketserver.StreamRequestHandler) -> None:
        with pytest.raises((ssl.SSLError, OSError)):
            context.wrap_socket(handler.request, server_side=True).recv(1)

    with serving(shake_hands) as server, pytest.raises(EndpointError) as caught:
        asked(f"https://127.0.0.1:{server.server_address[1]}/v1", tmp_path / "replies")
    assert "TLS failed" in str(caught.value)
    assert "SSL_CERT_FILE" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_endpoint_without_tls_is_told_from_a_bad_certificate(tmp_path: Path) -> None:
    def plain(handler: socketserver.StreamRequestHandler) -> None:
        handler.rfile.read1()
        handler.wfile.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    with serving(plain) as server, pytest.raises(EndpointError, match="speaks no TLS; try it with http"):
        asked(f"https://127.0.0.1:{server.server_address[1]}/v1", tmp_path)


def web_page(handler: socketserver.StreamRequestHandler) -> None:
    head_of(handler)
    page = b"<!doctype html><title>Welcome</title>"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    handler.wfile.write(head % len(page) + page)


def native_stream(handler: socketserver.StreamRequestHandler) -> None:
    head_of(handler)
    lines = b'{"model":"m","message":{"content":"He"},"done":false}\n{"model":"m","done":true}\n'
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
    handler.wfile.write(head % len(lines) + lines)


def grpc(handler: socketserver.StreamRequestHandler) -> None:
    head_of(handler)
    handler.wfile.write(bytes.fromhex("000006040000000000000500004000") + bytes(17))


def mail_server(handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"220 mail.test ESMTP ready\r\n")
    handler.rfile.read(1)


@pytest.mark.parametrize(
    ("server", "words"),
    [(web_page, "a web page"), (native_stream, "garbled"), (mail_server, "base URL"), (grpc, "HTTP/1.1")],
)
def test_a_server_of_another_kind_ends_the_run_with_one_line(
    tmp_path: Path, server: Answer, words: str
) -> None:
    with serving(server) as running, pytest.raises(EndpointError) as caught:
        asked(f"http://127.0.0.1:{running.server_address[1]}/v1", tmp_path)
    assert words in str(caught.value)
    assert "base URL" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_port_that_takes_connections_and_says_nothing_ends_the_run_soon(tmp_path: Path) -> None:
    async def work(base_url: str) -> None:
        settings = settings_for(base_url, timeout_s=0.3, outage_s=0.2)
        async with open_gateway(settings, tmp_path) as gateway:
            await gateway.complete(question(1))

    def hear(handler: socketserver.StreamRequestHandler) -> None:
        handler.rfile.read(10_000_000)

    with serving(hear) as mute:
        began = time.monotonic()
        with pytest.raises(EndpointError, match="no answer in time"):
            asyncio.run(work(f"http://127.0.0.1:{mute.server_address[1]}/v1"))
    assert time.monotonic() - began < 10


def test_a_server_that_breaks_off_at_all_but_short_questions_fails_them_in_time(tmp_path: Path) -> None:
    def answer_short_ones(handler: socketserver.StreamRequestHandler) -> None:
        head_of(handler)
        if b"Say OK." in handler.rfile.read1():
            body = b'{"choices":[{"message":{"content":"OK"},"finish_reason":"length"}]}'
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))

    with serving(answer_short_ones) as server:
        collected = asked(f"http://127.0.0.1:{server.server_address[1]}/v1", tmp_path, 6, max_attempts=2)
    failures = [completion for completion in collected.by_id.values() if isinstance(completion, Failure)]
    assert [failure.reason for failure in failures] == [FailureReason.CONNECTION] * 6


@pytest.mark.parametrize(
    ("status", "said", "reason", "words"),
    [
        (401, "no", FailureReason.AUTHENTICATION, "check the key"),
        (403, "flagged by our content policy", FailureReason.REFUSED, ""),
        (402, "no credit", FailureReason.AUTHENTICATION, "add credit"),
        (
            429,
            "You exceeded your current quota, insufficient_quota",
            FailureReason.AUTHENTICATION,
            "add credit",
        ),
        (429, "slow down", FailureReason.RATE_LIMIT, ""),
        (429, "Request too large for m on tokens per min", FailureReason.CONTEXT_TOO_LONG, ""),
        (413, "too much", FailureReason.CONTEXT_TOO_LONG, ""),
        (400, "This model's maximum context length is 8192 tokens", FailureReason.CONTEXT_TOO_LONG, ""),
        (404, "The model `x` does not exist", FailureReason.NO_SUCH_MODEL, "check the model's name"),
        (404, "<html><title>Not\nFound</title></html>", FailureReason.BAD_REQUEST, "check the base URL"),
        (529, "overloaded", FailureReason.OVERLOAD, ""),
        (504, "gateway", FailureReason.TIMEOUT, ""),
    ],
)
def test_a_status_and_its_message_tell_the_kind_of_error(
    status: int, said: str, reason: FailureReason, words: str
) -> None:
    trouble = trouble_in_status(status, said.encode(), {})
    assert trouble.reason is reason
    assert trouble.advice.startswith(words)
    assert bool(trouble.advice) == bool(words)
    assert "<" not in trouble.detail


@pytest.mark.parametrize(
    ("said", "parameter"),
    [
        ("Unsupported value: 'temperature' does not support 0.7 with this model.", "temperature"),
        ("Unsupported parameter: 'top_p' is not supported with this model.", "top_p"),
        ("Unrecognized request argument supplied: seed", "seed"),
        ("'max_tokens' is not supported; use 'max_completion_tokens' instead.", "max_tokens"),
        ("temperature must be between 0 and 2", ""),
    ],
)
def test_a_parameter_that_is_not_taken_is_told_from_a_bad_value(said: str, parameter: str) -> None:
    assert trouble_in_status(400, said.encode(), {}).unsupported == parameter


def test_a_clock_that_jumps_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true_time, jumps = time.time, iter(range(10**9))
    monkeypatch.setattr(time, "time", lambda: true_time() + (-1) ** next(jumps) * 1e8)
    with start_endpoint(burst_every_s=0.4, burst_s=0.1) as endpoint:
        started = time.monotonic()
        collected = asked(endpoint.base_url, tmp_path, 60)
        again = asked(endpoint.base_url, tmp_path, 60)
    assert time.monotonic() - started < 10
    assert all(isinstance(completion, Reply) for completion in collected.by_id.values())
    assert all(completion.cached for completion in again.by_id.values())


def test_a_long_shared_start_is_rendered_once_and_says_the_same() -> None:
    shared = Message("user", 'Ünï"code ' * 20_000)
    dialect = Dialect("prompt")
    bodies = []
    for task in ("Ask.", "Ask again."):
        asked = replace(question(1), messages=(Message("system", "Read."), shared, Message("user", task)))
        bodies.append(body_of(asked, dialect, {"top_k": 3}))
        plain = orjson.dumps(body_fields(asked, dialect, {"top_k": 3}))
        assert orjson.loads(b"".join(bodies[-1])) == orjson.loads(plain)
    one, other = ([part for part in body if len(part) > 100_000] for body in bodies)
    assert len(one) == 1
    assert one[0] is other[0]
