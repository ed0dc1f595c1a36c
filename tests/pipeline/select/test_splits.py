from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from pipeline.select.splits import Groups, split_groups
from schemas.samples import Split
from schemas.settings import SplitSettings

SHARES = SplitSettings(train=0.8, validation=0.1, test=0.1)


def rows_in(splits: dict[str, Split], rows: dict[str, int]) -> Counter[Split]:
    counts: Counter[Split] = Counter()
    for group, split in splits.items():
        counts[split] += rows[group]
    return counts


@given(st.lists(st.integers(1, 500), min_size=1, max_size=6), st.integers(0, 10_000))
def test_train_is_never_starved_however_few_documents_there_are(sizes: list[int], seed: int) -> None:
    rows = {f"document {number}": size for number, size in enumerate(sizes)}
    found = rows_in(split_groups(rows, Groups({}), SHARES, seed), rows)
    assert found[Split.TRAIN] > 0
    if len(sizes) <= 2:
        assert found[Split.TRAIN] >= SHARES.train * sum(sizes) / 2
    else:
        assert set(found) == set(Split)


def test_of_two_documents_the_larger_trains_where_the_smaller_is_held_out() -> None:
    rows = {"large": 90, "small": 10}
    for seed in range(200):
        splits = split_groups(rows, Groups({}), SHARES, seed)
        assert splits["large"] is Split.TRAIN


def test_one_document_goes_to_train_whatever_its_hash() -> None:
    for seed in range(200):
        assert split_groups({"one": 7}, Groups({}), SHARES, seed) == {"one": Split.TRAIN}


def test_nothing_goes_to_train_where_settings_want_none() -> None:
    shares = SplitSettings(train=0.0, validation=0.0, test=1.0)
    assert split_groups({"one": 7}, Groups({}), shares, 0) == {"one": Split.TEST}


def test_an_earlier_split_is_kept_even_where_train_has_little() -> None:
    kept = Groups({"large": Split.TEST})
    splits = split_groups({"large": 90, "small": 10}, kept, SHARES, 0)
    assert splits == {"large": Split.TEST, "small": Split.TRAIN}
