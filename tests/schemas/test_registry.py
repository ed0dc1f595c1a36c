import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from schemas.errors import UnknownName
from schemas.registry import Registry, filters, formats, parsers, providers, recipes


def test_what_is_added_is_found_and_can_be_overridden() -> None:
    registry: Registry[str] = Registry("thing", "schemas")
    registry.add("a", "first")
    registry.add("a", "second")
    assert registry.get("a") == "second"


def test_an_unknown_name_brings_the_nearest_and_all_others() -> None:
    with pytest.raises(UnknownName, match=r"no recipe is called 'qq'.*there are: .*\bqa\b"):
        recipes.get("qq")


@pytest.mark.parametrize(
    "registry", [parsers, recipes, filters, formats, providers], ids=lambda each: each.kind
)
def test_every_plug_in_says_in_one_line_what_it_is(registry: Registry[object]) -> None:
    for name, entry in registry.items():
        summary = getattr(entry, "summary", "")
        assert summary, name
        assert "\n" not in summary


def test_threads_that_ask_at_once_all_wait_for_the_plug_ins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "slow_plugs"
    package.mkdir()
    (package / "__init__.py").touch()
    lines = ("import time", "time.sleep(0.2)", "from slow_registry import things", "things.add('late', 1)")
    (package / "late.py").write_text("\n".join(lines))
    things: Registry[int] = Registry("thing", "slow_plugs")
    home = ModuleType("slow_registry")
    vars(home)["things"] = things
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(sys.modules, "slow_registry", home)
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(things.get, ["late"] * 4)) == [1] * 4
