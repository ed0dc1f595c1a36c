"""Where plug-ins are found: each is one file whose last line adds it here, or an entry point."""

import importlib
import pkgutil
from collections.abc import Iterator
from importlib.metadata import entry_points
from threading import RLock
from typing import Generic, TypeVar

from schemas.contracts import FilterEntry, FormatEntry, ParserEntry, ProviderEntry, RecipeEntry
from schemas.errors import SettingsError, UnknownName, one_line

T = TypeVar("T")


class Registry(Generic[T]):
    """Named things of one kind. Its package's modules, then entry points, are loaded at first use.

    A third party adds its own with an entry point in the group `tunesmith.<kind>s`, which names a module
    whose last line calls `add`.
    """

    def __init__(self, kind: str, package: str) -> None:
        self.kind = kind
        self._package = package
        self._items: dict[str, T] = {}
        self._broken: dict[str, str] = {}
        self._loaded = False
        self._loading = RLock()  # a plug-in may look others up while it is loaded

    def add(self, name: str, item: T) -> None:
        """Register `item`; a later one of the same name takes its place, so that users can override."""
        self._items[name] = item

    def get(self, name: str) -> T:
        """Return what is registered under `name`.

        Raises:
            UnknownName: nothing is; the message lists what is.
            SettingsError: it is in a third party's package that cannot be loaded.
        """
        self._load()
        if name in self._broken:
            raise SettingsError("", f"the {self.kind} '{name}' cannot be loaded: {self._broken[name]}")
        if name not in self._items:
            raise UnknownName(self.kind, name, self._items)
        return self._items[name]

    def names(self) -> list[str]:
        """Return all names, sorted."""
        self._load()
        return sorted(self._items)

    def items(self) -> Iterator[tuple[str, T]]:
        """Yield names and what they stand for, sorted by name."""
        self._load()
        yield from sorted(self._items.items(), key=lambda pair: pair[0])

    def broken(self) -> dict[str, str]:
        """Return what is wrong with third parties' plug-ins that could not be loaded, by name."""
        self._load()
        return dict(self._broken)

    def _load(self) -> None:
        if self._loaded:
            return
        with self._loading:
            if self._loaded:
                return
            package = importlib.import_module(self._package)
            for module in pkgutil.iter_modules(package.__path__, f"{self._package}."):
                importlib.import_module(module.name)
            for entry in entry_points(group=f"tunesmith.{self.kind}s"):
                try:
                    entry.load()
                except Exception as error:  # noqa: BLE001  # others' code; runs that do not name it go on
                    package_name = entry.dist.name if entry.dist else entry.value
                    self._broken[entry.name] = (
                        f"{package_name} raised {type(error).__name__}: {one_line(error)}"
                    )
            self._loaded = True


parsers: Registry[ParserEntry] = Registry("parser", "parsers")
recipes: Registry[RecipeEntry] = Registry("recipe", "pipeline.recipes")
filters: Registry[FilterEntry] = Registry("filter", "pipeline.filters")
formats: Registry[FormatEntry] = Registry("format", "output.formats")
providers: Registry[ProviderEntry] = Registry("provider", "pipeline.llms")
