"""Object stores, against a real S3 API on loopback."""

from collections.abc import Iterator

import pytest

from parsers.reading import Unreadable, read
from schemas.documents import Document
from schemas.errors import SourceNotFound
from schemas.settings import ParseSettings
from tests.object_store import s3_on_loopback


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    s3fs = pytest.importorskip("s3fs")
    with s3_on_loopback():
        store = s3fs.S3FileSystem()
        store.mkdir("library")
        for name in ("docs/b.txt", "docs/a.md", "docs/.hidden", "docs/deep/c.txt"):
            store.pipe(f"library/{name}", f"The text of {name}.".encode())
        yield "s3://library"


def names(uri: str, **settings: object) -> list[str]:
    found = read([uri], ParseSettings.model_validate({"workers": 1, **settings}))
    uris = (one.uri if isinstance(one, Unreadable) else one.source.uri for one in found)
    return [one.removeprefix("s3://library/") for one in uris]


def test_a_prefix_is_read_like_a_folder(bucket: str) -> None:
    assert names(f"{bucket}/docs") == ["docs/a.md", "docs/b.txt", "docs/deep/c.txt"]


def test_globs_and_single_objects_are_read(bucket: str) -> None:
    assert names(f"{bucket}/docs/*.md") == ["docs/a.md"]
    (document,) = read([f"{bucket}/docs/b.txt"], ParseSettings(workers=1))
    assert isinstance(document, Document)
    assert document.text == "The text of docs/b.txt."


def test_what_is_not_there_is_said_before_anything_is_read(bucket: str) -> None:
    with pytest.raises(SourceNotFound):
        names(f"{bucket}/nothing/")
    with pytest.raises(SourceNotFound, match="no such object"):
        names(f"{bucket}/docs/missing.txt")


def test_missing_credentials_are_told_in_one_line(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    s3fs = pytest.importorskip("s3fs")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    s3fs.S3FileSystem.clear_instance_cache()
    with pytest.raises(SourceNotFound, match="cannot be reached: Unable to locate credentials"):
        names(f"{bucket}/docs")
    s3fs.S3FileSystem.clear_instance_cache()
