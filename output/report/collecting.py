"""From a run's samples and documents to the facts of its report, each read once, as they come."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from output.report.choosing import Decided, Examples
from output.report.facts import Calibration, Coverage, Excerpt, Noted, Pair, ReportFacts, Spending, Unseen
from output.report.setting_names import flat_settings
from output.report.showing import Spans, excerpts_of
from output.report.tallying import Tallies, tenths
from schemas.documents import Document, PageQuality
from schemas.ledger import Outcome, Stage
from schemas.manifest import Manifest
from schemas.requests import Usage
from schemas.samples import Judged

OPENINGS_SHOWN = 12
NEEDS_VISION = "needs_vision"
_SECOND_LOOK = {
    PageQuality.ADDRESSES_MODEL: "speaks to a model",
    PageQuality.GARBLED: "came out garbled",
    PageQuality.TRANSCRIBED: "was read off pictures by a model",
}


@dataclass(frozen=True, slots=True)
class Extras:
    """What not every run knows: how sources and requests ended, the judge's test."""

    outcomes: Iterable[Outcome] = ()
    calibration: Calibration | None = None


def collect(
    judged: Iterable[Judged],
    decisions: Mapping[str, Decided],
    documents: Iterable[Document],
    manifest: Manifest,
    tokens: Callable[[str], int],
    extras: Extras | None = None,
) -> ReportFacts:
    """Return what the report of a run shows.

    `judged` are all samples with their verdicts, `decisions` says by id how each ended, `documents` are all
    that were read, `tokens` counts those of a text. `judged` is read once, then `documents` is; few of
    either are held.
    """
    extras = extras or Extras()
    tallies, examples = Tallies(tokens), Examples(manifest.settings.seed)
    for each in judged:
        decision = decisions[each.sample.id]
        tallies.add(each, decision.split)
        examples.add(each, decision)
    unseen = {each.title: each for each in _outcomes(extras.outcomes, examples)}
    read = _read(documents, tallies, examples.evidence())
    return _facts(manifest, tallies, examples, read, unseen, extras)


@dataclass(frozen=True, slots=True)
class _Read:
    coverage: tuple[Coverage, ...]
    excerpts: dict[Spans, tuple[Excerpt, ...]]
    unseen: dict[str, Unseen]
    noted: tuple[Noted, ...]


def _outcomes(outcomes: Iterable[Outcome], examples: Examples) -> Iterator[Unseen]:
    """Offer lost sources and requests as examples, and yield the sources that no text was found in."""
    for outcome in outcomes:
        examples.add_outcome(outcome)
        if outcome.stage is Stage.SOURCES and outcome.reason == NEEDS_VISION:
            yield Unseen(outcome.item, ())


def _read(documents: Iterable[Document], tallies: Tallies, wanted: Mapping[str, list[Spans]]) -> _Read:
    coverage, excerpts, unseen = [], {}, {}
    noted: list[Noted] = []
    for document in documents:
        noted += _noted(document)
        coverage.append(tallies.coverage(document))
        excerpts.update({spans: excerpts_of(document, spans) for spans in wanted.get(document.id, ())})
        if document.textless_pages:
            unseen[document.source.uri] = Unseen(document.source.uri, document.textless_pages)
    coverage.sort(key=lambda each: (-each.kept, each.uri))
    return _Read(tuple(coverage), excerpts, unseen, tuple(noted))


def _noted(document: Document) -> Iterator[Noted]:
    """Yield what a reader should look at again in a document, each reason once."""
    for quality, why in _SECOND_LOOK.items():
        notes = [note for note in document.page_notes if note.quality is quality]
        if notes:
            pages = tuple(dict.fromkeys(note.page for note in notes))
            yield Noted(document.source.uri, pages if document.page_count else (), why, notes[0].detail)


def _facts(
    manifest: Manifest,
    tallies: Tallies,
    examples: Examples,
    read: _Read,
    unseen: dict[str, Unseen],
    extras: Extras,
) -> ReportFacts:
    ledger = {Stage(name): tally for name, tally in manifest.ledger.items()}
    groups = tallies.groups(OPENINGS_SHOWN)
    return ReportFacts(
        name=manifest.settings.output.name or manifest.name,
        created=manifest.created,
        updated=manifest.updated,
        finished=manifest.finished,
        seconds=manifest.seconds.get("total", sum(manifest.seconds.values())),
        documents=sum(bool(each.length) for each in read.coverage),
        rows_total=tallies.rows(),
        settings=tuple(_settings(manifest)),
        versions=tuple(Pair(name, version) for name, version in manifest.versions.items()),
        ledger=ledger,
        losses=examples.losses(ledger, read.excerpts),
        rows=examples.rows(read.excerpts),
        scores=tallies.scores(),
        lengths=tallies.lengths(),
        coverage=read.coverage,
        tenths=tenths(read.coverage),
        recipes=groups.recipes,
        kinds=groups.kinds,
        languages=groups.languages,
        openings=groups.openings,
        splits=tallies.splits(),
        spending=tuple(_spending(manifest)),
        unseen=tuple((unseen | read.unseen).values()),
        noted=read.noted,
        calibration=extras.calibration,
        without_vector=manifest.without_vector,
        shortfall=manifest.shortfall,
    )


def _spending(manifest: Manifest) -> Iterator[Spending]:
    for name in sorted({*manifest.usage, *manifest.estimates}):
        expected = manifest.estimates.get(name, Usage()) if manifest.estimates else None
        yield Spending(name, manifest.usage.get(name, Usage()), expected)


def _settings(manifest: Manifest) -> Iterator[Pair]:
    """Yield what everybody asks about, then the settings that differ from their defaults."""
    settings = manifest.settings
    yield Pair("model", settings.model)
    yield Pair("context", settings.context)
    yield Pair("format", f"{settings.format}, {settings.storage}")
    yield Pair("seed", str(settings.seed))
    for key, value in flat_settings(settings, chosen_only=True).items():
        if key not in {"model", "context", "format", "storage", "seed"}:
            yield Pair(key, value)
