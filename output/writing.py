"""A dataset as a folder: its rows by split, its card beside them; whole, or not there at all."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from output.card import CardFacts, dataset_card
from output.chats import traits_of
from output.features import card_features
from output.files import ENDINGS, JsonLinesSink, ParquetSink, RowMap, SplitFiles
from output.placing import replace_dataset, write_checksums
from output.provenance import SourceFacts, provenance_row, provenance_schema
from schemas.contracts import Format, FormatEntry, FormatSetup, Traits
from schemas.errors import RunFolderError, SettingsError
from schemas.manifest import DatasetFile
from schemas.registry import formats
from schemas.samples import Sample, Selected, Split
from schemas.settings import Settings

if TYPE_CHECKING:
    import pyarrow as pa

Chosen = Callable[[], Iterable[Selected]]


def write_dataset(
    chosen: Chosen, folder: Path, settings: Settings, sources: Mapping[str, SourceFacts], card: CardFacts
) -> tuple[DatasetFile, ...]:
    """Write the rows that `chosen` yields each time it is called, and return the files.

    An earlier dataset is replaced when the new one is complete, and stays as it is when anything fails.

    Raises:
        SettingsError: the format cannot hold a sample; the message names those that can.
        RunFolderError: the folder cannot be written, or holds something that is no dataset.
    """
    entry = formats.get(settings.format)
    traits = _survey(chosen(), entry, settings)
    maker = _RowMaker(entry, entry.build(FormatSetup(settings.output, traits)), settings, sources)
    aside = folder.with_name(f".{folder.name}.part")
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        files = maker.write(chosen(), aside)
        for name, text in (entry.beside(files, traits) if entry.beside else {}).items():
            (aside / name).write_text(text, encoding="utf-8")
        features = [] if entry.bare else card_features(maker.schema())
        (aside / "README.md").write_text(dataset_card(settings, files, card, features), encoding="utf-8")
        write_checksums(aside)
        replace_dataset(folder, aside)
    except OSError as error:
        raise RunFolderError(str(folder), f"cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return files


def _survey(chosen: Iterable[Selected], entry: FormatEntry, settings: Settings) -> Traits:
    """Return what the samples have among them, and refuse those that the format cannot hold."""
    traits = Traits()
    for selected in chosen:
        sample = selected.judged.sample
        if problem := entry.misfit(sample):
            raise SettingsError("format", _misfit(settings.format, sample, problem))
        traits |= traits_of(sample, settings.output)
    return traits


def _misfit(name: str, sample: Sample, problem: str) -> str:
    fitting = [other for other, entry in formats.items() if entry.misfit(sample) is None]
    what = f"'{name}' cannot hold {problem}, which recipe '{sample.recipe}' makes"
    return f"{what}; these can: {', '.join(fitting)}"


@dataclass(frozen=True, slots=True)
class _RowMaker:
    """Makes rows of samples, and writes them one split at a time."""

    entry: FormatEntry
    format: Format
    settings: Settings
    sources: Mapping[str, SourceFacts]

    def write(self, chosen: Iterable[Selected], folder: Path) -> tuple[DatasetFile, ...]:
        """Write the rows, each to its split's files, in one pass."""
        with ExitStack() as stack:
            splits = {split: stack.enter_context(closing(self.files(split, folder))) for split in Split}
            for selected in chosen:
                splits[selected.split].add(self.row(selected))
            return tuple(file for split in splits.values() for file in split.finish())

    def files(self, split: Split, folder: Path) -> SplitFiles:
        """Return the files that take one split's rows."""
        output, schema = self.settings.output, self.schema()
        max_shard_bytes = output.max_shard_mb * 2**20
        if (self.entry.storage or self.settings.storage) == "parquet":
            return SplitFiles(
                folder, split, "parquet", lambda path: ParquetSink(path, schema), max_shard_bytes
            )
        ending, compression = ENDINGS[output.compression], output.compression
        return SplitFiles(
            folder, split, ending, lambda path: JsonLinesSink(path, compression), max_shard_bytes
        )

    def row(self, selected: Selected) -> RowMap:
        """Return a row with its provenance. A format's own columns go before provenance of the same name."""
        row = self.format.row(selected.judged.sample)
        if self.entry.bare or not self.settings.output.provenance:
            return row
        return {**row, **provenance_row(selected, self.sources), **row}

    def schema(self) -> "pa.Schema":
        """Return the columns of the rows, the format's own first."""
        import pyarrow as pa

        own = self.format.arrow_schema()
        if self.entry.bare or not self.settings.output.provenance:
            return own
        return pa.schema([*own, *(field for field in provenance_schema() if field.name not in own.names)])
