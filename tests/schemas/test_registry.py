import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import pytest

from schemas.errors import SettingsError, UnknownName
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


def test_a_plug_in_that_cannot_be_loaded_stops_only_those_who_name_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "torn-1.0.dist-info").mkdir()
    (tmp_path / "torn.py").write_text("import no_such_package")
    (tmp_path / "torn-1.0.dist-info" / "METADATA").write_text("Name: torn\nVersion: 1.0\n")
    (tmp_path / "torn-1.0.dist-info" / "entry_points.txt").write_text("[tunesmith.things]\nrope = torn\n")
    monkeypatch.syspath_prepend(tmp_path)
    things: Registry[int] = Registry("thing", "schemas")
    things.add("anchor", 1)
    assert things.get("anchor") == 1
    with pytest.raises(SettingsError, match="the thing 'rope' cannot be loaded: torn raised ModuleNotFound"):
        things.get("rope")
    assert things.broken() == {"rope": "torn raised ModuleNotFoundError: No module named 'no_such_package'"}
