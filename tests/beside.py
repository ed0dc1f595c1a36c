"""What goes on beside a test: a thread, or a server on loopback."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def beside(work: Callable[[], object], end: Callable[[], object]) -> Iterator[None]:
    """Have `work` run in a thread until the block ends; then call `end`, which lets it return."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end()
        thread.join()


class Answering(BaseHTTPRequestHandler):
    """A handler that logs nothing, and sends an answer in one call."""

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        """Send a whole answer; HEAD gets no body. In names of headers, `_` stands for `-`."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base class names it so
        """Say nothing."""


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Give the address of an HTTP server on loopback."""
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
        beside(lambda: server.serve_forever(0.05), server.shutdown),
    ):
        yield f"http://127.0.0.1:{server.server_port}"
