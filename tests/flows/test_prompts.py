"""What would be asked can be read before anything is sent."""

from pathlib import Path

from click.testing import CliRunner

from flows.cli import cli
from tests.flows.corpus import write_document


def test_the_first_prompt_of_each_recipe_is_shown_and_nothing_is_made(tmp_path: Path) -> None:
    folder = write_document(tmp_path / "docs", "s1").parent
    write_document(folder, "s2")
    (folder / "empty.md").write_text("")
    options = ("--recipe", "qa", "--recipe", "cot", "--recipe", "qa:2", "--out", str(tmp_path / "run"))
    done = CliRunner().invoke(cli, ["build", str(folder), *options, "--show-prompts"], catch_exceptions=False)
    heads = [line for line in done.output.splitlines() if line.startswith("=== ")]
    assert [head for head in heads if head.endswith(", user")] == [
        "=== qa, user", "=== cot, user", "=== qa-2, user",
    ]  # fmt: skip
    assert "Station s1, edition 1" in done.output
    assert not (tmp_path / "run").exists()
