"""What the flows' tests share."""

from collections.abc import Iterator

import pytest

from tests.flows.prefect_server import Server


@pytest.fixture(scope="session")
def prefect_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Give a standing Prefect server, started by our own launcher."""
    from flows.server import embedded_server

    home = tmp_path_factory.mktemp("prefect")
    with embedded_server(home, services=True) as server:
        yield Server(server.ready(), home)


@pytest.fixture
def openai_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a key, as the provider of the simulated endpoint wants one."""
    monkeypatch.setenv("OPENAI_API_KEY", "sk-not-a-real-key")
