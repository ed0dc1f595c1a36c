"""Fetching from a real server on loopback, which counts as a private network."""

import gzip
import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest

from parsers.reading import Outcome, Unreadable, read
from parsers.sources.addresses import is_public
from schemas.documents import Document
from schemas.settings import ParseSettings
from tests.beside import Answering, serving

PAGE = b"<html><head><title>Bees</title></head><body><p>Bees dance to show the way.</p></body></html>"


def archive() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as papers:
        papers.writestr("why #1?.txt", "Because.")
        papers.writestr("bees.html", PAGE)
    return buffer.getvalue()


class Handler(Answering):
    asked = 0

    def do_GET(self) -> None:
        if self.path == "/page?x=1":
            self.say(200, PAGE, Content_Type="text/html; charset=utf-8")
        elif self.path == "/records.jsonl":
            self.say(200, b'{"text": "One."}\n{"text": "Two."}\n')
        elif self.path == "/papers.zip?v=2":
            self.say(200, archive())
        elif self.path == "/moved":
            self.say(302, Location="/page?x=1")
        elif self.path == "/loop":
            self.say(302, Location="/loop")
        elif self.path == "/inside":
            self.say(302, Location="file:///etc/passwd")
        elif self.path == "/table":
            self.say(200, b"Year;Honey\n2023;41\n", Content_Disposition='attachment; filename="a b.csv"')
        elif self.path == "/to-table":
            self.say(302, Location="/deep/table.csv")
        elif self.path == "/deep/table.csv":
            self.say(200, b"Year;Honey\n2023;41\n", Content_Type="application/octet-stream")
        elif self.path == "/packed":
            self.say(200, gzip.compress(PAGE), Content_Type="text/html", Content_Encoding="gzip")
        elif self.path == "/bomb":
            self.say(200, gzip.compress(bytes(3_000_000)), Content_Encoding="gzip")
        elif self.path == "/brotli":
            self.say(200, b"?", Content_Encoding="br")
        elif self.path == "/busy":
            Handler.asked += 1
            self.say(*((200, PAGE) if Handler.asked > 2 else (429,)), Retry_After="0")
        elif self.path == "/closed":
            self.say(503, Retry_After="3600")
        elif self.path == "/endless":
            self.send_response(200)
            self.end_headers()
            for _ in range(30):
                self.wfile.write(b"x" * 100_000)
        else:
            self.say(404)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with serving(Handler) as address:
        yield address


def fetch(uri: str, **settings: object) -> Outcome:
    allowed = {"workers": 1, "allow_private_addresses": True, "max_file_mb": 1, **settings}
    (outcome,) = read([uri], ParseSettings.model_validate(allowed))
    return outcome


@pytest.mark.parametrize("path", ["/page?x=1", "/moved"])
def test_a_page_is_read(server: str, path: str) -> None:
    page = fetch(server + path)
    assert isinstance(page, Document)
    assert page.text == "Bees dance to show the way."
    assert page.source.uri == server + path


@pytest.mark.parametrize(("path", "title"), [("/table", "a b"), ("/to-table", "table")])
def test_a_file_is_what_the_server_calls_it(server: str, path: str, title: str) -> None:
    table = fetch(server + path)
    assert isinstance(table, Document)
    assert table.text.startswith("| Year | Honey |")
    assert table.title == title
    assert table.source.uri == server + path


def test_what_comes_packed_is_unpacked_and_who_is_busy_is_asked_again(server: str) -> None:
    for path in ("/packed", "/busy"):
        page = fetch(server + path)
        assert isinstance(page, Document)
        assert page.text == "Bees dance to show the way."


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/records.jsonl", ["One.", "Two."]),
        ("/papers.zip?v=2", ["Bees dance to show the way.", "Because."]),
    ],
)
def test_records_and_archives_at_an_address_are_read(server: str, path: str, texts: list[str]) -> None:
    settings = ParseSettings(workers=1, allow_private_addresses=True)
    found = list(read([server + path], settings))
    assert [one.text for one in found if isinstance(one, Document)] == texts
    assert all(isinstance(one, Document) and one.source.uri.startswith(server + path) for one in found)


def test_an_archive_that_cannot_be_fetched_has_a_reason(server: str) -> None:
    outcome = fetch(server + "/nowhere.zip")
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "fetch_failed"


@pytest.mark.parametrize(
    ("path", "reason", "detail"),
    [
        ("/nowhere", "fetch_failed", "404"),
        ("/loop", "fetch_failed", "redirects more than"),
        ("/inside", "fetch_failed", "no web address"),
        ("/endless", "too_large", "larger than 1 MB"),
        ("/bomb", "too_large", "larger than 1 MB"),
        ("/brotli", "fetch_failed", "compressed (br)"),
        ("/closed", "fetch_failed", "503"),
    ],
)
def test_what_cannot_be_fetched_has_a_reason(server: str, path: str, reason: str, detail: str) -> None:
    outcome = fetch(server + path)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == reason
    assert detail in outcome.detail


def test_private_addresses_are_refused_unless_allowed(server: str) -> None:
    outcome = fetch(server + "/page?x=1", allow_private_addresses=False)
    assert isinstance(outcome, Unreadable)
    assert outcome.reason == "private_address"


@pytest.mark.parametrize(
    "ip",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "::1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "fe80::1%eth0",
        "224.0.0.1",
    ],
)
def test_no_way_of_writing_a_private_address_is_public(ip: str) -> None:
    assert not is_public(ip)


@pytest.mark.parametrize("ip", ["93.184.215.14", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_public_addresses_are_public(ip: str) -> None:
    assert is_public(ip)


def test_a_video_without_the_library_is_told_what_to_do() -> None:
    outcome = fetch("https://youtu.be/abcdefghijk")
    assert isinstance(outcome, Unreadable)
    assert outcome.reason in ("needs_package", "no_transcript")
    assert ".vtt" in outcome.detail
