"""Whole builds of `multi_hop` over passages linked by meaning, against an endpoint on loopback."""

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from flows import Result, build
from schemas.errors import SettingsError
from tests.endpoint.start import Started, start_endpoint

TEXTS = (
    "The winch at the northern quay lifts crates of frozen herring each morning before the auction opens.",
    "Frozen herring from the morning auction travels south by rail in insulated wagons during winter.",
    "Every bakery of the valley buys rye flour from the old watermill beneath the chapel bridge.",
    "The watermill beneath the chapel bridge grinds rye flour whenever the river carries enough water.",
    "Students of the music school rehearse in a converted tram depot behind the central station.",
    "The converted tram depot was heated with coal until the central station received district heating.",
)

pytestmark = pytest.mark.usefixtures("openai_key")


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for number, text in enumerate(TEXTS):
        (folder / f"d{number}.md").write_text(text)
    return folder


def built(docs: Path, endpoint: Started, embeddings: dict[str, Any], **options: Any) -> Result:
    return build(
        [docs],
        out=str(docs.parent / "run"),
        direct=True,
        **endpoint.settings,
        recipes=[{"name": "multi_hop", "options": options}],
        embeddings={"base_url": endpoint.base_url, **embeddings} if embeddings else {},
    )


def links_of(result: Result) -> set[str]:
    files = Path(str(result.dataset)).glob("*.parquet")
    rows = [row for file in files for row in pq.read_table(file).to_pylist()]
    assert all(len({span["document"] for span in row["evidence"]}) == 2 for row in rows)
    return {link for row in rows for link in row["linked_by"]}


def test_passages_linked_by_meaning_say_so_in_each_row_and_are_embedded_once(docs: Path) -> None:
    near = {"link": "meaning", "nearer_than": 0.75}
    with start_endpoint() as endpoint:
        result = built(docs, endpoint, {"model": "openai/vectors"}, **near)
        asked = endpoint.stats["requests"]
        again = built(docs, endpoint, {"model": "openai/vectors"}, **near)
        assert endpoint.stats["requests"] == asked
    assert links_of(result) == {"meaning"}
    assert again.manifest.files == result.manifest.files
    assert result.manifest.usage["embeddings"].requests >= 1


def test_links_by_meaning_without_a_model_for_vectors_are_refused(docs: Path) -> None:
    with start_endpoint() as endpoint, pytest.raises(SettingsError, match="name a model"):
        built(docs, endpoint, {}, link="meaning")
