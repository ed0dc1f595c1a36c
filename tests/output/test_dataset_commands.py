"""`tunesmith import`, `convert`, `check` and `sql` as people call them."""

from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from flows import build
from flows.cli import cli
from output.writing import write_dataset
from pipeline.store import read_run
from schemas.errors import SettingsError
from schemas.ledger import End
from schemas.settings import Settings
from tests.output.builders import CARD, SOURCES, numbered, reasoned, selected

TOKENIZER = {
    "chat_template": "{% for turn in messages %}<{{ turn.role }}> {{ turn.content }} {% endfor %}",
}


TABLE = """\
recipe     n
--------  --
imported  10
(1 row)
"""


def _tunesmith(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


def _chat(question: str, answer: str) -> bytes:
    turns = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    return orjson.dumps({"messages": turns})


@pytest.fixture
def chats(tmp_path: Path) -> Path:
    """A file of chats of somebody else, one of its lines torn."""
    words = ("ferry", "harbour", "canoe", "lantern", "tide", "anchor", "sail", "rudder", "compass", "buoy")
    lines = [_chat(f"What is a {word}?", f"A {word} is a thing that sailors know well.") for word in words]
    path = tmp_path / "chats.jsonl"
    path.write_bytes(b"\n".join([*lines[:5], b'{"messages": [', *lines[5:]]))
    return path


def test_an_imported_dataset_is_curated_and_exported(tmp_path: Path, chats: Path) -> None:
    run = tmp_path / "run"
    code, told = _tunesmith("import", chats, "--out", run)
    assert (code, "10 samples imported" in told, "left out 1: is no JSON" in told) == (0, True, True)
    assert _tunesmith("curate", "--out", run, "--filter", "length", "--direct", "--quiet")[0] == 0
    options = ("--format", "alpaca", "--filter", "length")
    assert _tunesmith("export", "--out", run, *options, "--direct", "--quiet")[0] == 0
    rows = [row for path in (run / "dataset").glob("*.parquet") for row in pq.read_table(path).to_pylist()]
    assert len(rows) == 10
    assert {row["recipe"] for row in rows} == {"imported"}
    manifest = read_run(run).manifest()
    assert manifest is not None
    assert manifest.ledger["requests"].failed == {"unreadable_row": 1}
    assert manifest.ledger["samples"].kept == 10


def test_an_import_from_the_same_place_takes_the_earlier_ones(tmp_path: Path, chats: Path) -> None:
    run = tmp_path / "run"
    _tunesmith("import", chats, "--out", run)
    chats.write_bytes(_chat("What is a mast?", "A pole that bears sails."))
    _tunesmith("import", chats, "--out", run)
    stored = read_run(run)
    [shard] = stored.candidates.shards()
    assert [each.sample.question for each in stored.candidates.read(shard)] == ["What is a mast?"]
    assert [(row.uri, row.end) for row in stored.sources.read()] == [(str(chats), End.KEPT)]


def test_our_own_dataset_comes_back_with_its_evidence(tmp_path: Path) -> None:
    write_dataset(lambda: numbered(20), tmp_path / "dataset", Settings(), SOURCES, CARD)
    assert _tunesmith("import", tmp_path / "dataset", "--out", tmp_path / "run")[0] == 0
    assert _tunesmith("curate", "--out", tmp_path / "run", "--direct", "--quiet")[0] == 0
    stored = read_run(tmp_path / "run")
    judged = [each for shard in stored.samples.shards() for each in stored.samples.read(shard)]
    assert {each.sample.id for each in judged} == {each.judged.sample.id for each in numbered(20)}


def test_a_run_folder_stands_for_its_dataset(tmp_path: Path, chats: Path) -> None:
    run = tmp_path / "run"
    _tunesmith("import", chats, "--out", run)
    for stage in ("curate", "export"):
        assert _tunesmith(stage, "--out", run, "--filter", "length", "--direct", "--quiet")[0] == 0
    assert "a trainer can take it" in _tunesmith("check", run)[1]
    assert _tunesmith("convert", run, tmp_path / "alpaca", "--format", "alpaca")[0] == 0
    assert "SHA256SUMS" in _tunesmith("push", run, "--to", tmp_path / "there", "--dry-run")[1]
    assert "10 samples imported" in _tunesmith("import", run, "--out", tmp_path / "second")[1]


def test_a_dataset_with_reasoning_is_converted_for_openai_once_it_is_said_where_that_goes(
    tmp_path: Path,
) -> None:
    rows = [*numbered(20), selected(reasoned())]
    write_dataset(lambda: rows, tmp_path / "dataset", Settings(), SOURCES, CARD)
    command = ("convert", tmp_path / "dataset", tmp_path / "openai", "--format", "openai")
    with pytest.raises(SettingsError, match="answer, think or drop"):
        _tunesmith(*command)
    assert _tunesmith(*command, "--set", "output.reasoning=answer")[0] == 0


def test_a_build_for_openai_asks_where_reasoning_goes_before_anything_is_spent(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no column for the reasoning of recipe 'cot'; pass --set"):
        build(["examples/handbook"], out=str(tmp_path / "run"), format="openai")
    assert not (tmp_path / "run").exists()


def test_check_tells_what_a_trainer_would_meet(tmp_path: Path, chats: Path) -> None:
    code, told = _tunesmith("check", chats, "--max-length", 5)
    assert code == 1
    assert "error: 1 x is no JSON" in told
    assert "note: 10 x longer than 5 tokens" in told
    assert "tokens per row: about" in told
    code, told = _tunesmith("check", chats, "--json")
    found = orjson.loads(told)
    assert (code, found["fit"], found["rows"]) == (1, False, 11)


def test_check_counts_with_a_models_tokenizer_and_template(tmp_path: Path) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({"<unk>": 0}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    (tmp_path / "model").mkdir()
    tokenizer.save(str(tmp_path / "model" / "tokenizer.json"))
    (tmp_path / "model" / "tokenizer_config.json").write_bytes(orjson.dumps(TOKENIZER))
    (tmp_path / "one.jsonl").write_bytes(_chat("one two", "three"))
    code, told = _tunesmith("check", tmp_path / "one.jsonl", "--tokenizer", tmp_path / "model")
    assert (code, "tokens per row: 5 to 5" in told, "masked: 20%" in told) == (0, True, True)


def test_check_refuses_a_folder_without_a_tokenizer(tmp_path: Path, chats: Path) -> None:
    with pytest.raises(SettingsError, match=r"tokenizer\.json"):
        _tunesmith("check", chats, "--tokenizer", tmp_path)


def test_check_refuses_a_file_that_describes_no_tokenizer(tmp_path: Path, chats: Path) -> None:
    for content in ("{}", '{"model": 5}', "not JSON"):
        (tmp_path / "tokenizer.json").write_text(content)
        with pytest.raises(SettingsError, match=r"tokenizer\.json"):
            _tunesmith("check", chats, "--tokenizer", tmp_path)


def test_sql_answers_over_a_run(tmp_path: Path, chats: Path) -> None:
    _tunesmith("import", chats, "--out", tmp_path / "run")
    statement = "select recipe, count(*) as n from candidates group by recipe"
    assert _tunesmith("sql", tmp_path / "run", statement) == (0, TABLE)
    code, told = _tunesmith("sql", tmp_path / "run", statement, "--json")
    assert (code, orjson.loads(told)) == (0, {"recipe": "imported", "n": 10})
