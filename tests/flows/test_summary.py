from pathlib import Path

from flows import build
from flows.summary import result_text


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
