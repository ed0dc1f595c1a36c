"""Prefect's server in a child process of ours: it prints its port, and dies with its parent.

The parent holds the other end of this process's standard input. However the parent ends, the pipe closes,
and so does the server: no orphan stays behind, on any system.
"""

import os
import socket
import sys
import threading


def main() -> None:
    """Serve Prefect's API on a free port of the loopback address until standard input closes."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    listener = socket.create_server(("127.0.0.1", 0))
    print(listener.getsockname()[1], flush=True)  # noqa: T201  # the parent reads it

    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(
        create_app(ephemeral="--services" not in sys.argv, final=True), log_level="error", lifespan="on"
    )
    uvicorn.Server(config).run(sockets=[listener])


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    os._exit(0)


if __name__ == "__main__":
    main()
