"""The rows that the recipes' pages show: `python -m tests.pipeline.recipes.pages` writes them anew.

A row is what a recipe makes of its page's passage and the replies below, and what no rule drops.
"""

import itertools
import json
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline.curation import Curation
from pipeline.mix import BuiltRecipe, build_recipes
from schemas.documents import Document, Passage
from schemas.requests import Message, Request
from schemas.samples import Evidence, Sample
from schemas.settings import Settings, load_settings
from tests.pipeline.written import reply, whole, written

PAGES = Path(__file__).parents[3] / "docs" / "recipes"
_ROW = re.compile(r"(## The row that comes out[^\n]*\n\n```json\n)(.*?)(\n```)", re.DOTALL)
FLOW = "The pump P-7 in hall nine moves 420 litres of water a minute."
CARE = "must be changed every 200 hours of operation"
SOFT = "unless the water is soft"
PUMP = written(
    "# Pump P-7",
    f"{FLOW} It was bought on 3 March 2024 for 1,250 euros.",
    f"Its inlet filter {CARE}, {SOFT}.",
    "| Hall | 2023 | 2024 |\n|------|------|------|\n| North | 1,250 | 1,300 |\n| South | 980 | 940 |",
)
HOPS = (
    written("The pump P-7 in hall nine is run by Maria Lopez on every day of the week.", title="Plant"),
    written("Before she joined the works, Maria Lopez studied in Turin.", title="People"),
)
KIND = """\
name: riddle
prompt: "Write riddles whose solution is a thing that the material describes."
item:
  type: object
  properties: {riddle: {type: string}, solution: {type: string}}
question: "Solve this riddle: {{ riddle }}"
answer: "{{ solution }}"
"""
CHAT = (
    '{"messages": [{"role": "user", "content": "A pump moves 420 litres a minute. And in an hour?"}, '
    '{"role": "assistant", "content": "25,200 litres"}]}'
)
RECORD = {
    "type": "object",
    "properties": {"model": {"type": "string"}, "litres_per_minute": {"type": ["number", "null"]}},
    "required": ["model", "litres_per_minute"],
}


@dataclass(frozen=True)
class Shown:
    """What a page's recipe is given: replies in turn, options, a file for `path`, and the documents."""

    replies: tuple[Mapping[str, Any], ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    documents: tuple[Document, ...] = (PUMP,)


def _items(*quotes: str, **fields: Any) -> Mapping[str, Any]:
    return {"items": [{**fields, "evidence": list(quotes)}]}


BRIDGE = Shown(
    (
        _items(
            "is run by Maria Lopez",
            "Maria Lopez studied in Turin",
            question="Where did the operator of the pump P-7 study?",
            steps=["The pump P-7 is run by Maria Lopez.", "Maria Lopez studied in Turin."],
            answer="Turin",
            kind="bridge",
        ),
    ),
    documents=HOPS,
)

SHOWN = {
    "active_reading": Shown(
        (
            {"items": [{"name": "Reverse lookup", "instruction": "List figures, and what each stands for."}]},
            {
                "strategy": "Reverse lookup",
                "text": "420 litres a minute: what the pump P-7 moves.\n200 hours: how long an inlet filter "
                "of the P-7 lasts, unless the water is soft.",
            },
        )
    ),
    "conversation": Shown(
        (
            {
                "turns": [
                    {
                        "question": "How often must the inlet filter of the pump P-7 be changed?",
                        "standalone": "How often must the inlet filter of the pump P-7 be changed?",
                        "answer": "Every 200 hours of operation.",
                        "evidence": [CARE],
                    },
                    {
                        "question": "Always?",
                        "standalone": "Must the inlet filter of the pump P-7 always be changed so often?",
                        "answer": "No, not if the water is soft.",
                        "evidence": [SOFT],
                    },
                ]
            },
        )
    ),
    "cot": Shown(
        (
            _items(
                FLOW,
                question="How many litres of water does the pump P-7 in hall nine move in an hour?",
                steps=["It moves 420 litres a minute, and an hour has 60 minutes.", "420 × 60 = 25,200"],
                answer="25,200 litres",
                kind="P1",
            ),
        ),
        {"scenarios": {"kind": ["calculation"]}},
    ),
    "cot_enhance": Shown(
        (
            {
                "reasoning": "An hour has 60 minutes, and 420 × 60 = 25,200.",
                "conclusion": "25,200 litres",
            },
        ),
        file=CHAT,
        documents=(),
    ),
    "cross_document": BRIDGE,
    "custom": Shown(
        (
            _items(
                FLOW,
                riddle="I stand in hall nine and move 420 litres a minute. What am I?",
                solution="The pump P-7.",
            ),
        ),
        file=KIND,
    ),
    "extract": Shown(
        ({"record": {"model": "P-7", "litres_per_minute": 420}, "evidence": [FLOW]},), {"json_schema": RECORD}
    ),
    "multi_hop": BRIDGE,
    "preference": Shown(
        (
            _items(
                FLOW,
                question="How much water does the pump P-7 move?",
                chosen="The P-7 moves 420 litres of water a minute.",
                rejected="The P-7 moves 480 litres of water a minute.",
                fault="number",
                right="420",
                wrong="480",
            ),
        )
    ),
    "qa": Shown(
        (
            _items(
                FLOW,
                question="How much water does the pump P-7 in hall nine move?",
                answer="It moves 420 litres of water a minute.",
                kind="P1",
            ),
        ),
        {"scenarios": {"kind": ["quantity"]}},
    ),
    "quiz": Shown(
        (
            _items(
                FLOW,
                question="How much water does the pump P-7 move a minute?",
                answer="420 litres",
                kind="multiple_choice",
                distractors=["480 litres", "42 litres", "200 litres"],
            ),
        ),
        {"share": 0.999999},
    ),
    "rewrite": Shown(
        (
            {
                "style": "dialogue",
                "text": "– What is the P-7?\n– The pump in hall nine. It moves 420 litres of water a "
                "minute.\n– Since when do we have it?\n– It was bought on 3 March 2024, for 1,250 euros.\n"
                "– And its filter?\n– The inlet filter must be changed every 200 hours, unless the water is "
                "soft.\n– What are the figures of the halls?\n– North had 1,250 in 2023 and 1,300 in 2024; "
                "South had 980 and 940.",
            },
        ),
        {"styles": ["dialogue"]},
    ),
    "seed": Shown(
        (
            {
                "items": [
                    {
                        "instruction": "Why do pumps have inlet filters?",
                        "answer": "To keep solids out of the impeller.",
                    }
                ]
            },
        ),
        {"topics": ["Pumps > Care > filters"]},
        documents=(),
    ),
    "summary": Shown(
        (
            _items(
                FLOW,
                "It was bought on 3 March 2024 for 1,250 euros.",
                f"{CARE}, {SOFT}",
                question="Sum up in one sentence what there is to know about the pump P-7 in hall nine.",
                answer="The P-7, bought in 2024 for 1,250 euros, moves 420 litres a minute and needs a new "
                "inlet filter every 200 hours unless the water is soft.",
                kind="short",
            ),
        )
    ),
    "table": Shown(
        (
            _items(
                "| North | 1,250 | 1,300 |",
                question="By how much did the figure of hall North rise from 2023 to 2024?",
                program=['before = cell("North", "2023")', 'cell("North", "2024") - before'],
                explanations=["Take the figure of 2023.", "Subtract it from that of 2024."],
                answer="It rose by {result}.",
                kind="difference",
            ),
        )
    ),
    "translate": Shown(
        (
            _items(
                f"{CARE}, {SOFT}",
                question="¿Cada cuánto se cambia el filtro de la bomba P-7?",
                translation="How often is the filter of the pump P-7 changed?",
                answer="Every 200 hours of operation, unless the water is soft.",
            ),
        ),
        {"form": "interpreter"},
    ),
    "unanswerable": Shown(
        (
            _items(
                FLOW,
                question="How loud is the pump P-7 in hall nine?",
                answer="Its noise is not known; what is known is that it moves 420 litres of water a minute.",
                kind="near_miss",
            ),
            {"verdict": "not_answered"},
        )
    ),
}


def sample_shown(name: str) -> Sample:
    """Return the sample that a recipe makes of its page's replies, which all rules keep."""
    shown = SHOWN[name]
    with tempfile.TemporaryDirectory() as folder:
        settings = _settings(name, shown, Path(folder) / "given")
        [recipe] = build_recipes(settings, language_model=True)
        passages = tuple(whole(document, tokens=120) for document in shown.documents)
        sample = _driven(recipe, passages, shown)
        judged = Curation(settings, language_model=True).judge(sample, passages)
    assert judged.keep, f"{name}: {judged.reason}"
    return sample


def page_with(name: str, sample: Sample) -> str:
    """Return a recipe's page with the row of `sample`."""
    page = (PAGES / f"{name}.md").read_text(encoding="utf-8")
    row = json.dumps(_row(sample), indent=2, ensure_ascii=False)
    return _ROW.sub(lambda match: f"{match[1]}{row}{match[3]}", page, count=1)


def _settings(name: str, shown: Shown, file: Path) -> Settings:
    options = dict(shown.options)
    if shown.file:
        file.write_text(shown.file)
        options["path"] = str(file)
    return load_settings(
        {
            "recipes": [{"name": name, "options": options}],
            "format": "raw",
            "model": "scripted/m",
            "llm": {"window": 32_000},
        }
    )


def _driven(recipe: BuiltRecipe, passages: tuple[Passage, ...], shown: Shown) -> Sample:
    """Return the first sample that comes of the replies, each of which answers what was asked for last."""
    item: Sample | Request = next(recipe.requests(passages))
    for answer in itertools.chain(shown.replies):
        assert isinstance(item, Request)
        assert item.answer_schema is not None
        item = next(recipe.samples(item, reply(item, item.answer_schema.model_validate(answer))))
    assert isinstance(item, Sample)
    return item


def _row(sample: Sample) -> dict[str, object]:
    told: dict[str, object] = {
        "messages": list(map(_turn, sample.messages)),
        "chosen": sample.chosen.content if sample.chosen else None,
        "rejected": sample.rejected.content if sample.rejected else None,
        "reasoning": sample.reasoning,
        "kind": sample.kind,
        "difficulty": sample.difficulty,
        "linked_by": list(sample.origin.links),
    }
    return {key: value for key, value in told.items() if value} | {
        "evidence": list(map(_span, sample.evidence))
    }


def _turn(turn: Message) -> dict[str, str]:
    return {"role": turn.role, "content": turn.content}


def _span(span: Evidence) -> dict[str, object]:
    return {"quote": span.quote, "start": span.start, "end": span.end, "page": span.page}


if __name__ == "__main__":
    for shown_name in SHOWN:
        (PAGES / f"{shown_name}.md").write_text(page_with(shown_name, sample_shown(shown_name)), "utf-8")
