import os
import sys
import zipfile
from collections.abc import Iterator, Sequence
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path

import pytest

from parsers.reading import Known, Outcome, Unreadable, find, read
from schemas.documents import Document, Source
from schemas.errors import SourceNotFound
from schemas.settings import ParseSettings
from tests.parsers.single import FILES, PNG_HEAD

PNG = PNG_HEAD + bytes(64)


def outcomes(*uris: str | Path, **settings: object) -> list[Outcome]:
    return list(read([str(uri) for uri in uris], ParseSettings.model_validate({"workers": 2, **settings})))


def reasons(found: Sequence[Outcome]) -> list[str]:
    return [one.reason if isinstance(one, Unreadable) else "" for one in found]


def names(found: Sequence[Outcome]) -> list[str]:
    uris = (one.uri if isinstance(one, Unreadable) else one.source.uri for one in found)
    return [uri.rpartition("/")[2] for uri in uris]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "sub/c.txt", ".hidden.txt", "~$lock.docx", "Thumbs.db", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"The text of {name}.")
    return tmp_path


def test_a_folder_is_read_in_order_without_junk(folder: Path) -> None:
    found = outcomes(folder)
    assert names(found) == ["a.md", "b.txt", "c.txt"]
    assert [one.text for one in found if isinstance(one, Document)][1] == "The text of b.txt."


def test_the_order_is_the_same_whatever_the_number_of_workers(tmp_path: Path) -> None:
    for index in range(30):
        (tmp_path / f"{index:02}.txt").write_text("word " * (1 + 5000 * (index % 3)))
    assert names(outcomes(tmp_path, workers=1)) == names(outcomes(tmp_path, workers=3))


def test_a_nested_run_folder_is_no_input(folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "manifest.json").write_text('{"layout": 1}')
    (folder / "run" / "README.md").write_text("A dataset card.")
    assert "README.md" not in names(outcomes(folder))


def test_a_glob_and_a_file_keep_the_order_in_which_they_are_named(folder: Path) -> None:
    assert names(outcomes(folder / "sub" / "c.txt", folder / "*.md")) == ["c.txt", "a.md"]


@pytest.mark.parametrize(
    ("uri", "problem"),
    [
        ("nowhere.txt", "no such file or folder"),
        ("*.nothing", "holds no file"),
        ("empty", "holds no file"),
        ("ftp://host/file", "cannot be read"),
    ],
)
def test_what_leads_to_nothing_stops_before_anything_is_parsed(
    folder: Path, uri: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "empty").mkdir()
    monkeypatch.chdir(folder)
    with pytest.raises(SourceNotFound, match=problem):
        read(["a.md", uri], ParseSettings())


def test_each_bad_file_ends_with_its_reason_and_the_good_one_is_read(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"")
    (tmp_path / "2.txt").write_bytes(b" \n ")
    (tmp_path / "3.xyz").write_text("text of a foreign kind")
    (tmp_path / "4.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    (tmp_path / "5.docx").write_bytes(b"PK\3\4 cut off, with word/ in it")
    (tmp_path / "6.bin").write_bytes(bytes(range(256)))
    (tmp_path / "7.html").write_text("<html><body><script>var x</script></body></html>")
    (tmp_path / "8.txt").write_text("good")
    found = outcomes(tmp_path, max_file_mb=1)
    wanted = [
        "empty_file",
        "empty_file",
        "unknown_format",
        "too_large",
        "damaged",
        "unknown_format",
        "no_text",
    ]
    assert reasons(found) == [*wanted, ""]


def test_an_unknown_suffix_is_told_in_one_short_line(tmp_path: Path) -> None:
    (tmp_path / "notes.xyz").write_text("text")
    (unknown,) = outcomes(tmp_path)
    assert isinstance(unknown, Unreadable)
    assert unknown.detail == "no parser reads '.xyz'; `tunesmith list parsers` names what is read"


@pytest.mark.parametrize("name", ["handbook.docx", "yields.xlsx", "slides.pptx", "seasons.epub"])
def test_a_document_that_is_named_zip_is_one_document(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.zip").write_bytes((FILES / name).read_bytes())
    (found,) = outcomes(tmp_path)
    assert isinstance(found, Document)
    assert found.source.uri.endswith("a.zip")
    assert found.blocks


def test_an_archive_whose_folders_are_named_as_an_office_file_s_is_an_archive(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("word/list.txt", "A word.")
        archive.writestr("mimetype", "notes on types")
    found = outcomes(tmp_path)
    assert names(found) == ["mimetype", "list.txt"]


def test_an_image_under_a_document_s_name_is_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(PNG)
    (image,) = outcomes(tmp_path)
    assert isinstance(image, Document)
    assert image.source.media_type == "image/png"
    assert not image.text
    assert image.page_notes[0].detail == "a PNG image under a name that ends in .pdf"
    assert image.figures[0].content == PNG


def test_links_and_pipes_in_a_folder_end_with_a_reason_and_not_in_silence(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Tides turn twice a day.")
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "nowhere.md").symlink_to("gone.md")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "up").symlink_to("..")
    (tmp_path / "there.md").symlink_to("a.md")
    os.mkfifo(tmp_path / "pipe")
    outcomes = list(read([str(tmp_path)], ParseSettings()))
    ended = [(Path(one.uri).name, one.reason) for one in outcomes if isinstance(one, Unreadable)]
    assert ended == [(name, "no_file") for name in ("itself", "nowhere.md", "pipe", "up")]
    assert len(outcomes) == 6


def test_what_a_browser_saved_beside_a_page_is_not_read_by_itself(tmp_path: Path) -> None:
    for name in ("bees.html", "bees_files/advert.html", "bees_files/a.css", "wax_files/kept.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("<p>The text of a page.</p>")
    found = outcomes(tmp_path)
    assert list(zip(names(found), reasons(found), strict=True)) == [
        ("bees.html", ""),
        ("bees_files", "part_of_page"),
        ("kept.txt", ""),
    ]


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is closed to root")
def test_a_folder_that_is_closed_to_us_ends_with_a_reason(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("Tides turn twice a day.")
    (tmp_path / "closed").mkdir(mode=0)
    first, second = read([str(tmp_path)], ParseSettings())
    assert isinstance(first, Document)
    assert isinstance(second, Unreadable)
    assert second.reason == "unreadable_folder"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere names are text")
def test_a_name_that_is_no_utf_8_is_read_and_named_with_its_bytes(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"tides\xff.md")).write_text("Tides turn twice a day.")
    (document,) = read([str(tmp_path)], ParseSettings())
    assert isinstance(document, Document)
    assert document.source.uri == str(tmp_path / "tides%FF.md")


def test_a_known_source_is_not_parsed_again(folder: Path) -> None:
    seen: list[str] = []

    def known(source: Source) -> bool:
        seen.append(source.sha256)
        return source.uri.endswith(".md")

    found = list(read([str(folder)], ParseSettings(workers=1), known=known))
    assert [type(one) for one in found] == [Known, Document, Document]
    assert len(seen) == 3


def test_a_limit_counts_sources(folder: Path) -> None:
    assert len(list(read([str(folder)], ParseSettings(workers=1), limit=2))) == 2


def test_find_lists_what_would_be_read(folder: Path) -> None:
    assert [found.name for found in find([str(folder)])] == ["a.md", "b.txt", "c.txt"]


def test_json_lines_are_sources_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "r.jsonl").write_text('{"text": "one"}\n\n{"text": "two"}\n{"other": 1}\n{broken\n')
    found = outcomes(tmp_path)
    assert names(found) == ["r.jsonl#1", "r.jsonl#3", "r.jsonl#4", "r.jsonl#5"]
    assert reasons(found) == ["", "", "no_text_field", "damaged"]


def test_reading_can_be_left_at_any_time(folder: Path) -> None:
    reading = read([str(folder)], ParseSettings(workers=2))
    assert isinstance(reading, Iterator)
    next(reading)
    del reading


@pytest.mark.slow
def test_memory_stays_flat_over_ten_thousand_files(tmp_path: Path) -> None:
    import resource

    for index in range(10_000):
        (tmp_path / f"{index:05}.txt").write_text(f"File {index}. " + "Some text. " * 400)
    reading = read([str(tmp_path)], ParseSettings(workers=2))
    for _ in range(1_000):
        next(reading)
    before_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in reading) == 9_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before_kb < 8_000


def mail(*attached: tuple[str, bytes]) -> bytes:
    """Return a mail with files attached, and with a picture that it shows."""
    message = EmailMessage()
    message["From"], message["Subject"] = "ann@example.org", "Reports"
    message.set_content("See the files.")
    message.add_attachment(PNG, "image", "png", cid="<shown>", filename="logo.png", disposition="inline")
    for name, content in attached:
        if name.endswith(".eml"):
            message.add_attachment(message_from_bytes(content, policy=policy.default), filename=name)
        else:
            message.add_attachment(content, "application", "octet-stream", filename=name)
    return message.as_bytes()


def zipped(**members: bytes) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("_", "."), content)
    return buffer.getvalue()


def inside(found: Sequence[Outcome], folder: Path) -> list[str]:
    uris = (one.uri if isinstance(one, Unreadable) else one.source.uri for one in found)
    return [uri.removeprefix(f"{folder}/") for uri in uris]


def test_what_is_attached_to_a_mail_is_read_after_it(tmp_path: Path) -> None:
    forwarded = mail(("deep.txt", b"Deep words."))
    (tmp_path / "m.eml").write_bytes(
        mail(("über.txt", b"One."), ("f.eml", forwarded), ("../über.txt", b"Two."))
    )
    found = outcomes(tmp_path)
    assert inside(found, tmp_path) == [
        "m.eml",
        "m.eml!/über.txt",
        "m.eml!/f.eml",
        "m.eml!/f.eml!/deep.txt",
        "m.eml!/2-über.txt",
    ]
    texts = [one.text for one in found if isinstance(one, Document)]
    assert texts[1] == "One."
    assert texts[2].startswith("Reports\n\nFrom: ann@example.org\n\nSee the files.")
    assert texts[3:] == ["Deep words.", "Two."]


def test_archives_in_archives_are_read_down_to_a_bound(tmp_path: Path) -> None:
    nested = zipped(a_txt=b"At the bottom.", r_jsonl=b'{"text": "A record."}\n')
    for depth in range(5):
        (tmp_path / f"{depth}.zip").write_bytes(nested)
        nested = zipped(z_zip=nested)
    found = outcomes(tmp_path)
    assert inside(found, tmp_path)[:4] == [
        "0.zip!/a.txt",
        "0.zip!/r.jsonl#1",
        "1.zip!/z.zip!/a.txt",
        ("1.zip!/z.zip!/r.jsonl#1"),
    ]
    assert [one.detail for one in found if isinstance(one, Unreadable)] == [
        "it stands more than 3 files deep in others"
    ] * 2
    assert inside(found, tmp_path)[-2:] == ["3.zip!/z.zip!/z.zip!/z.zip!/r.jsonl", "4.zip" + "!/z.zip" * 4]


def test_the_mails_of_a_mailbox_are_sources_with_their_attachments(tmp_path: Path) -> None:
    box = b"".join(
        b"From ann@example.org Thu Jan  1 00:00:00 2026\n" + content.replace(b"\r\n", b"\n") + b"\n\n"
        for content in (
            b"Subject: One\nFrom: a@b.c\nDate: Thu, 1 Jan 2026 00:00:00 +0000\n\n"
            b"Hello.\n>From here on.\nFrom in a line.",
            mail(("a.txt", b"Attached.")),
        )
    )
    (tmp_path / "box.mbox").write_bytes(box)
    (tmp_path / "no.mbox").write_bytes(b"no mailbox at all")
    one, two, attached, broken = outcomes(tmp_path)
    assert isinstance(one, Document)
    assert one.text.endswith("Hello.\nFrom here on.\nFrom in a line.")
    assert isinstance(two, Document)
    assert isinstance(attached, Document)
    assert attached.source.uri.endswith("box.mbox!/2.eml!/a.txt")
    assert isinstance(broken, Unreadable)
    assert broken.reason == "damaged"


def test_names_in_an_archive_are_utf_8_where_they_fit_it(tmp_path: Path) -> None:
    packed = zipped(nx_txt=b"One.", ny_txt=b"Two.")
    packed = packed.replace(b"nx.txt", "ü.md".encode() + b"x").replace(b"ny.txt", b"\x81y.txt")
    (tmp_path / "a.zip").write_bytes(packed)
    names = [found.uri.rpartition("!/")[2] for found in find([str(tmp_path)])]
    assert sorted(names) == ["ü.mdx", "üy.txt"]
