"""Replies that no model should give, and documents that hold next to nothing: each ends with its reason."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from flows import Result, build
from pipeline.store import read_run
from schemas.errors import TunesmithError

PUMPS = (
    "# Pumps\n\nThe pump P-7 in hall nine moves 420 litres of water a minute. Its filter must be changed"
    " every 200 hours of operation. The pump was bought on 3 March 2024 for 1,250 euros. It weighs 31 kg with"
    " its motor, and it stands beside the door of the hall, where the supervisor sees it on every round.\n"
)
FLOW = "The pump P-7 in hall nine moves 420 litres of water a minute."
PRICE = "The pump was bought on 3 March 2024 for 1,250 euros."


def pair(question: str, answer: str, *quotes: str) -> dict[str, object]:
    return {"question": question, "answer": answer, "evidence": list(quotes) or [FLOW], "kind": ""}


GOOD = pair("How much water does the pump P-7 move?", "It moves 420 litres of water a minute.")
AGAIN = pair("How much water does the pump P-7 move?", "420 litres of water a minute.")
MIXED = (
    "The pump P-7 in hall nine moves 420 litres of water in each and every minute of the day. "
    "Das ist für die ganze Halle neun genug."
)
REPLIES = {
    "evidence_not_found": pair(
        "What does the pump P-7 cost?", "1,250 euros.", "It costs 1,250 euros plus tax."
    ),
    "answer_copies_question": pair(
        "What moves the water in hall nine?", "What moves the water in hall nine?"
    ),
    "mixes_languages": pair("How much does the pump P-7 in hall nine move?", MIXED),
    "near_duplicate": AGAIN,
    "more_than_asked": pair("When was the pump P-7 bought?", "On 3 March 2024.", PRICE),
}


def built(folder: Path, text: str, *recipes: Any, script: object = (), **settings: Any) -> Result:
    (folder / "docs").mkdir()
    (folder / "docs" / "page.md").write_text(text, encoding="utf-8")
    (folder / "script.json").write_bytes(orjson.dumps(script))
    return build(
        [folder / "docs"],
        out=str(folder / "run"),
        direct=True,
        model=f"scripted/{folder / 'script.json'}",
        recipes=list(recipes),
        judge={"enabled": False},
        **settings,
    )


def test_each_bad_item_of_a_reply_is_dropped_with_its_reason(tmp_path: Path) -> None:
    items = [GOOD, *REPLIES.values()]
    count = len(items) - 1  # so that the last one is more than was asked for
    result = built(tmp_path, PUMPS * 3, f"qa:{count}", script=[{"contains": "", "reply": {"items": items}}])
    assert [each.judged.sample.question for each in result.samples()] == [GOOD["question"]]
    assert result.ledger["samples"].dropped == dict.fromkeys(REPLIES, 1)


def test_a_reply_with_fewer_items_than_asked_for_is_kept_and_says_so(tmp_path: Path) -> None:
    result = built(tmp_path, PUMPS, "qa:2", script=[{"contains": "", "reply": {"items": [GOOD]}}])
    assert result.ledger["requests"].kept == 1
    run = read_run(result.folder)
    [shard] = (path.stem for path in (tmp_path / "run" / "candidates").glob("*.parquet"))
    assert [outcome.detail for outcome in run.candidates.outcomes(shard)] == ["1 of 2 asked for"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it is empty"),
        ("Pumps move water.", "1 number not in source"),
        ("12 345 6,789 " * 60, "1 number not in source"),
        ("| 1 | 2 |\n|---|---|\n| 3 | 4 |\n", "1 number not in source"),
    ],
)
def test_a_document_that_holds_next_to_nothing_ends_in_one_line(
    tmp_path: Path, text: str, problem: str
) -> None:
    made_up = pair("How many pumps are there in all?", "There are 77,777 pumps in all.", text.strip() or "-")
    with pytest.raises(TunesmithError, match=problem) as found:
        built(tmp_path, text, "qa:3", script=[{"contains": "", "reply": {"items": [made_up]}}])
    assert "\n" not in str(found.value)
