"""People's decisions into a run: read, kept for all later builds, and the dataset written anew."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flows.stages.export import export
from flows.stages.job import Job
from flows.stages.report import finished, report
from flows.stages.workshop import prepare
from pipeline.provenance import document_ids, passages_of
from pipeline.reviews import Reviews, edited, words_of
from pipeline.store import Run
from schemas.errors import SettingsError
from schemas.reviews import Decision, Review, Said
from schemas.samples import Sample

_WANTED = (Decision.KEEP, Decision.EDIT)


@dataclass(frozen=True, slots=True)
class Taken:
    """What decisions came to. By sample: `doubts` is what the rules have against people's own words, and
    `left_out` why what was kept or edited is not in the dataset all the same."""

    decided: Mapping[Decision, int]
    doubts: Mapping[str, str]
    left_out: Mapping[str, str]
    rows: int
    strangers: int = 0  # decisions of another run on what this one did not make


def take(job: Job, decisions: Sequence[Said]) -> Taken:
    """Keep decisions on samples of the dataset that a run made last, and write the dataset anew.

    Where that fails, the decisions are as they were before.

    Raises:
        SettingsError: an id that no sample of the run bears, or several do.
        NothingLeft: no row would be left.
        RunFolderError: the run made no dataset yet, or cannot be written.
    """
    shards = finished(job.run).shards
    before = job.run.reviews.read()
    meant = _meant(job.run, shards, Reviews(before), decisions)
    decided = [(sample, _review(sample, said, Reviews(before).of(sample))) for sample, said in meant]
    return _written_anew(job, decided)


def adopt(job: Job, other: Run) -> Taken:
    """Take over what was decided of another run's samples where this run made the same.

    Raises:
        NothingLeft, RunFolderError: as `take`.
    """
    theirs = other.reviews.read()
    reviews = Reviews(theirs)
    decided, met = [], set[str]()
    for shard in finished(job.run).shards:
        for made in job.run.samples.read(shard):
            if review := reviews.of(made.sample):
                met.add(review.words)
                own = replace(review, sample_id=made.sample.id, words=words_of(made.sample))
                decided.append((made.sample, own))
    strangers = sum(review.words not in met for review in theirs)
    return replace(_written_anew(job, decided), strangers=strangers)


def _written_anew(job: Job, decided: Sequence[tuple[Sample, Review]]) -> Taken:
    """Keep decisions in the place of earlier ones on the same words, and write the dataset anew."""
    before = job.run.reviews.read()
    anew = {review.words for _, review in decided}
    kept = [review for review in before if review.words not in anew]
    reviews = [review for _, review in decided if review.decision is not Decision.UNDO]
    job.run.reviews.write([*kept, *reviews])
    try:
        exported = export(job, finished(job.run).shards)
    except BaseException:
        job.run.reviews.write(before)
        raise
    report(job.run)
    now = [(edited(sample, review), review.decision) for sample, review in decided]
    wanted = {sample.id for sample, decision in now if decision in _WANTED}
    ends = job.run.selection.read()
    return Taken(
        Counter(review.decision for _, review in decided),
        _doubts(job, [sample for sample, decision in now if decision is Decision.EDIT]),
        {row.sample_id: row.reason for row in ends if row.reason and row.sample_id in wanted},
        sum(file.rows for file in exported.files),
    )


def _meant(
    run: Run, shards: Sequence[str], reviews: Reviews, decisions: Sequence[Said]
) -> list[tuple[Sample, Said]]:
    """Return the samples, as they were made, that decisions are about. Of several on one, the last holds."""
    wanted = _ByBeginning(decisions)
    found: dict[str, dict[str, Sample]] = {}
    for shard in shards:
        for made in run.samples.read(shard):
            for id_ in {made.sample.id, reviews.applied(made).sample.id}:
                for said in wanted.beginning(id_):
                    found.setdefault(said.id, {})[made.sample.id] = made.sample
    for said in decisions:
        if (count := len(found.get(said.id, ()))) != 1:
            how_many = f"{count} samples begin so" if count else "no sample is called that"
            raise SettingsError("", f"{said.id}: {how_many} in {run.folder}")
    last = {sample.id: (sample, said) for said in decisions for sample in found[said.id].values()}
    return list(last.values())


class _ByBeginning:
    """Decisions by how the ids begin that they name."""

    def __init__(self, decisions: Iterable[Said]) -> None:
        self._said = {said.id: said for said in decisions}
        self._lengths = sorted({len(id_) for id_ in self._said})

    def beginning(self, id_: str) -> Iterator[Said]:
        """Yield the decisions that name an id, in full or its beginning."""
        for length in self._lengths:
            if said := self._said.get(id_[:length]):
                yield said


def _review(sample: Sample, said: Said, earlier: Review | None) -> Review:
    """Return a decision as it is kept. An earlier edit's words stay where it leaves them or keeps the row."""
    review = Review(sample.id, words_of(sample), said.decision, note=said.note)
    base = earlier if earlier and earlier.decision is Decision.EDIT else review
    if said.decision is Decision.KEEP:
        return replace(base, sample_id=sample.id, note=said.note or base.note)
    if said.decision is not Decision.EDIT:
        return review
    return replace(
        review,
        question=said.question or base.question,
        answer=said.answer or base.answer,
        reasoning=said.reasoning or base.reasoning,
    )


def _doubts(job: Job, samples: Sequence[Sample]) -> dict[str, str]:
    """Return what the rules would drop of people's own words, and why."""
    _, curation = prepare(job.settings)
    wanted = {id_ for sample in samples for id_ in document_ids(sample)}
    documents = {document.id: document for document in job.run.documents.get(wanted)}
    judged = [curation.judge(sample, passages_of(sample, documents)) for sample in samples]
    return {each.sample.id: each.reason for each in judged if not each.keep}


def taken_text(taken: Taken, folder: object) -> str:
    """Return what was taken, what the rules doubt, and what is there now."""
    past = {"keep": "kept", "reject": "rejected", "edit": "edited", "undo": "taken back"}
    counts = ", ".join(f"{count} {past[decision]}" for decision, count in taken.decided.items())
    lines = [f"{counts or 'nothing decided'}; the dataset has {taken.rows:,} rows: {folder}/dataset"]
    if taken.strangers:
        lines.append(f"  {taken.strangers:,} more are on samples that this run did not make")
    for id_, reason in taken.doubts.items():
        lines.append(f"  {id_[:12]} is in your words, of which a filter says: {reason.replace('_', ' ')}")
    for id_, reason in taken.left_out.items():
        lines.append(f"  {id_[:12]} is not in the dataset all the same: {reason.replace('_', ' ')}")
    return "\n".join(lines)
