"""A dataset as a folder: its rows by split, its card beside them; whole, or not there at all."""

import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from functools import reduce
from itertools import chain, islice
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING

from output.card import dataset_card
from output.card_making import CardFacts
from output.chats import traits_of
from output.composition import Composition
from output.croissant import croissant
from output.features import card_features
from output.files import ENDINGS, JsonLinesSink, ParquetSink, RowMap, SplitFiles
from output.images import beside_rows, beside_schema
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

# So many samples decide the columns at first.
_HEAD_ROWS = 1024

Chosen = Callable[[], Iterable[Selected]]


def write_dataset(
    chosen: Chosen, folder: Path, settings: Settings, sources: Mapping[str, SourceFacts], card: CardFacts
) -> tuple[DatasetFile, ...]:
    """Write the rows that `chosen` yields each time it is called, and return the files.

    It is called once, and twice more where a late sample needs a column that the first ones did not.

    An earlier dataset is replaced when the new one is complete, and stays as it is when anything fails.

    Raises:
        SettingsError: the format cannot hold a sample; the message names those that can.
        RunFolderError: the folder cannot be written, or holds something that is no dataset.
    """
    entry = formats.get(settings.format)
    aside = folder.with_name(f".{folder.name}.part")
    try:
        maker, files = _write_rows(chosen, aside, settings, sources)
        _refuse_too_few(files, settings.format)
        for name, text in (entry.beside(files, maker.traits) if entry.beside else {}).items():
            (aside / name).write_text(text, encoding="utf-8")
        name, columns = settings.output.name or card.name, None if entry.bare else maker.schema()
        (aside / "croissant.json").write_text(croissant(name, settings, files, columns), encoding="utf-8")
        features = [] if entry.bare else card_features(maker.schema())
        told = dataset_card(settings, files, card, maker.composition, features)
        (aside / "README.md").write_text(told, encoding="utf-8")
        write_checksums(aside)
        replace_dataset(folder, aside)
    except OSError as error:
        raise RunFolderError(str(folder), f"cannot be written ({error.strerror or error})") from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return files


def _write_rows(
    chosen: Chosen, folder: Path, settings: Settings, sources: Mapping[str, SourceFacts]
) -> "tuple[_RowMaker, tuple[DatasetFile, ...]]":
    """Write all rows into `folder`, and return what made them, and the files.

    The first samples decide the columns. Where a later one needs another, all are looked over.
    """
    entry, traits = formats.get(settings.format), Traits()
    while True:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        samples = iter(chosen())
        head = list(islice(samples, _HEAD_ROWS))
        traits |= _survey(head, settings)
        format_ = entry.build(FormatSetup(settings.output, traits))
        maker = _RowMaker(entry, format_, traits, settings, sources)
        files = maker.write(chain(head, samples), folder)
        if files is not None:
            return maker, files
        traits |= _survey(chosen(), settings)


def _survey(chosen: Iterable[Selected], settings: Settings) -> Traits:
    """Return what samples have among them."""
    return reduce(or_, (traits_of(selected.judged.sample, settings.output) for selected in chosen), Traits())


def _refuse_too_few(files: Sequence[DatasetFile], format_name: str) -> None:
    least = formats.get(format_name).min_train_rows
    rows = sum(file.rows for file in files if file.split == Split.TRAIN.value)
    if rows < least:
        problem = f"a trainer takes '{format_name}' files of {least} rows or more, and there are {rows}"
        raise SettingsError("format", f"{problem} for training; make more, or choose another format")


def _misfit(name: str, sample: Sample, problem: str) -> str:
    fitting = [other for other, entry in formats.items() if entry.misfit(sample) is None]
    what = f"'{name}' cannot hold {problem}, which recipe '{sample.recipe}' makes"
    return f"{what}; these can: {', '.join(fitting)}"


@dataclass(frozen=True, slots=True)
class _RowMaker:
    """Makes rows of samples, and writes them one split at a time."""

    entry: FormatEntry
    format: Format
    traits: Traits
    settings: Settings
    sources: Mapping[str, SourceFacts]
    composition: Composition = field(default_factory=Composition)

    def write(self, chosen: Iterable[Selected], folder: Path) -> tuple[DatasetFile, ...] | None:
        """Write the rows, each to its split's files, in one pass.

        None comes back, and an unfinished folder, when a sample needs a column that the rows lack.

        Raises:
            SettingsError: the format cannot hold a sample.
        """
        with ExitStack() as stack:
            splits = {split: stack.enter_context(closing(self.files(split, folder))) for split in Split}
            for selected in chosen:
                sample = selected.judged.sample
                if problem := self.entry.misfit(sample):
                    raise SettingsError("format", _misfit(self.settings.format, sample, problem))
                if not self.traits.cover(traits_of(sample, self.settings.output)):
                    return None
                splits[selected.split].add(self.row(selected, folder))
                self.composition.note(selected.judged)
            return tuple(file for split in splits.values() for file in split.finish())

    @property
    def storage(self) -> str:
        """The files' format."""
        return self.entry.storage or self.settings.storage

    @property
    def images_beside(self) -> bool:
        """Whether images are files: `datasets` takes Base64 in JSON lines for the picture itself."""
        return self.settings.output.images == "files" or self.storage == "jsonl"

    def files(self, split: Split, folder: Path) -> SplitFiles:
        """Return the files that take one split's rows."""
        output, schema = self.settings.output, self.schema()
        max_shard_bytes = output.max_shard_mb * 2**20
        if self.storage == "parquet":
            return SplitFiles(
                folder, split, "parquet", lambda path: ParquetSink(path, schema), max_shard_bytes
            )
        ending, compression = ENDINGS[output.compression], output.compression
        return SplitFiles(
            folder, split, ending, lambda path: JsonLinesSink(path, compression), max_shard_bytes
        )

    def row(self, selected: Selected, folder: Path) -> RowMap:
        """Return a row with its provenance. A format's own columns go before provenance of the same name."""
        row: RowMap = self.format.row(selected.judged.sample)
        if self.images_beside:
            row = beside_rows(row, folder)
        if self.entry.bare or not self.settings.output.provenance:
            return row
        return {**row, **provenance_row(selected, self.sources), **row}

    def schema(self) -> "pa.Schema":
        """Return the columns of the rows, the format's own first."""
        import pyarrow as pa

        own = self.format.arrow_schema()
        if self.images_beside:
            own = beside_schema(own)
        if self.entry.bare or not self.settings.output.provenance:
            return own
        return pa.schema([*own, *(each for each in provenance_schema() if each.name not in own.names)])
