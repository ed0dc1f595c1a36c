"""Builds over a corpus that changes: what is new is asked, what is gone goes, and splits stay."""

import os
import random
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from pipeline.store import read_run
from schemas.errors import SettingsError
from schemas.ledger import End
from schemas.samples import Split
from tests.endpoint.start import Started, start_endpoint
from tests.flows.corpus import write_document, write_documents

RECIPES = ["qa:2"]

pytestmark = pytest.mark.usefixtures("openai_key")


def built(docs: Path, out: Path, endpoint: Started | None = None, **settings: Any) -> Result:
    if endpoint is not None:
        settings |= {**endpoint.settings, "recipes": RECIPES}
    return build([docs], out=str(out), direct=True, **settings)


def splits(result: Result) -> dict[str, Split]:
    return {each.judged.sample.id: each.split for each in result.samples()}


def rows_of(result: Result) -> dict[str, set[str]]:
    """Return the documents that each row quotes."""
    return {
        each.judged.sample.id: {span.document_id for span in each.judged.sample.evidence}
        for each in result.samples()
    }


def documents(result: Result) -> dict[str, str]:
    rows = read_run(result.folder).sources.read()
    return {Path(row.uri).stem: row.document_id for row in rows if row.end is End.KEPT and row.document_id}


def test_one_changed_document_of_fifty_costs_its_own_requests_only(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "run"
    write_documents(docs, 50)
    with start_endpoint() as endpoint:
        first = built(docs, out, endpoint)
        before, asked = splits(first), endpoint.stats["requests"]
        old_rows = rows_of(first)
        old = documents(first)["s17"]
        write_document(docs, "s17", edition=2)
        second = built(docs, out, endpoint)
        after, sent = splits(second), endpoint.stats["requests"] - asked
    new = documents(second)["s17"]
    assert 0 < sent <= asked / 50 + 2
    made_of = old_rows | rows_of(second)
    assert all(new in made_of[id_] for id_ in after.keys() - before.keys())
    assert not any(old in made_of[id_] for id_ in after)
    assert {id_: after[id_] for id_ in before.keys() & after.keys()} == {
        id_: split for id_, split in before.items() if id_ in after
    }
    version = second.manifest.history[-1]
    assert (version.number, version.rows) == (2, len(after))
    assert version.added == len(after.keys() - before.keys()) > 0
    assert version.removed == len(before.keys() - after.keys()) > 0
    assert version.unchanged == len(before.keys() & after.keys())


def test_rows_of_a_deleted_document_go_and_nothing_is_sent(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "run"
    write_documents(docs, 6)
    with start_endpoint() as endpoint:
        first = built(docs, out, endpoint)
        asked, gone, before = endpoint.stats["requests"], documents(first)["s3"], len(splits(first))
        (docs / "s3.md").unlink()
        second = built(docs, out, endpoint)
        assert endpoint.stats["requests"] == asked
    kept = [each.judged.sample for each in second.samples()]
    assert not any(span.document_id == gone for sample in kept for span in sample.evidence)
    assert second.manifest.history[-1].added == 0
    assert second.manifest.history[-1].removed == before - len(kept) > 0


def test_the_same_build_again_makes_no_new_version(tmp_path: Path) -> None:
    write_document(tmp_path / "docs", "one")
    for _ in range(2):
        result = built(tmp_path / "docs", tmp_path / "run")
    assert [version.number for version in result.manifest.history] == [1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_row_and_no_document_ever_moves_between_splits(seed: int, tmp_path: Path) -> None:
    draw, docs, out = random.Random(seed), tmp_path / "docs", tmp_path / "run"
    shares = {"train": 0.6, "validation": 0.2, "test": 0.2}
    editions = Counter({f"s{number}": 1 for number in range(6)})
    for name in editions:
        write_document(docs, name)
    rows: dict[str, Split] = {}
    places: dict[str, Split] = {}
    for step in range(7):
        result = built(docs, out, split=shares)
        now = splits(result)
        assert {id_: rows.get(id_, split) for id_, split in now.items()} == now
        rows |= now
        names = {id_: name for name, id_ in documents(result).items()}
        for each in result.samples():
            for span in each.judged.sample.evidence:
                assert places.setdefault(names[span.document_id], each.split) is each.split
        for name in draw.sample(sorted(editions), 2):  # changed, back in an earlier edition, or gone
            editions[name] = draw.choice([editions[name] + 1, 1, 0])
        editions[f"n{step}"] = 1
        for name, edition in editions.items():
            if edition:
                write_document(docs, name, edition)
            else:
                (docs / f"{name}.md").unlink(missing_ok=True)
    assert len(set(rows.values())) == 3


def test_a_split_that_is_no_longer_wanted_keeps_nothing(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "run"
    write_documents(docs, 6)
    assert (
        Split.TEST in splits(built(docs, out, split={"train": 0.5, "validation": 0.0, "test": 0.5})).values()
    )
    again = built(docs, out, split={"train": 1.0, "validation": 0.0, "test": 0.0})
    assert set(splits(again).values()) == {Split.TRAIN}


def aged(path: Path, days: float) -> Path:
    """Let a file have been changed some days ago."""
    then = time.time() - days * 86_400
    os.utime(path, (then, then))
    return path


def ends(result: Result) -> dict[str, str]:
    """Return how each source ended: its reason, or its end where there is none."""
    return {Path(row.uri).name: row.reason or row.end.value for row in read_run(result.folder).sources.read()}


def test_since_keeps_older_files_unopened_reads_newer_ones_and_leaves_out_unseen_older_ones(
    tmp_path: Path,
) -> None:
    docs, out = tmp_path / "docs", tmp_path / "run"
    for name in ("kept", "changed"):
        write_document(docs, name)
    first = built(docs, out)
    known, rows_before = documents(first), rows_of(first)
    content = (docs / "kept.md").read_bytes()
    aged(docs / "kept.md", 30).write_bytes(b"x" * len(content))  # same size, same time: nobody looks inside
    aged(docs / "kept.md", 30)
    write_document(docs, "changed", edition=2)
    write_document(docs, "new")
    aged(write_document(docs, "unseen"), 30)
    second = built(docs, out, since="7d")
    assert ends(second) == {
        "kept.md": "kept",
        "changed.md": "kept",
        "new.md": "kept",
        "unseen.md": "older_than_since",
    }
    rows = rows_of(second)
    assert [id_ for id_, of in rows.items() if known["kept"] in of]
    assert {id_ for id_, of in rows_before.items() if of == {known["kept"]}} <= rows.keys()
    assert not any(known["changed"] in of for of in rows.values())
    (docs / "kept.md").write_bytes(content)
    assert ends(built(docs, out))["unseen.md"] == "kept"


def test_since_never_loses_a_file_that_moved_or_that_holds_others(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "run"
    write_document(docs, "one")
    source = write_document(docs, "two").read_text(encoding="utf-8")
    (docs / "two.md").unlink()
    with zipfile.ZipFile(docs / "more.zip", "w") as archive:
        archive.writestr("b.md", source)
        archive.writestr("a.md", source.replace("two", "three"))
    before = splits(built(docs, out))
    for path in docs.iterdir():
        aged(path, 30)
    assert splits(built(docs, out, since="1d")) == before
    docs.rename(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "one.md").rename(tmp_path / "elsewhere" / "first.md")
    assert splits(built(tmp_path / "elsewhere", out, since="1d")) == before


def test_since_tries_again_what_could_not_be_read(tmp_path: Path) -> None:
    docs, out = tmp_path / "docs", tmp_path / "run"
    write_document(docs, "one")
    (docs / "blank.md").write_text("")
    built(docs, out)
    aged(docs / "blank.md", 30)
    assert ends(built(docs, out, since="1d"))["blank.md"] == "empty_file"


@pytest.mark.parametrize("when", ["yesterday", "0d", "7 fortnights", "2026-13-01", "99999999999w", ""])
def test_a_moment_that_is_none_is_one_clear_line(when: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"since.* wants a date, a time or a length") as caught:
        built(tmp_path, tmp_path / "run", since=when)
    assert "\n" not in str(caught.value)
