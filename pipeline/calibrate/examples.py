"""The samples to calibrate on: a run's own, into which faults are planted, or rows that a user labelled."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nsmallest
from pathlib import Path

import orjson
from pydantic import BaseModel, ConfigDict, Field

from pipeline.evidence import locate_all
from pipeline.provenance import document_ids, passages_of
from schemas.documents import Block, BlockKind, Document, Passage, Source
from schemas.errors import SettingsError
from schemas.registry import filters
from schemas.requests import Message
from schemas.samples import Judged, Origin, Sample
from schemas.strict import validated

MOST_EXAMPLES = 60
_GOOD = ("", "good")


@dataclass(frozen=True, slots=True)
class Example:
    """A sample with its passages. `fault` is empty for a good one; a user's own label may be any word."""

    sample: Sample
    passages: tuple[Passage, ...]
    fault: str = ""


def examples_from(
    judged: Iterable[Judged],
    documents: Callable[[Iterable[str]], Iterable[Document]],
    *,
    most: int = MOST_EXAMPLES,
    seed: int = 0,
) -> list[Example]:
    """Return at most `most` samples of a run as good examples, drawn by their ids, whatever their order.

    `documents` gives those with certain ids. A model's verdicts do not count for the choice, else the judge
    would be tested on what it likes: what no rule dropped is presumed good. Where a model made the samples,
    some are not, so that the precision that is measured on them is the least that it can be.
    """
    asking = {name for name, entry in filters.items() if entry.needs_model}

    def presumed_good(each: Judged) -> bool:
        return bool(each.sample.origin.passages) and all(
            verdict.keep for verdict in each.verdicts if verdict.filter not in asking
        )

    def drawn(each: Judged) -> bytes:
        return hashlib.blake2b(f"{seed}:{each.sample.id}".encode(), digest_size=8).digest()

    chosen = [each.sample for each in nsmallest(most, filter(presumed_good, judged), key=drawn)]
    wanted = dict.fromkeys(id_ for sample in chosen for id_ in document_ids(sample))
    known = {document.id: document for document in documents(wanted)}
    return [Example(sample, passages_of(sample, known)) for sample in chosen]


class _Labelled(BaseModel):
    """One row of a user's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    source: str = Field(min_length=1)
    quotes: tuple[str, ...] = ()
    label: str


def labelled_examples(path: Path) -> list[Example]:
    """Return the rows of a JSON lines file: `question`, `answer`, `source`, `label` and perhaps `quotes`.

    `source` is the text that the answer must be true to, `label` is `good` or a word for what is wrong.

    Raises:
        SettingsError: the file holds nothing or cannot be read; it is named, with the line.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise SettingsError("labels", f"{path} cannot be opened: {error.strerror or error}") from error
    rows = [_example(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise SettingsError("labels", f"{path} holds no rows")
    return rows


def _example(line: bytes, place: str) -> Example:
    try:
        values = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise SettingsError("labels", f"{place}, is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise SettingsError("labels", f"{place}, is no JSON object")
    row = validated(_Labelled, values, place)
    digest = hashlib.sha256(row.source.encode("utf-8", "surrogatepass")).hexdigest()
    source = Source(place, "text/plain", digest, len(row.source), "")
    document = Document(source, row.source, (Block(BlockKind.PARAGRAPH, 0, len(row.source)),))
    passage = Passage(document, 0, len(row.source))
    located = locate_all(row.quotes or (row.source,), (passage,))
    sample = Sample(
        recipe="labelled",
        kind="labelled",
        messages=(Message("user", row.question), Message("assistant", row.answer)),
        origin=Origin("labelled", "labelled", (passage.id,)),
        evidence=located.evidence,
        unlocated=located.unlocated,
    )
    return Example(sample, (passage,), "" if row.label.strip().casefold() in _GOOD else row.label.strip())
