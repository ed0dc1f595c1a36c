from pathlib import Path

import orjson
import pytest

from output.checking import check
from output.writing import write_dataset
from schemas.settings import Settings
from tests.output.builders import CARD, SOURCES, numbered


def _words(text: str) -> int:
    return len(text.split())


def _file(folder: Path, *chats: list[tuple[str, str]]) -> str:
    rows = [{"messages": [{"role": role, "content": text} for role, text in chat]} for chat in chats]
    (folder / "train.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    return str(folder)


def test_a_dataset_of_ours_is_fit(tmp_path: Path) -> None:
    write_dataset(lambda: numbered(20), tmp_path / "dataset", Settings(), SOURCES, CARD)
    report = check(str(tmp_path / "dataset"), _words)
    assert report.fit
    assert (report.rows, report.splits) == (20, {"test": 2, "train": 16, "validation": 2})
    assert (report.lengths.smallest, report.lengths.largest, report.lengths.learned_share) == (4, 4, 0.5)
    assert report.lengths.histogram == {4: 20}


@pytest.mark.parametrize(
    ("chat", "problem"),
    [
        ([("user", "Why?"), ("assistant", " ")], "an empty assistant turn"),
        ([("user", "a"), ("user", "b"), ("assistant", "c")], "two turns of one speaker in a row"),
        ([("assistant", "a"), ("user", "b"), ("assistant", "c")], "a chat that the assistant opens"),
        (
            [("user", "a"), ("system", "b"), ("assistant", "c")],
            "a system turn that is not the first",
        ),
        ([("user", "a")], "no assistant turn"),
        ([("robot", "a")], "turn 1 has the role 'robot'; there are system, user, assistant, tool"),
    ],
)
def test_what_a_trainer_would_choke_on_is_found(
    tmp_path: Path, chat: list[tuple[str, str]], problem: str
) -> None:
    report = check(_file(tmp_path, [("user", "a"), ("assistant", "b")], chat), _words)
    assert not report.fit
    [finding] = report.findings
    assert (finding.problem, finding.rows, finding.fatal) == (problem, 1, True)
    assert finding.places == (f"{tmp_path / 'train.jsonl'}:2",)


def test_long_and_repeated_rows_are_told_but_no_obstacle(tmp_path: Path) -> None:
    chat = [("user", "one two three"), ("assistant", "four five")]
    report = check(_file(tmp_path, chat, chat), _words, max_tokens=4)
    assert report.fit
    assert {finding.problem: finding.rows for finding in report.findings} == {
        "longer than 4 tokens: would be cut off": 2,
        "the same turns as an earlier row": 1,
    }


def test_lengths_are_those_of_the_rendered_chat(tmp_path: Path) -> None:
    address = _file(tmp_path, [("user", "one two"), ("assistant", "three")])
    report = check(address, _words, chat_template="tests/output/chatml.jinja")
    assert report.lengths.largest == 5


def test_a_template_that_refuses_a_chat_is_a_finding(tmp_path: Path) -> None:
    template = tmp_path / "strict.jinja"
    template.write_text("{{ raise_exception('no system turns, please') }}")
    (tmp_path / "rows").mkdir()
    address = _file(tmp_path / "rows", [("user", "a"), ("assistant", "b")])
    [finding] = check(address, _words, chat_template=str(template)).findings
    assert "no system turns, please" in finding.problem


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ('{"messages": [{"role": "user", "cont', "is no JSON (unexpected control character in string)"),
        (
            '{"messages": [{"role": "user", "content": 5}]}',
            "turn 1 has a content that is neither text nor parts",
        ),
        ('{"messages": "no"}', "turns are not a list"),
        ('{"text": "other columns"}', "has no 'messages'"),
        (
            '{"messages": [{"role": "user", "content": "a", "tool_calls": 5}]}',
            "turn 1 has tool calls that are not",
        ),
        (
            '{"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "http://a/b.png"}]}]}',
            "turn 1 shows an image by address",
        ),
        ('{"messages": [{"role": "user", "content": "a"}], "reasoning": 7}', "'reasoning' is not text"),
        (
            '{"messages": [{"role": "user", "content": "a"}], "evidence": [{"document": 1, "start": 0, '
            '"end": 1, "quote": "a", "page": null}]}',
            "'evidence' holds something else",
        ),
        (
            '{"messages": [{"role": "user", "content": "a"}], "scores": [{"score": "b"}]}',
            "'scores' holds something else than numbers from 0 to 1",
        ),
        (
            '{"messages": [{"role": "user", "content": "a"}], "scores": [{"filter": "judge", "score": 9}]}',
            "'scores' holds something else than numbers from 0 to 1",
        ),
        ("[1, 2]", "is not an object"),
        ("null", "is not an object"),
    ],
)
def test_rows_of_other_shapes_are_told_and_do_not_stop_it(tmp_path: Path, row: str, problem: str) -> None:
    good = '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}'
    (tmp_path / "rows.jsonl").write_text("\n".join([good, row, good.replace("b", "c")]))
    report = check(str(tmp_path), _words)
    assert (report.rows, report.fit) == (3, False)
    [finding] = report.findings
    assert finding.problem.startswith(problem)
    assert finding.places == (f"{tmp_path / 'rows.jsonl'}:2",)


def test_columns_that_come_late_and_huge_cells_are_told(tmp_path: Path) -> None:
    rows = [
        {"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]},
        {
            "messages": [
                {"role": "user", "content": "a"},
                {"role": "assistant", "content": "c " * 5_000_000},
            ],
            "id": "x",
        },
    ]
    (tmp_path / "rows.jsonl").write_bytes(b"\n".join(orjson.dumps(row) for row in rows))
    report = check(str(tmp_path), _words, max_tokens=4096)
    assert report.fit
    assert {finding.problem for finding in report.findings} == {
        "columns that differ from those of the file's first row",
        "longer than 4096 tokens: would be cut off",
    }
