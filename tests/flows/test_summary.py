from collections import Counter
from pathlib import Path

import pytest

from flows import build
from flows.stages.plan import gathered
from flows.summary import other_format, result_text
from schemas.settings import load_settings


def test_what_was_not_read_is_told_by_reason_where_it_is_much(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.md").write_text(
        "# Signals\n\nA lantern is a light that the keeper of the harbour lights at dusk.\n"
    )
    (docs / "empty.txt").touch()
    for number in range(9):
        (docs / f"{number}.dat").write_text("1 2 3")
    told = result_text(build([str(docs)], out=str(tmp_path / "run"), direct=True)).splitlines()
    start = told.index("  9 unknown format:")
    assert told[start + 1].startswith(f"    {docs}/0.dat: ")
    assert told[start + 3 : start + 6] == [
        "    and 7 more, in sources.parquet (.dat 9)",
        "  1 empty file:",
        f"    {docs}/empty.txt: it is empty",
    ]
    assert not any("8.dat" in line for line in told)


@pytest.mark.parametrize(
    ("settings", "format_"),
    [
        ({"recipes": ["qa", "cot"]}, "alpaca"),
        ({"recipes": ["qa"], "format": "alpaca"}, "sharegpt"),
        ({"recipes": ["figure", "qa"], "model": "openai/m"}, "sharegpt"),
        ({"recipes": ["preference"], "format": "preference", "model": "openai/m"}, "llama_factory"),
        ({"recipes": ["rewrite"], "format": "text", "model": "openai/m"}, "raw"),
    ],
)
def test_theother_format_that_is_named_can_hold_the_rows(settings: dict[str, object], format_: str) -> None:
    assert other_format(load_settings(settings)) == format_


def test_a_plan_tells_documents_that_differ_by_size_alone_in_one_line() -> None:
    modes = Counter({
        "whole: 1,200 tokens fit the window of 128,000": 1,
        "whole: 58 tokens fit the window of 128,000": 2,
        "chunk: whole would cost 4.2 times as much as chunks": 1,
        "chunk: the document has no text": 1,
    })  # fmt: skip
    assert gathered(modes) == {
        "whole: 58 to 1,200 tokens fit the window of 128,000": 3,
        "chunk: whole would cost 4.2 times as much as chunks": 1,
        "chunk: the document has no text": 1,
    }
