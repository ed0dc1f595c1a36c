"""`custom`: kinds of the user's own."""

from pathlib import Path

import pytest

from schemas.errors import SettingsError
from tests.pipeline.recipes.building import built, sample

CUSTOM = """
name: riddle
prompt: "Write riddles about the material, {{ count }} of them. {{ standalone }}"
item:
  type: object
  properties: {riddle: {type: string}, solution: {type: string}}
question: "Solve: {{ riddle }}"
answer: "{{ solution }}"
"""


def test_a_kind_of_the_users_own_needs_no_python(tmp_path: Path) -> None:
    (tmp_path / "riddle.yaml").write_text(CUSTOM)
    item = {"riddle": "I move water.", "solution": "A pump.", "evidence": ["The pump P-7", "not there"]}
    found = sample("custom", {"items": [item]}, path=str(tmp_path / "riddle.yaml"))
    assert (found.question, found.answer, found.kind) == ("Solve: I move water.", "A pump.", "riddle")
    assert (len(found.evidence), found.unlocated) == (1, ("not there",))


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("{{ count }}", "{{ cuont }}"), "cuont"),
        (("{{ count }}", "{{ ''.__class__.__mro__ }}"), "unsafe"),
        (("{{ count }}", "{{ 1 / 0 }}"), "division by zero"),
        (("{{ count }}", "{% include 'x' %}"), "no loader"),
        (("{{ count }}", "{{ 'a' * 10 ** 10 }}"), "small numbers"),
        (("{{ count }}", "{{ '{:>9999999999}'.format(1) }}"), "unsafe"),
        (("{{ count }}", "{% for i in range(10 ** 9) %}a{% endfor %}"), "at most 1,000 steps"),
        (("{{ count }}", "{{ count|no_such }}"), "No filter named 'no_such'"),
        (("{{ solution }}", "{{ solutoin }}"), "no 'solutoin'; there are: riddle, solution"),
        (("type: object", "type: list"), "not a JSON schema|schema of an object"),
        (("type: object", "type: [object"), "cannot read"),
        (("{{ count }}", "{{ count "), "line 1"),
        (("question:", "qestion:"), "did you mean 'question'"),
        (("type: string", "type: strong"), "not a JSON schema"),
    ],
)  # fmt: skip
def test_a_kind_that_is_written_wrong_is_one_clear_line(
    tmp_path: Path, change: tuple[str, str], problem: str
) -> None:
    (tmp_path / "riddle.yaml").write_text(CUSTOM.replace(*change))
    with pytest.raises(SettingsError, match=problem) as found:
        built("custom", path=str(tmp_path / "riddle.yaml"))
    assert "\n" not in str(found.value)


def test_an_item_that_a_kinds_templates_cannot_show_is_at_fault(tmp_path: Path) -> None:
    kind = CUSTOM.replace("{{ solution }}", "{{ solution.short }}")
    (tmp_path / "riddle.yaml").write_text(kind)
    item = {"riddle": "I move water.", "solution": "A pump.", "evidence": ["The pump P-7"]}
    found = sample("custom", {"items": [item]}, path=str(tmp_path / "riddle.yaml"))
    assert found.fault == "template_failed"
    assert "I move water." in found.question
