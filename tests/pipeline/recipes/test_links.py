"""`multi_hop` over passages that are linked by names and by meaning."""

import numpy as np
import pytest

from pipeline.corpus import Corpus
from pipeline.follow_ups import Linked
from pipeline.mix import BuiltRecipe, aids_of, build_recipes
from pipeline.related import Band, related
from schemas.documents import Passage
from schemas.errors import SettingsError
from schemas.requests import Request
from schemas.samples import Sample
from schemas.settings import Settings, load_settings
from schemas.vectors import Vectors
from tests.pipeline.written import reply, whole, written

BAND = Band(nearer_than=0.5, too_near=0.9)


def passages(*texts: str) -> list[Passage]:
    return [whole(written(text, title=f"Part {number}")) for number, text in enumerate(texts)]


def vectors(found: list[Passage], *rows: tuple[float, ...]) -> Vectors:
    matrix = np.array(rows, dtype=np.float32)
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True)
    return Vectors({passage.id: row for row, passage in enumerate(found)}, matrix)


def settings(**options: object) -> Settings:
    chosen = {"name": "multi_hop", "options": options, "count": 1}
    return load_settings({"model": "scripted/m", "recipes": [chosen], "embeddings": {"model": "vllm/e"}})


def built(**options: object) -> BuiltRecipe:
    return build_recipes(settings(**options), language_model=True)[0]


TEXTS = passages(
    "In Ulm, the pump is run by Maria Lopez every single day.",
    "Before joining the works, Maria Lopez studied in Turin.",
    "Water leaves the hall through the northern channel at noon.",
    "The channel carries it to a basin that freezes in winter.",
    "Bread is baked from rye flour and rests overnight.",
)
ROWS = vectors(TEXTS, (1, 0, 0), (0, 1, 0), (0, 0.4, 1), (0.3, 0, 1), (1, -1, 0))


def pairs(requests: list[Request]) -> list[set[int]]:
    places = {passage.id: number for number, passage in enumerate(TEXTS)}
    return [{places[passage.id] for passage in request.passages} for request in requests]


def test_passages_are_linked_by_names_and_by_meaning_in_turn_and_say_by_which() -> None:
    found = list(built().requests_near(TEXTS, ROWS))
    assert pairs(found)[:2] == [{0, 1}, {2, 3}]
    assert "<name-" in found[0].messages[-1].content
    assert "which are about related things" in found[1].messages[-1].content
    item = {"question": "q", "steps": ["s"], "answer": "a", "kind": "bridge"}
    said = {"items": [item | {"evidence": ["leaves the hall", "freezes in winter"]}]}
    assert found[1].answer_schema is not None
    [sample] = built().samples(found[1], reply(found[1], found[1].answer_schema.model_validate(said)))
    assert isinstance(sample, Sample)
    assert (sample.fault, sample.origin.links) == (None, ("meaning",))


def test_a_sample_that_names_link_says_the_name() -> None:
    found = next(built(link="names").requests(TEXTS))
    item = {"question": "q", "steps": ["s"], "answer": "a", "kind": "bridge", "evidence": ["Maria Lopez"]}
    assert found.answer_schema is not None
    [sample] = built().samples(found, reply(found, found.answer_schema.model_validate({"items": [item]})))
    assert isinstance(sample, Sample)
    [link] = sample.origin.links
    assert link.startswith("name: ")
    assert "lopez" in link


def test_links_by_meaning_alone_leave_names_out() -> None:
    assert {0, 1} not in pairs(list(built(link="meaning").requests_near(TEXTS, ROWS)))
    assert list(built(link="meaning").requests(TEXTS)) == []


def test_neither_what_says_the_same_nor_what_is_far_is_related() -> None:
    rows = vectors(TEXTS, (1, 0, 0), (1, 0.01, 0), (1, 0.9, 0), (0, 0, 1), (-1, 0, 0.2))
    ids = [passage.id for passage in TEXTS]
    assert set(related(ids, rows, Band(0.7, 0.9), 0)) == {(0, 2), (1, 2)}
    assert related(ids[:1], rows, BAND, 0) == []
    assert related(ids, Vectors({}, np.zeros((0, 0), dtype=np.float32)), BAND, 0) == []


def test_related_passages_come_in_an_order_that_the_seed_draws_and_repeats() -> None:
    chance = np.random.default_rng(1)
    ids = [str(number) for number in range(200)]
    rows = chance.normal(size=(200, 16)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    drawn = Vectors({id_: row for row, id_ in enumerate(ids)}, rows)
    first = related(ids, drawn, BAND, 1)
    assert first == related(ids, drawn, BAND, 1)
    assert sorted(first) == sorted(related(ids, drawn, BAND, 2)) != first
    assert len(first) <= 4 * 200


def test_of_very_many_passages_not_all_are_compared() -> None:
    chance = np.random.default_rng(1)
    count, topics = 6000, 60
    centres = chance.normal(size=(topics, 32))
    rows = (centres[np.arange(count) % topics] + 0.45 * chance.normal(size=(count, 32))).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    ids = [str(number) for number in range(count)]
    found = related(ids, Vectors({id_: row for row, id_ in enumerate(ids)}, rows), Band(0.95, 0.99), 0)
    assert len({place for pair in found for place in pair}) > 0.95 * count
    assert sum(left % topics == right % topics for left, right in found) > 0.9 * len(found)


def test_a_chain_may_go_on_from_a_name_to_a_meaning() -> None:
    more = passages(
        "In Ulm, the pump is run by Maria Lopez.",
        "Maria Lopez studied in Turin.",
        "A town by the Po is cold in May.",
    )
    rows = vectors(more, (1, 0, 0), (0, 1, 0.2), (0, 1, 1))
    [request] = built(passages=3, nearer_than=0.6).requests_near(more, rows)
    assert len(request.passages) == 3
    assert isinstance(request, Linked)
    name, meaning = request.links
    assert (name[:5], meaning) == ("name:", "meaning")


def test_corpora_give_the_same_links_again() -> None:
    links = [list(Corpus(TEXTS, 3).by_meaning(ROWS, BAND, 3)) for _ in range(2)]
    assert links[0] == links[1] != []


def test_links_by_meaning_need_an_embedding_model() -> None:
    without = settings(link="meaning").model_copy(update={"embeddings": Settings().embeddings})
    with pytest.raises(SettingsError, match=r"embeddings\.model.*multi_hop"):
        build_recipes(without, language_model=True)
    assert aids_of(settings(link="names")) == frozenset()
    assert build_recipes(Settings(model="scripted/m", recipes=settings().recipes), language_model=True)
