"""What changed between the datasets of two runs, and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from output.report.choosing import Decided
from output.report.setting_names import flat_settings
from schemas.mix import labels
from schemas.samples import Judged, Sample, Split
from schemas.settings import Settings

EXAMPLES_PER_CAUSE = 3
_QUESTION_CHARACTERS = 100
# What decides a sample before any filter sees it; all but these keys decide what becomes of it.
_MAKING = (
    "model",
    "base_url",
    "recipes",
    "context",
    "language",
    "question_language",
    "answer_language",
    "source_language",
    "passages.",
    "parse.comments",
    "parse.text_field",
    "llm.temperature",
    "llm.top_p",
    "llm.max_output_tokens",
    "llm.extra_body.",
    "seed",
    "limit",
)
_CHOOSING = ("filters", "judge.", "select.", "target", "split.", "seed")


class Cause(StrEnum):
    """Why a row of one run is not a row of the other."""

    DOCUMENT_ABSENT = "document_absent"
    DOCUMENT_CHANGED = "document_changed"
    DOCUMENT_UNREAD = "document_unread"
    DROPPED = "dropped"
    EDITED = "edited"
    RECIPE_ABSENT = "recipe_absent"
    SETTING_CHANGED = "setting_changed"
    NOT_MADE = "not_made"


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two runs. `documents` gives each source's document id by URI, None where it was not read.

    `samples` is read once. `edits` are the ids of samples that people worded anew, as made and as worded.
    """

    name: str
    settings: Settings
    documents: Mapping[str, str | None]
    samples: Iterable[Judged]
    decisions: Mapping[str, Decided]
    edits: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """Rows that are only in one run for the same cause. `examples` are the first words of some questions."""

    cause: Cause
    detail: str
    count: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A setting that differs. An empty value is one that was not set."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RunDiff:
    """What changed from the run `before` to the run `after`.

    Rows are the same when their samples' ids are; `moved` of the `unchanged` went to another split.
    """

    before: str
    after: str
    unchanged: int
    moved: int
    removed: tuple[Change, ...]
    added: tuple[Change, ...]
    settings: tuple[SettingChange, ...]


def diff_runs(before: Side, after: Side) -> RunDiff:
    """Return what changed between two datasets, each row that came or went with its cause.

    A few words of every row are held, never its whole text.
    """
    old, new = _Index(before), _Index(after)
    changes = _changed_settings(before.settings, after.settings)
    shared = [(row, new.rows[id_]) for id_, row in old.rows.items() if id_ in new.rows]
    return RunDiff(
        before=before.name,
        after=after.name,
        unchanged=len(shared),
        moved=sum(one.split is not other.split for one, other in shared),
        removed=_causes(old, new, changes),
        added=_causes(new, old, changes),
        settings=changes,
    )


@dataclass(frozen=True, slots=True)
class _Row:
    recipe: str
    documents: tuple[str, ...]
    question: str
    split: Split


class _Index:
    """What is held of one run."""

    def __init__(self, side: Side) -> None:
        self.rows: dict[str, _Row] = {}
        self.losses: dict[str, str] = {}
        for judged in side.samples:
            sample = judged.sample
            decision = side.decisions[sample.id]
            if decision.split is None:
                self.losses[sample.id] = decision.reason
            else:
                self.rows[sample.id] = _row(sample, decision.split)
        self.recipes = set(labels(side.settings.recipes))
        self.uris = {document_id: uri for uri, document_id in side.documents.items() if document_id}
        self.documents = side.documents
        self.edits = side.edits


def _row(sample: Sample, split: Split) -> _Row:
    ids = [span.document_id for span in sample.evidence]
    ids += [passage.partition(":")[0] for passage in sample.origin.passages]
    ids += sample.origin.pack
    question = " ".join(sample.question[: 2 * _QUESTION_CHARACTERS].split())[:_QUESTION_CHARACTERS]
    return _Row(sample.recipe, tuple(dict.fromkeys(ids)), question, split)


@dataclass(slots=True)
class _Count:
    count: int = 0
    examples: list[str] = field(default_factory=list)


def _causes(here: _Index, there: _Index, changes: tuple[SettingChange, ...]) -> tuple[Change, ...]:
    """Return why rows of `here` are not rows of `there`, the commonest cause first."""
    counts: dict[tuple[Cause, str], _Count] = {}
    for id_, row in here.rows.items():
        if id_ in there.rows:
            continue
        counted = counts.setdefault(_cause(id_, row, here, there, changes), _Count())
        counted.count += 1
        if len(counted.examples) < EXAMPLES_PER_CAUSE:
            counted.examples.append(row.question)
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1].count, pair[0]))
    return tuple(Change(*why, each.count, tuple(each.examples)) for why, each in ranked)


def _cause(
    id_: str, row: _Row, here: _Index, there: _Index, changes: tuple[SettingChange, ...]
) -> tuple[Cause, str]:
    """Return why the row is not a row of `there`, with the document, reason, recipe or settings behind it."""
    if id_ in there.losses:
        return Cause.DROPPED, there.losses[id_]
    if id_ in here.edits | there.edits:
        return Cause.EDITED, row.recipe
    for document_id in row.documents:
        uri = here.uris.get(document_id, document_id)
        if document_id not in there.uris:
            if uri not in there.documents:
                return Cause.DOCUMENT_ABSENT, uri
            read = there.documents[uri] is not None
            return Cause.DOCUMENT_CHANGED if read else Cause.DOCUMENT_UNREAD, uri
    if row.recipe not in there.recipes:
        return Cause.RECIPE_ABSENT, row.recipe
    making = [change.name for change in changes if change.name.startswith(_MAKING)]
    return (Cause.SETTING_CHANGED, ", ".join(making)) if making else (Cause.NOT_MADE, row.recipe)


def _changed_settings(before: Settings, after: Settings) -> tuple[SettingChange, ...]:
    """Return the settings that decide rows and differ, by name."""
    old, new = flat_settings(before), flat_settings(after)
    return tuple(
        SettingChange(name, old.get(name, ""), new.get(name, ""))
        for name in sorted(old.keys() | new.keys())
        if old.get(name) != new.get(name) and name.startswith((*_MAKING, *_CHOOSING))
    )
