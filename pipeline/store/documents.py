"""Parsed documents, in Parquet files that are only ever added."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.places import Place
from pipeline.store.shards import Shards
from pipeline.store.tables import Derived, Table, opened
from schemas.documents import Document
from schemas.text import whole_text


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """What is known of a stored document unread. `key` stands for the settings it was parsed with."""

    document_id: str
    sha256: str
    uri: str
    title: str
    key: str
    shard: str
    has_text: bool
    textless_pages: tuple[int, ...]
    language: str | None


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A row of the documents' files."""

    key: str
    document: Document


TABLE = Table(
    StoredDocument,
    spread="document",
    derived={
        "id": Derived(str, lambda row: row.document.id),
        "title": Derived(str, lambda row: row.document.title),
        "has_text": Derived(bool, lambda row: row.document.has_text),
        "textless_pages": Derived(tuple[int, ...], lambda row: row.document.textless_pages),
    },
    batch_rows=8,
)
INDEX_COLUMNS = [
    "id",
    "source.sha256",
    "source.uri",
    "title",
    "key",
    "has_text",
    "textless_pages",
    "language",
]


class DocumentStore:
    """The documents of a run, addressed by what is in them."""

    def __init__(self, folder: Place) -> None:
        self._shards = Shards(folder)

    def add(self, documents: Sequence[Document], key: str) -> str:
        """Store documents that were parsed under `key`, and return the id of the shard they make.

        The same documents under the same key make the same shard. Read them back before working on them:
        lone surrogates become U+FFFD here, which changes a document's id.
        """
        documents = [replace(document, text=whole_text(document.text)) for document in documents]
        ids = hashlib.sha256("\n".join([key, *(document.id for document in documents)]).encode())
        shard = ids.hexdigest()[:16]
        TABLE.write(self._shards.path(shard), (StoredDocument(key, document) for document in documents))
        return shard

    def index(self) -> Mapping[str, DocumentRef]:
        """Return what is stored, by document id, without reading texts. The latest shard wins."""
        return {ref.document_id: ref for shard in self._shards.oldest_first() for ref in self._refs(shard)}

    def shards(self) -> list[str]:
        """Return the ids of all shards, sorted."""
        return self._shards.names()

    def load(self, shard: str) -> list[Document]:
        """Return the documents of a shard in the order in which they were added.

        Raises:
            RunFolderError: the shard is gone or damaged.
        """
        return [row.document for row in TABLE.read(self._shards.path(shard))]

    def get(self, document_ids: Iterable[str]) -> Iterator[Document]:
        """Yield the documents with these ids, shard by shard; ids that are not stored are passed over.

        Raises:
            RunFolderError: a shard is gone or damaged.
        """
        index = self.index()
        wanted: dict[str, list[str]] = {}
        for document_id in dict.fromkeys(document_ids):
            if document_id in index:
                wanted.setdefault(index[document_id].shard, []).append(document_id)
        for shard, ids in wanted.items():
            yield from self._pick(shard, ids)

    def remove(self, shard: str) -> None:
        """Remove a shard that no version of the dataset needs any more."""
        self._shards.remove(shard)

    def _pick(self, shard: str, document_ids: list[str]) -> Iterator[Document]:
        with opened(self._shards.path(shard)) as file:
            for batch in file.iter_batches(8):
                chosen = batch.filter(pc.is_in(batch.column("id"), pa.array(document_ids)))
                yield from (row.document for row in TABLE.decode(chosen))

    def _refs(self, shard: str) -> Iterator[DocumentRef]:
        with opened(self._shards.path(shard)) as file:
            for row in file.read(INDEX_COLUMNS).to_pylist():
                source = row["source"]
                yield DocumentRef(
                    row["id"],
                    source["sha256"],
                    source["uri"],
                    row["title"],
                    row["key"],
                    shard,
                    row["has_text"],
                    tuple(row["textless_pages"]),
                    row["language"],
                )
