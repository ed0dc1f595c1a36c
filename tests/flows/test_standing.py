"""The Prefect server that is set, where it is none, wants a key, or is of another version."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import pytest

from flows.standing import check_server, configured_server, standing_server
from schemas.errors import ServerFailed
from tests.beside import Answering, serving

PAGE = (200, "<!doctype html><title>Prefect Server</title>")  # its interface answers every path with a page
OURS = version("prefect")


@contextmanager
def answering(answers: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Give the address of a server that answers these paths so, and all others with a page."""

    class Handler(Answering):
        def do_GET(self) -> None:
            status, body = answers.get(self.path, PAGE)
            self.say(status, body.encode())

    with serving(Handler) as address:
        yield address


@pytest.fixture(autouse=True)
def _no_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_API_KEY", "PREFECT_API_AUTH_STRING", "PREFECT_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))


def of_version(number: str) -> dict[str, tuple[int, str]]:
    return {"/api/health": (200, "true"), "/api/admin/version": (200, json.dumps(number))}


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"/api/health": (404, "nothing here")}, "is not what answers at .*see that it names Prefect's API"),
        ({}, "is not what answers at"),
        ({"/api/health": (200, '"fine"')}, "is not what answers at"),
        ({"/api/health": (503, "")}, "does not answer; start it"),
        ({"/api/health": (401, "")}, "wants a key; set PREFECT_API_KEY"),
        ({"/api/health": (200, "true"), "/api/admin/version": (401, "{}")}, "wants a key"),
        (of_version("3.1.0"), f"is of version 3.1.0, older than the {OURS} here; upgrade it"),
        (of_version("2.20.1"), "older than the"),
        (of_version("4.0.0"), f"is of version 4.0.0, which the {OURS} here cannot talk to"),
    ],
)
def test_what_is_no_server_for_us_is_told_with_what_to_do(
    answers: dict[str, tuple[int, str]], told: str
) -> None:
    with answering(answers) as address, pytest.raises(ServerFailed, match=told) as caught:
        check_server(f"{address}/api")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 6


def test_the_address_of_the_interface_is_told_from_that_of_the_api() -> None:
    with answering(of_version(OURS)) as address, pytest.raises(ServerFailed, match=rf"it is {address}/api$"):
        check_server(address)


@pytest.mark.parametrize("number", [OURS, "3.999.0"])
def test_a_server_of_our_version_or_a_later_minor_one_will_do(number: str) -> None:
    with answering(of_version(number)) as address:
        check_server(f"{address}/api")
        check_server(f"{address}/api/".removesuffix("/"))


def test_a_hosted_server_with_its_key_need_not_say_who_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_KEY", "pnu_not_a_real_key")
    with answering({"/api/health": (404, "")}) as address:
        check_server(f"{address}/api")


def test_the_users_profile_names_the_server_where_the_environment_does_not(tmp_path: Path) -> None:
    (tmp_path / "profiles.toml").write_text(
        'active = "x"\n[profiles.x]\nPREFECT_API_URL = "http://127.0.0.1:9/api"\n'
    )
    assert configured_server() == "http://127.0.0.1:9/api"
    with pytest.raises(ServerFailed, match="does not answer"):
        standing_server()
