"""Shards that several processes want, and processes that die."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pipeline.store.claims import Claims, Watch


def claims(folder: Path, owner: str, dead_after_s: float = 60.0) -> Claims:
    made = Claims(folder, owner, dead_after_s)
    made.begin()
    return made


def test_of_many_who_want_a_shard_one_gets_it(tmp_path: Path) -> None:
    owners = [claims(tmp_path, f"owner-{number}") for number in range(8)]
    for shard in ("a", "b", "c"):
        with ThreadPoolExecutor(8) as threads:
            got = list(threads.map(lambda owner, shard=shard: owner.take(shard), owners))
        assert sum(got) == 1
        assert owners[got.index(True)].take(shard)


def test_who_gives_no_sign_of_life_loses_its_shards_to_one_other(tmp_path: Path) -> None:
    dead = claims(tmp_path, "dead", 0.2)
    assert dead.take("shard")
    heirs = [claims(tmp_path, name, 0.2) for name in ("one", "two")]
    assert not any(heir.take("shard") for heir in heirs)
    time.sleep(0.3)
    assert sum(heir.take("shard") for heir in heirs) == 1


def test_who_lives_keeps_its_shards_however_long_it_takes(tmp_path: Path) -> None:
    slow, other = claims(tmp_path, "slow", 5.0), claims(tmp_path, "other", 5.0)
    assert slow.take("shard")
    for _ in range(3):
        assert not other.take("shard")
        assert slow.beat()


def test_who_is_declared_dead_loses_its_shards_at_once_and_learns_it(tmp_path: Path) -> None:
    falsely, other = claims(tmp_path, "falsely"), claims(tmp_path, "other")
    assert falsely.take("shard")
    assert Watch(tmp_path).lives("falsely")
    Watch(tmp_path).forget("falsely")
    assert other.take("shard")
    assert not falsely.beat()


def test_who_ends_gives_back(tmp_path: Path) -> None:
    first, second = claims(tmp_path, "first"), claims(tmp_path, "second")
    assert first.take("shard")
    first.end()
    assert second.take("shard")
