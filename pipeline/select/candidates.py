"""What selection holds of a sample: a few numbers and keys, never its text."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from sys import intern

from pipeline.facts.words import words
from pipeline.select.tokens import TokenSet, Vocabulary
from schemas.samples import Judged, Sample

JudgedSource = Callable[[], Iterable[Judged]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sample that every filter kept.

    `home` is the document that it counts for. `documents` are sorted. `key` is equal for texts that differ in
    case, punctuation and spacing only.
    """

    sample_id: str
    recipe: str
    score: float
    home: str
    documents: tuple[str, ...]
    key: bytes
    groups: tuple[str, ...]
    tokens: TokenSet


def text_of(sample: Sample) -> str:
    """Return what makes two samples the same: every turn that is not the system's, the preference, and the
    pictures."""
    turns = [turn.content for turn in sample.messages if turn.role != "system"]
    turns += [turn.content for turn in (sample.chosen, sample.rejected) if turn]
    return "\n".join([*turns, *(image.digest for image in sample.pictures)])


def documents_of(sample: Sample) -> tuple[str, ...]:
    """Return the ids of the documents that a sample was made from, sorted."""
    ids = {span.document_id for span in sample.evidence}
    ids |= {passage.partition(":")[0] for passage in sample.origin.passages}
    ids |= set(sample.origin.pack)
    return tuple(sorted(ids))


def home_of(sample: Sample) -> str:
    """Return the document that a sample counts for: that of its first evidence; empty without documents."""
    return sample.evidence[0].document_id if sample.evidence else next(iter(documents_of(sample)), "")


def members_of(sample: Sample) -> tuple[str, ...]:
    """Return what decides a sample's split: its documents, or a stand-in where it was made from none."""
    return documents_of(sample) or (normalised_key(text_of(sample)).hex(),)


def normalised_key(text: str) -> bytes:
    """Return a digest that ignores case, punctuation and spacing, and nothing else."""
    return hashlib.blake2b("\n".join(words(text)).encode(), digest_size=16).digest()


def candidate_of(judged: Judged, vocabulary: Vocabulary, balance: tuple[str, ...]) -> Candidate:
    """Return what to hold of `judged`, and count its words in `vocabulary`.

    `balance` names the groups that a choice shall spread over.
    """
    sample = judged.sample
    text = text_of(sample)
    groups = tuple(_group(sample, by) for by in balance)
    return Candidate(
        sample.id,
        intern(sample.recipe),
        judged.score,
        intern(home_of(sample)),
        documents_of(sample),
        normalised_key(text),
        groups,
        vocabulary.add(text),
    )


def _group(sample: Sample, by: str) -> str:
    """Return the group that `sample` falls into, empty where it does not say."""
    match by:
        case "document":
            return home_of(sample)
        case "section":
            return next(iter(sample.origin.passages), "")
        case "kind":
            return f"{sample.recipe}/{sample.kind}"
        case "difficulty":
            return sample.difficulty or ""
        case _:
            return sample.language or ""
