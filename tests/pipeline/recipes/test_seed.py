"""`seed`: instructions from a taxonomy or from examples."""

from pathlib import Path

import pytest

from schemas.errors import SettingsError
from schemas.samples import Sample
from tests.pipeline.recipes.building import answered, built

TOPICS = ["Pumps > Care > filters", "Pumps > Care > bearings", "Pumps > History"]


@pytest.mark.parametrize(
    ("file", "text", "shown"),
    [
        ("t.md", "# Pumps\n## Care\n- filters\n- bearings\n## History\n", TOPICS),
        ("t.yaml", "Pumps:\n  Care: [filters, bearings]\n  History:\n", TOPICS),
        ("t.jsonl", '{"question": "a"}\n{"question": "b"}\n', ['{"question":"a"}\n{"question":"b"}']),
    ],
)
def test_seeds_come_from_a_taxonomy_or_examples(
    tmp_path: Path, file: str, text: str, shown: list[str]
) -> None:
    (tmp_path / file).write_text(text)
    recipe = built("seed", path=str(tmp_path / file))
    found = list(recipe.requests(()))
    assert len(found) == len(shown)
    assert all(topic in request.messages[1].content for topic, request in zip(shown, found, strict=True))
    [made, _] = answered(recipe, found[0], {"items": [{"instruction": "i", "answer": "a"}] * 2})
    assert isinstance(made, Sample)
    assert made.origin.passages == ()


def test_seeds_that_are_not_there_are_one_clear_line() -> None:
    with pytest.raises(SettingsError, match="cannot read"):
        list(built("seed", path="/no/such.md").requests(()))
    with pytest.raises(SettingsError, match="path or topics"):
        built("seed")


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 10)}]\n" for number in range(1, 8)
)


def test_an_instruction_that_repeats_an_example_is_at_fault(tmp_path: Path) -> None:
    (tmp_path / "t.jsonl").write_text('{"instruction": "How are pumps vented?", "output": "By a valve."}\n')
    recipe = built("seed", path=str(tmp_path / "t.jsonl"))
    items = [
        {"instruction": said, "answer": "a"} for said in ("How are pumps vented?", "How are they oiled?")
    ]
    made = answered(recipe, next(recipe.requests(())), {"items": items})
    assert [one.fault for one in made if isinstance(one, Sample)] == ["repeats_example", None]


@pytest.mark.parametrize(
    ("file", "text", "problem"),
    [
        ("t.yaml", "Pumps: [care\nHistory:", "is not YAML"),
        ("t.yaml", "&a [Pumps, *a]", "a topic below itself"),
        ("t.yaml", LAUGHS, "more than 100,000 topics"),
        ("t.yaml", "", "holds no topics"),
        ("t.md", "Only prose, no outline.", "holds no topics"),
        ("t.jsonl", '{"question": "a"}\nnot json', "line 2"),
        ("t.jsonl", '{"question": "a"}\n"b"', "line 2: an example is a JSON object"),
        ("t.jsonl", "\n", "holds no topics"),
        ("t.yaml", "\x00", "is not YAML"),
    ],
)  # fmt: skip
def test_a_malformed_taxonomy_is_one_clear_line(tmp_path: Path, file: str, text: str, problem: str) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(SettingsError, match=problem) as found:
        next(built("seed", path=str(tmp_path / file)).requests(()))
    assert "\n" not in str(found.value)
