"""`multi_hop` over passages that are linked by names."""

from schemas.samples import Sample
from tests.pipeline.recipes.building import answered, asked, built
from tests.pipeline.written import whole, written


def test_multi_hop_links_documents_by_a_rare_name_and_wants_evidence_of_each() -> None:
    left = whole(written("In Ulm, the pump is run by Maria Lopez every single day.", title="Plant"))
    right = whole(written("Before joining the works, Maria Lopez studied in Turin.", title="People"))
    recipe = built("multi_hop")
    [request] = asked(recipe, left, right, whole(written("Nothing at all links this.", title="Other")))
    item = {"question": "Where did the operator study?", "steps": ["s"], "answer": "Turin", "kind": "bridge"}
    both, one = ["run by Maria Lopez", "studied in Turin"], ["studied in Turin"]
    [good] = answered(recipe, request, {"items": [item | {"evidence": both}]})
    [bad] = answered(recipe, request, {"items": [item | {"evidence": one}]})
    assert isinstance(good, Sample)
    assert isinstance(bad, Sample)
    assert (good.fault, bad.fault) == (None, "hop_without_evidence")


def test_multi_hop_over_three_passages_follows_the_names_and_wants_evidence_of_each() -> None:
    lines = (
        "In Ulm, the pump P-7 is run by Maria Lopez every single day.",
        "Before joining the works, Maria Lopez studied under Anton Weber in Turin.",
        "The first book of Anton Weber was printed at a small press near Bergen.",
    )
    passages = [whole(written(line, title=f"Page {number}")) for number, line in enumerate(lines)]
    recipe = built("multi_hop", passages=3, across_documents=True)
    [request] = asked(recipe, *passages)
    assert set(request.passages) == set(passages)
    item = {"question": "Where was it printed?", "steps": ["s"], "answer": "near Bergen", "kind": "bridge"}
    each = ["run by Maria Lopez", "studied under Anton Weber", "press near Bergen"]
    found = [
        answered(recipe, request, {"items": [item | {"evidence": quotes}]})[0] for quotes in (each, each[1:])
    ]
    assert [one.fault for one in found if isinstance(one, Sample)] == [None, "hop_without_evidence"]
    assert asked(built("multi_hop", passages=4), *passages) == []


def test_multi_hop_takes_the_next_pairs_in_another_round_and_asks_anew_where_there_are_none() -> None:
    lines = (
        "In Ulm, the pump is run by Maria Lopez every single day.",
        "Before joining the works, Maria Lopez studied in Turin.",
        "The oldest boat of the harbour was steered by Maria Lopez in winter.",
    )
    passages = [whole(written(line, title=line)) for line in lines]
    pairs = [[r.passages for r in asked(built("multi_hop", n, most_pairs=2), *passages)] for n in range(3)]
    assert [len(found) for found in pairs] == [2, 1, 2]
    assert not set(pairs[0]) & set(pairs[1])
    assert pairs[2] == pairs[0]
    first, third = (asked(built("multi_hop", n, most_pairs=2), *passages)[0].id for n in (0, 2))
    assert first != third
