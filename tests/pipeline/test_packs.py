"""Documents in packs that fit a window, which later builds keep."""

from collections.abc import Mapping
from itertools import chain

from pipeline.packs import Limits, Pack, Packable, packed, rows_of

ROOM = Limits(tokens=100, documents=3)


def documents(count: int, tokens: int = 30, names: Mapping[int, set[int]] = {}) -> list[Packable]:
    return [Packable(f"id{n}", f"d{n}.md", tokens, frozenset(names.get(n, ()))) for n in range(count)]


def ids(packs: list[Pack]) -> list[str]:
    return [" ".join(each.id for each in pack) for pack in packs]


def test_documents_of_which_nothing_is_known_go_together_in_order() -> None:
    assert ids(packed(documents(6), ROOM)) == ["id0 id1 id2", "id3 id4 id5"]
    assert ids(packed(documents(6, tokens=50), ROOM)) == ["id0 id1", "id2 id3", "id4 id5"]


def test_documents_that_share_rare_names_go_together() -> None:
    shared = documents(6, names={0: {1}, 3: {1, 2}, 5: {2}, 1: {3}, 2: {3}, 4: {3}})
    assert ids(packed(shared, ROOM)) == ["id0 id3 id5", "id1 id2 id4"]


def test_documents_near_in_meaning_go_together() -> None:
    assert ids(packed(documents(4), Limits(100, 2), near=[(0, 3), (1, 2)])) == ["id0 id3", "id1 id2"]


def test_a_name_that_many_documents_have_links_nothing() -> None:
    everywhere = {number: {9} for number in range(8)} | {0: {9, 1}, 7: {9, 1}}
    assert ids(packed(documents(8, names=everywhere), Limits(100, 2)))[0] == "id0 id7"


def test_one_that_is_left_goes_into_a_pack_with_room_or_takes_one_out_of_another() -> None:
    assert ids(packed(documents(4), ROOM)) == ["id0 id1", "id2 id3"]
    assert ids(packed(documents(4), Limits(100, 3))) == ["id0 id1", "id2 id3"]
    assert ids(packed(documents(1), ROOM)) == []


def test_a_document_too_long_for_any_company_is_in_no_pack() -> None:
    long = Packable("long", "long.md", 90)
    assert ids(packed([long, *documents(2)], ROOM)) == ["id0 id1"]


def test_every_document_is_in_one_pack_at_most_and_packs_hold_what_they_may() -> None:
    many = [Packable(f"id{n}", f"d{n}.md", 10 + n % 37, frozenset({n // 3})) for n in range(200)]
    packs = packed(many, ROOM)
    members = list(chain.from_iterable(packs))
    assert len(members) == len(set(members)) > 190
    assert all(ROOM.hold(pack) and len(pack) > 1 for pack in packs)
    assert packs == packed(many, ROOM)


def test_a_changed_document_changes_its_own_pack_alone() -> None:
    before = documents(9)
    packs = packed(before, ROOM)
    now = [*before[:4], Packable("new", "d4.md", 31), *before[5:]]
    assert ids(packed(now, ROOM, earlier=rows_of(packs))) == ["id0 id1 id2", "id3 new id5", "id6 id7 id8"]


def test_new_documents_make_packs_of_their_own() -> None:
    packs = packed(documents(3), ROOM)
    grown = [Packable("first", "a.md", 30), *documents(3), Packable("last", "z.md", 30)]
    assert ids(packed(grown, ROOM, earlier=rows_of(packs))) == ["id0 id1 id2", "first last"]


def test_documents_that_are_gone_leave_their_pack() -> None:
    earlier = rows_of(packed(documents(6), ROOM))
    assert ids(packed(documents(5), ROOM, earlier=earlier)) == ["id0 id1 id2", "id3 id4"]
    assert ids(packed(documents(4), ROOM, earlier=earlier)) == ["id0 id1 id2"]


def test_a_document_that_has_grown_too_long_leaves_its_pack() -> None:
    before = documents(3)
    now = [before[0], Packable("grown", "d1.md", 90), before[2]]
    assert ids(packed(now, ROOM, earlier=rows_of(packed(before, ROOM)))) == ["id0 id2"]
