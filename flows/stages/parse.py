"""Sources to documents, in shards that the later stages work on while parsing goes on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version

from flows.stages.eyes import NO_TEXT_LAYER, no_text_layer, told_of_pages
from flows.stages.job import Job, fingerprint
from flows.stages.since import LEFT_OUT, unopened
from parsers.reading import Known, Unreadable, read
from pipeline.filters.injection import with_marks
from pipeline.languages import with_language
from pipeline.store import SourceRow
from schemas.documents import Document, Source
from schemas.errors import NothingLeft
from schemas.languages import LANGUAGES
from schemas.ledger import End
from schemas.mix import refusal
from schemas.settings import ParseSettings, Settings

# Shards start small, so that the model has work at once, and grow, so that there are not too many files, but
# not without end: several are in memory at once, with all that is made of them.
FIRST_SHARD_DOCUMENTS = 8
SHARDS_BEFORE_GROWTH = 24
MAX_SHARD_DOCUMENTS = 128
MAX_SHARD_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Batch:
    """Some documents of one stored shard: the unit of generation and curation.

    `recipe` is the label of the one recipe that is asked about them, None for all without a number per run.
    `cut_from` are the documents of the batch that this one is a piece of, none where it is none.
    """

    shard: str
    document_ids: tuple[str, ...]
    recipe: str | None = None
    cut_from: tuple[str, ...] = ()


def parse(job: Job) -> Iterator[Batch]:
    """Parse what is new among the sources, yield each batch as it is stored, then those stored earlier.

    Writes one source row per source when all are read.

    Raises:
        SourceNotFound: a path leads to nothing; nothing was parsed.
        Interrupted: the job was asked to stop; what is parsed stays.
    """
    settings = job.settings
    if not settings.sources:  # some recipes need none
        job.run.sources.write([])
        return
    key = parse_key(settings.parse)
    eyes = job.eyes if settings.parse.transcribe else None
    stored = {
        ref.sha256: ref
        for ref in job.run.documents.index().values()
        if ref.key == key and not (eyes and ref.textless_pages)
    }
    before = {row.document_id: row.detail for row in job.run.sources.read() if row.end is End.KEPT}
    roll = _Roll(settings)
    shelf = _Shelf(job, key)
    earlier: dict[str, list[str]] = {}
    outcomes = read(
        settings.sources,
        settings.parse,
        limit=settings.limit,
        known=lambda source: source.sha256 in stored,
        unopened=unopened(settings.since, job.run.sources.read(), stored),
    )
    for found in eyes.through(outcomes, settings) if eyes else outcomes:
        job.stop.check()
        match found:
            case Unreadable():
                job.meter.unreadable += 1
                roll.refuse(found)
            case Known(source=Source(sha256="") as source):
                roll.leave_out(source)
            case Known(source=source):
                ref = stored[source.sha256]
                note = before.get(ref.document_id) or no_text_layer(ref.textless_pages)
                if roll.admit(source, ref.document_id, ref.has_text, ref.language, note):
                    earlier.setdefault(ref.shard, []).append(ref.document_id)
            case Document():
                document = with_language(with_marks(found))
                fresh = found.id not in roll.seen
                note = told_of_pages(found) if eyes else no_text_layer(found.textless_pages)
                is_asked = roll.admit(found.source, found.id, found.has_text, document.language, note)
                if fresh:
                    yield from shelf.put(document, is_asked)
        job.meter.documents = len(roll.seen)
    yield from shelf.rest()
    yield from (Batch(shard, tuple(ids)) for shard, ids in earlier.items())
    job.run.sources.write(roll.rows)


def parse_key(settings: ParseSettings) -> str:
    """Return the hash of what decides a document beside its bytes."""
    deciding = settings.model_dump(include={"comments", "text_field"}) | {"version": version("tunesmith")}
    seen = {"transcribe": True} if settings.transcribe else {}
    return fingerprint(deciding | seen)


def something_read(rows: Sequence[SourceRow]) -> None:
    """Refuse to go on without a single document.

    Raises:
        NothingLeft: there were sources, and none gave one; with the first one's reason.
    """
    if rows and not any(row.end is End.KEPT for row in rows):
        first = rows[0]
        raise NothingLeft(
            f"none of the {len(rows)} sources could be used",
            f"the first is {first.uri}: {first.detail or first.reason.replace('_', ' ')}",
        )


@dataclass(slots=True)
class _Roll:
    """How each source ended, in order."""

    settings: Settings
    rows: list[SourceRow] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def admit(
        self,
        source: Source,
        document_id: str,
        has_text: bool,
        language: str | None,
        note: str,
    ) -> bool:
        """Note a readable source and what is told of its pages, and return whether it gives samples."""
        if document_id in self.seen:
            end, reason, detail = (
                End.DROPPED,
                "same_as_another",
                "the same content was read from another source",
            )
        elif not has_text:
            end, reason = End.FAILED, "needs_vision" if NO_TEXT_LAYER in note else "no_text"
            detail = note or "its pages hold no text"
        elif reason := refusal(self.settings, language):
            end, detail = End.DROPPED, _in_another_language(language)
        else:
            end, reason, detail = End.KEPT, "", note
        self.seen.add(document_id)
        self.rows.append(_row(source, document_id, end, reason, detail))
        return end is End.KEPT

    def leave_out(self, source: Source) -> None:
        """Note a file that was not opened, and of which nothing is known."""
        detail = "it did not change since the moment that `since` names, and was never read before"
        self.rows.append(_row(source, None, End.DROPPED, LEFT_OUT, detail))

    def refuse(self, found: Unreadable) -> None:
        """Note a source that no document could be made from."""
        source = found.source or Source(found.uri, "", "", 0, "")
        self.rows.append(_row(source, None, End.FAILED, found.reason, found.detail))


def _in_another_language(language: str | None) -> str:
    told = f"it is in {LANGUAGES.get(language or '', repr(language))}"
    others = f", which is none of {', '.join(LANGUAGES)}: with `language`, samples are in one of them"
    return told if language in LANGUAGES else f"{told}{others}"


def _row(source: Source, document_id: str | None, end: End, reason: str, detail: str) -> SourceRow:
    return SourceRow(
        source.uri, source.sha256, source.media_type, source.size_bytes, document_id, end, reason, detail
    )


@dataclass(slots=True)
class _Shelf:
    """New documents on their way into shards."""

    job: Job
    key: str
    waiting: list[Document] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    waiting_bytes: int = 0
    shards: int = 0

    def put(self, document: Document, is_asked: bool) -> Iterator[Batch]:
        """Add a document, which may be one that nothing is asked about, and yield the batch that it fills."""
        self.waiting.append(document)
        self.waiting_bytes += document.memory_bytes
        if is_asked:
            self.asked.add(document.id)
        full = FIRST_SHARD_DOCUMENTS * 2 ** (self.shards // SHARDS_BEFORE_GROWTH)
        if len(self.waiting) >= min(full, MAX_SHARD_DOCUMENTS) or self.waiting_bytes >= MAX_SHARD_BYTES:
            yield from self.rest()

    def rest(self) -> Iterator[Batch]:
        """Store what waits, and yield its batch."""
        if not self.waiting:
            return
        shard = self.job.run.documents.add(self.waiting, self.key)
        readable = tuple(document.id for document in self.waiting if document.id in self.asked)
        self.waiting, self.asked, self.waiting_bytes = [], set(), 0
        self.shards += 1
        if readable:
            yield Batch(shard, readable)
