"""A PostgreSQL server of our own on loopback, for tests. Debian's package `postgresql` has what it takes."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.flows.prefect_server import until

_USER = "tunesmith"


def postgres_folder() -> Path | None:
    """Return where PostgreSQL's programs are, None where there is none."""
    found = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    places = [Path(found).resolve()] if found else debian
    return places[-1].parent if places else None


@contextmanager
def postgres(programs: Path) -> Iterator[str]:
    """Yield the address of a new, empty database, as Prefect takes it."""
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    with tempfile.TemporaryDirectory() as made:
        os.chown(made, account.pw_uid, account.pw_gid)
        folder = Path(made)
        port = _free_port()
        subprocess.run(
            [str(programs / "initdb"), "-A", "trust", "-U", _USER, "--no-sync", "-D", str(folder / "data")],
            cwd=made, check=True, capture_output=True, **_as(account),
        )  # fmt: skip
        options = [f"-p{port}", f"-k{made}", "-clisten_addresses=127.0.0.1", "-cfsync=off"]
        server = subprocess.Popen(
            [str(programs / "postgres"), "-D", str(folder / "data"), *options],
            cwd=made, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **_as(account),
        )  # fmt: skip
        try:
            ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port), "-t", "60"]
            until(lambda: subprocess.run(ready, capture_output=True, check=False).returncode == 0)
            yield f"postgresql+asyncpg://{_USER}@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGINT)  # fast: connections are cut
            server.wait(30)


def _as(account: pwd.struct_passwd) -> dict[str, Any]:
    """Return how to start a process that PostgreSQL does not refuse as the system's administrator."""
    if os.geteuid() != 0:
        return {}
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])
