from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.store import DocumentStore
from schemas.documents import Block, BlockKind, Document, Figure, Metadata, Source
from schemas.errors import RunFolderError
from tests.pipeline.store.shapes import DOCUMENTS


def _document(text: str, uri: str = "guide.md") -> Document:
    source = Source(uri, "text/markdown", "ab" * 32, len(text), "Guide")
    return Document(source, text, (Block(BlockKind.PARAGRAPH, 0, len(text), page=1),))


@settings(max_examples=60)
@given(documents=st.lists(DOCUMENTS, max_size=12), key=st.text(max_size=5))
def test_documents_come_back_as_they_went_in(documents: list[Document], key: str) -> None:
    with TemporaryDirectory() as folder:
        store = DocumentStore(Path(folder))
        shard = store.add(documents, key)
        assert store.load(shard) == documents
        index = store.index()
        assert list(index) == list(dict.fromkeys(document.id for document in documents))
        assert all(ref.key == key and ref.shard == shard for ref in index.values())


def test_the_index_says_what_a_document_is_without_its_text(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    document = replace(_document("Trees grow."), metadata=Metadata(title="On Trees"))
    shard = store.add([document], "v1")
    ref = store.index()[document.id]
    assert (ref.sha256, ref.uri, ref.title, ref.key, ref.shard) == (
        "ab" * 32,
        "guide.md",
        "On Trees",
        "v1",
        shard,
    )


def test_wanted_documents_are_picked_out_of_their_shards(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    many = [_document(f"Text number {n}.") for n in range(20)]
    store.add(many[:12], "v1")
    store.add(many[12:], "v1")
    wanted = [many[3].id, many[15].id, "nowhere"]
    assert {document.id for document in store.get(wanted)} == {many[3].id, many[15].id}


def test_the_same_documents_make_the_same_shard_and_a_new_key_another(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    document = _document("Water is wet.")
    first = store.add([document], "v1")
    assert store.add([document], "v1") == first
    second = store.add([document], "v2")
    assert store.shards() == sorted([first, second])
    assert store.index()[document.id].key == "v2"


def test_lone_surrogates_become_replacement_characters_and_offsets_stay(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    document = _document("a\ud800b\x00c\U0001f600d")
    [stored] = store.load(store.add([document], "v1"))
    assert stored.text == "a\ufffdb\x00c\U0001f600d"
    assert len(stored.text) == len(document.text)
    assert list(store.index()) == [stored.id]


def test_figures_keep_their_bytes(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    figure = Figure("f1", "image/png", bytes(range(256)) * 4000, page=2, caption="A chart")
    document = replace(_document("See the chart."), figures=(figure,))
    assert store.load(store.add([document], "v1")) == [document]


def test_a_damaged_shard_is_named_with_what_to_do(tmp_path: Path) -> None:
    store = DocumentStore(tmp_path)
    shard = store.add([_document("Text.")], "v1")
    path = tmp_path / f"{shard}.parquet"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(RunFolderError, match=rf"{shard}\.parquet: is damaged .*delete it and run"):
        store.load(shard)


def test_a_shard_that_is_gone_is_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match=r"lost\.parquet: is gone; run the same command again"):
        DocumentStore(tmp_path).load("lost")


def test_a_shard_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="cannot name a shard"):
        DocumentStore(tmp_path).load("../elsewhere")
