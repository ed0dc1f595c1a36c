"""The dataset card as a stranger reads it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from flows.cli import cli
from output.card_making import CardFacts
from output.converting import convert
from output.writing import write_dataset
from schemas.settings import Settings, load_settings
from tests.output.builders import CARD, SOURCES, numbered


def _block(card: str, language: str) -> str:
    return card.split(f"```{language}\n", 1)[1].split("```", 1)[0]


def _card(folder: Path) -> str:
    return (folder / "README.md").read_text(encoding="utf-8")


def test_the_cards_settings_and_command_make_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ["examples/handbook", "--recipe", "qa:2", "--seed", "7", "--set", "split.train=0.8"]
    options += ["--set", "split.test=0.1", "--set", "split.validation=0.1", "--direct", "--quiet"]
    made = CliRunner().invoke(cli, ["build", *options, "--out", str(tmp_path / "one")])
    assert made.exit_code == 0, made.output
    card = _card(tmp_path / "one" / "dataset")
    (tmp_path / "tunesmith.yaml").write_text(_block(card, "yaml"))
    [*command] = _block(card, "sh").split()
    assert command[:4] == ["tunesmith", "build", "--config", "tunesmith.yaml"]
    again = ["build", "--config", str(tmp_path / "tunesmith.yaml"), "--out", str(tmp_path / "two")]
    assert CliRunner().invoke(cli, [*again, "--direct", "--quiet"]).exit_code == 0
    files = [sorted((tmp_path / name / "dataset").glob("*.parquet")) for name in ("one", "two")]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]
    assert "No language model was asked." in card
    assert "1 of the sources could not be read" in card


def test_prompts_versions_and_the_replies_are_told_of_a_model(tmp_path: Path) -> None:
    facts = CardFacts("demo", versions={"openai": "3.54.0"}, prompts={"qa": "0123456789abcdef"})
    write_dataset(lambda: numbered(20), tmp_path / "dataset", Settings(), SOURCES, facts)
    card = _card(tmp_path / "dataset")
    assert "- openai 3.54.0\n- prompts of `qa`: `0123456789abcdef`\n" in card
    assert "- every row passed the filters `length`, `judge`\n" in card
    assert "Personal data was not looked for." in card
    assert "the run's folder `replies/` keeps what it said" in card


def test_a_converted_dataset_claims_nothing_of_how_it_was_made(tmp_path: Path) -> None:
    write_dataset(lambda: numbered(20), tmp_path / "one", Settings(), SOURCES, CARD)
    convert(str(tmp_path / "one"), tmp_path / "two", load_settings({"format": "alpaca"}))
    card = _card(tmp_path / "two")
    assert "20 rows in the `alpaca` format, converted from another dataset by tunesmith" in card
    assert f"tunesmith convert {tmp_path / 'one'} FOLDER --format alpaca" in card
    assert "made from documents" not in card
