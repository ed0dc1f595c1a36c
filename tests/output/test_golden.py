"""The rows of every format, as files: a changed shape is a broken promise, or a line in the changelog.

`python -m tests.output.test_golden` writes them anew.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pytest

from output.chats import traits_of
from schemas.contracts import FormatSetup
from schemas.registry import formats
from schemas.requests import Message
from schemas.settings import OutputSettings
from tests.output.builders import chosen_by_score, conversation, exchange, preferred, reasoned, tool_user

GOLDEN = Path(__file__).parent / "golden"
OUTPUT = OutputSettings(custom={"input": "{{ question }}", "target": "{{ answer }}"})
SAMPLES = {
    "exchange": exchange(),
    "reasoned": reasoned(),
    "system": replace(exchange(), messages=(Message("system", "Be brief."), *exchange().messages)),
    "conversation": conversation(),
    "preferred": preferred(),
    "chosen_by_score": chosen_by_score(),
    "tool_user": tool_user(),
}


def lines(name: str) -> Iterator[bytes]:
    """Yield the format's row for each sample that it can hold, or why it cannot."""
    entry = formats.get(name)
    output = (
        OUTPUT.model_copy(update={"reasoning": "think"}) if name == "openai" else OUTPUT
    )  # no column for it
    for key, sample in SAMPLES.items():
        if misfit := entry.misfit(sample):
            yield orjson.dumps({"sample": key, "misfit": misfit})
        else:
            row = entry.build(FormatSetup(output, traits_of(sample, output))).row(sample)
            yield orjson.dumps({"sample": key, "row": row})


@pytest.mark.parametrize("name", formats.names())
def test_rows_are_those_that_trainers_were_promised(name: str) -> None:
    assert list(lines(name)) == (GOLDEN / f"{name}.jsonl").read_bytes().splitlines()


def test_every_golden_file_belongs_to_a_format() -> None:
    assert {path.stem for path in GOLDEN.iterdir()} <= set(formats.names())


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for each in formats.names():
        (GOLDEN / f"{each}.jsonl").write_bytes(b"".join(line + b"\n" for line in lines(each)))
