import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from parsers.reading import Outcome, Unreadable, read
from schemas.documents import Document
from schemas.settings import ParseSettings

FILES = {"b/two.txt": b"The second text.", "a/one.md": b"# One\n\nThe first text.", ".hidden": b"x"}


def tar(files: Iterable[tuple[str, bytes]], mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]  # a mode by name
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def ends(folder: Path, name: str, content: bytes, **settings: object) -> dict[str, Outcome]:
    (folder / name).write_bytes(content)
    found = list(read([str(folder / name)], ParseSettings.model_validate({"workers": 1, **settings})))
    uris = (one.uri if isinstance(one, Unreadable) else one.source.uri for one in found)
    return {uri.removeprefix(f"{folder}/"): one for uri, one in zip(uris, found, strict=True)}


def texts(found: Iterable[Outcome]) -> list[str]:
    return [one.text for one in found if isinstance(one, Document)]


def reasons(found: Iterable[Outcome]) -> Sequence[str]:
    return [one.reason for one in found if isinstance(one, Unreadable)]


@pytest.mark.parametrize(
    ("suffix", "pack"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress)]
)
def test_a_compressed_file_is_read_as_the_file_in_it(tmp_path: Path, suffix: str, pack: object) -> None:
    assert callable(pack)
    found = ends(tmp_path, f"notes.md.{suffix}", pack(b"# Notes\n\nWords that were packed."))
    assert list(found) == [f"notes.md.{suffix}!/notes.md"]
    assert texts(found.values()) == ["Notes\n\nWords that were packed."]


@pytest.mark.parametrize("name", ["c.tar", "c.tar.gz", "c.tgz", "c.tar.bz2", "c.tar.xz"])
def test_a_tar_archive_is_read_in_its_order(tmp_path: Path, name: str) -> None:
    kind = {"tar": "", "tgz": "gz"}.get(name.rpartition(".")[2], name.rpartition(".")[2])
    found = ends(tmp_path, name, tar(FILES.items(), f"w:{kind}"))
    assert [uri.rpartition("!/")[2] for uri in found] == ["b/two.txt", "a/one.md"]
    assert texts(found.values()) == ["The second text.", "One\n\nThe first text."]


def test_records_in_a_compressed_file_are_sources_of_their_own(tmp_path: Path) -> None:
    lines = b"".join(b'{"text": "Record %d."}\n' % number for number in range(3))
    found = ends(tmp_path, "r.jsonl.gz", gzip.compress(lines))
    assert list(found)[2] == "r.jsonl.gz!/r.jsonl#3"
    assert texts(found.values()) == ["Record 0.", "Record 1.", "Record 2."]


def test_what_stands_before_the_damage_is_read_and_the_damage_is_told(tmp_path: Path) -> None:
    plain = bytearray(tar([(f"{number}.txt", b"Some words.") for number in range(3)], "w"))
    plain[1024 + 20] ^= 0xFF  # the second header
    found = ends(tmp_path, "c.tar", bytes(plain))
    assert texts(found.values()) == ["Some words."]
    assert reasons(found.values()) == ["damaged"]
    cut = gzip.compress(b"".join(b'{"text": "Record %d."}\n' % number for number in range(9_999)))[:-500]
    found = ends(tmp_path, "r.jsonl.gz", cut)
    assert len(texts(found.values())) > 1000
    assert reasons(found.values()) == ["damaged"]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.tar", "a.tar.xz", "a.txt.bz2", "a.jsonl.xz"])
def test_a_file_that_is_not_what_its_name_says_has_a_reason(tmp_path: Path, name: str) -> None:
    assert reasons(ends(tmp_path, name, b"no archive at all" * 99).values()) == ["damaged"]
    assert set(reasons(ends(tmp_path, name, b"").values())) <= {"damaged", "empty_file"}


@pytest.mark.parametrize("name", ["a.txt.xz", "a.jsonl.xz", "a.tar.xz"])
def test_a_bomb_is_not_unfolded(tmp_path: Path, name: str) -> None:
    content = tar([("zeros.txt", bytes(100_000_000))], "w") if ".tar" in name else bytes(100_000_000)
    assert reasons(ends(tmp_path, name, lzma.compress(content, preset=0)).values()) == ["decompression_bomb"]


def test_links_headers_and_sizes_of_an_archive_lead_nowhere(tmp_path: Path) -> None:
    link, outside = tarfile.TarInfo("link.txt"), tarfile.TarInfo("../../escaped.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    outside.size = 5
    large = tarfile.TarInfo("large.txt")
    large.size = 2_000_000
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        archive.addfile(link)
        archive.addfile(outside, io.BytesIO(b"words"))
        archive.addfile(large, io.BytesIO(b"x" * large.size))
    found = ends(tmp_path, "c.tar", buffer.getvalue(), max_file_mb=1)
    assert texts(found.values()) == ["words"]
    assert reasons(found.values()) == ["no_file", "too_large"]
    attributes = tarfile.TarInfo("long.txt")
    attributes.type, attributes.size = tarfile.XHDTYPE, 50_000_000
    header = attributes.tobuf() + bytes(50_000_000)
    assert reasons(ends(tmp_path, "h.tar", header).values()) == ["damaged"]
