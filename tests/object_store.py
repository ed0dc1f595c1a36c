"""A real S3 API on loopback, for tests of what stands in object stores, and what may go wrong with it."""

import logging
import os
import socket
import threading
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.beside import beside

BUCKET = "runs"
# What the server does in place of answering: the status, and S3's name of the error.
_ERRORS = {
    "faulty": ("500 Internal Server Error", "InternalError"),
    "busy": ("503 Slow Down", "SlowDown"),
    "expired": ("400 Bad Request", "ExpiredToken"),
    "refusing": ("403 Forbidden", "AccessDenied"),
}
App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


@dataclass
class LoopbackS3:
    """A server of S3's API. `trouble` is one of the errors, "cut" connections, or "slow"; "" is none."""

    app: App
    environment: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    requests: int = 0

    @contextmanager
    def soon(self, when: Callable[[], bool], trouble: str, lasts_s: float) -> Iterator[None]:
        """Have trouble as soon as something is so, for a while, or until the block ends."""
        over = threading.Event()

        def make_trouble() -> None:
            while not when() and not over.wait(0.05):
                pass
            self.trouble = trouble
            over.wait(lasts_s)
            self.trouble = ""

        with beside(make_trouble, over.set):
            yield

    def answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request as the real server does, or as the trouble is."""
        self.requests += 1
        if self.trouble in _ERRORS:
            status, code = _ERRORS[self.trouble]
            start(status, [("Content-Type", "application/xml")])
            return [f"<Error><Code>{code}</Code><Message>{code} it is</Message></Error>".encode()]
        if self.trouble == "cut":
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError
        if self.trouble == "slow":
            time.sleep(2)
        return self.app(environ, start)


@contextmanager
def s3_on_loopback() -> Iterator[LoopbackS3]:
    """Give a server with a new, empty bucket. The variables that it is reached with are set already."""
    s3fs = pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.moto_server.werkzeug_app")
    serving = pytest.importorskip("werkzeug.serving")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    store = LoopbackS3(moto.DomainDispatcherApplication(moto.create_backend_app))
    server = serving.make_server(
        "127.0.0.1", 0, store.answer, threaded=True, request_handler=moto.MotoRequestHandler
    )
    address = f"http://127.0.0.1:{server.server_port}"
    variables = {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_MAX_ATTEMPTS": "1",  # what the client tries again by itself is not ours to test
    }
    with beside(lambda: server.serve_forever(0.05), server.shutdown), pytest.MonkeyPatch.context() as patch:
        with urllib.request.urlopen(f"{address}/moto-api/reset", b"", timeout=30):
            pass  # what servers before this one held is moto's still
        for name, value in variables.items():
            patch.setenv(name, value)
        s3fs.S3FileSystem.clear_instance_cache()
        s3fs.S3FileSystem().mkdir(BUCKET)
        store.environment |= os.environ
        yield store
    s3fs.S3FileSystem.clear_instance_cache()
    server.shutdown()
