"""A whole build of every recipe over the examples, against an endpoint on loopback."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from flows import Result, build
from pipeline.store import read_run
from schemas.registry import recipes
from schemas.samples import Selected, Split
from tests.endpoint.start import Started, start_endpoint

HANDBOOK = Path(__file__).parents[2] / "examples" / "handbook"
RECORD = {
    "type": "object",
    "properties": {"subject": {"type": "string"}, "rule": {"type": "string"}},
    "required": ["subject", "rule"],
}
KIND = """\
name: myth
prompt: Write {{ count }} mistakes that people make about the subject, as questions. {{ standalone }}
item: {type: object, properties: {question: {type: string}, answer: {type: string}}}
"""
CHATS = [
    {"messages": [{"role": "user", "content": "Add 2 and 3."}, {"role": "assistant", "content": "It is 5."}]},
    {"instruction": "Name the ferry that sails to Skaro.", "input": "", "output": "That is the Petrel."},
]

pytestmark = pytest.mark.usefixtures("openai_key")


@dataclass(frozen=True)
class Case:
    """How a recipe is built: its options, and where they are in files."""

    options: dict[str, Any] = field(default_factory=dict)
    format: str = "messages"
    file: str = ""
    documents: bool = True
    least: int = 5
    settings: dict[str, Any] = field(default_factory=dict)


CASES = {
    "active_reading": Case(format="text"),
    "conversation": Case(),
    "cot": Case(),
    "cot_enhance": Case(file="\n".join(map(json.dumps, CHATS)), documents=False, least=2),
    "cross_document": Case(settings={"llm": {"window": 128_000}}, format="messages", least=3),
    "custom": Case(file=KIND),
    "extract": Case({"json_schema": RECORD}, least=3),
    "figure": Case(least=3),
    "multi_hop": Case({"most_pairs": 8}),
    "preference": Case(format="preference"),
    "qa": Case(),
    "quiz": Case({"share": 0.9}),
    "rewrite": Case(format="text"),
    "seed": Case({"topics": ["ferries > safety", "ferries > engines"]}, documents=False, least=2),
    "summary": Case(),
    "table": Case(),
    "translate": Case({"into": ["de"]}),
    "unanswerable": Case(),
}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Started]:
    with start_endpoint() as started:
        yield started


def built(endpoint: Started, folder: Path, *names: str, **settings: Any) -> Result:
    case = CASES[names[0]]
    options = dict(case.options)
    if case.file:
        (folder / "given").write_text(case.file)
        options["path"] = str(folder / "given")
    return build(
        [HANDBOOK] if case.documents else [],
        out=str(folder / "run"),
        direct=True,
        **endpoint.settings,
        recipes=[{"name": names[0], "options": options}, *names[1:]],
        format=case.format,
        judge={"enabled": case.documents},  # without a source there is nothing to hold a claim against
        **case.settings,
        **settings,
    )


@pytest.mark.parametrize("name", recipes.names())
def test_a_build_of_each_recipe_ends_with_samples_and_an_account_of_everything(
    name: str, endpoint: Started, tmp_path: Path
) -> None:
    result = built(endpoint, tmp_path, name)
    kept = list(result.samples())
    assert len(kept) >= CASES[name].least
    assert {each.judged.sample.recipe for each in kept} == {name}
    for tally in result.ledger.values():
        assert tally.entered == tally.kept + sum(tally.dropped.values()) + sum(tally.failed.values())
    assert result.ledger["requests"].failed == {}
    assert sum(file.rows for file in result.manifest.files) == len(kept)
    if CASES[name].documents:
        assert_evidence_is_exact(result, kept)


def assert_evidence_is_exact(result: Result, kept: list[Selected]) -> None:
    run = read_run(result.folder)
    documents = {document.id: document for document in run.documents.get(run.documents.index())}
    for each in kept:
        assert each.judged.sample.evidence
        assert each.judged.sample.unlocated == ()
        for span in each.judged.sample.evidence:
            assert documents[span.document_id].text[span.start : span.end] == span.quote


def test_an_examination_and_its_mix_share_no_passage(endpoint: Started, tmp_path: Path) -> None:
    small = {"max_tokens": 300}
    result = built(endpoint, tmp_path, "quiz", "qa", "multi_hop", "summary", passages=small)
    asked: dict[bool, set[str]] = {True: set(), False: set()}
    for each in result.samples():
        is_quiz = each.judged.sample.recipe == "quiz"
        asked[is_quiz].update(each.judged.sample.origin.passages)
        assert not is_quiz or each.split is Split.TEST
    assert asked[True]
    assert asked[False]
    assert asked[True].isdisjoint(asked[False])
