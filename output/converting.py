"""From any format to any that fits, and nothing lost in silence."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from output.card_making import CardFacts
from output.importing import import_dataset
from output.provenance import SourceFacts
from output.writing import write_dataset
from schemas.errors import SettingsError
from schemas.manifest import DatasetFile
from schemas.registry import formats
from schemas.samples import Selected
from schemas.settings import Settings


@dataclass(frozen=True, slots=True)
class Conversion:
    """What became of a dataset's rows. `left_out` counts those that could not be taken, by the reason."""

    files: tuple[DatasetFile, ...]
    read: int
    left_out: dict[str, int] = field(default_factory=dict)


def convert(
    address: str, folder: Path, settings: Settings, *, format_name: str | None = None, skip: bool = False
) -> Conversion:
    """Write the dataset at `address` anew at `folder`, in the settings' format and storage.

    `format_name` is the format that it has, found out where None. With `skip`, rows that are no samples or
    that the new format cannot hold are left out and counted; without, the first one ends it.

    Raises:
        SettingsError: a row cannot be read or held; says which and why.
        SourceNotFound: there is no dataset at `address`.
        RunFolderError: `folder` cannot be written.
    """
    misfit = formats.get(settings.format).misfit
    read, left_out, sources = 0, Counter[str](), dict[str, SourceFacts]()
    for row in import_dataset(address, format_name):
        read += 1
        problem = row.problem if row.judged is None else misfit(row.judged.sample)
        if row.judged and row.judged.sample.evidence and row.source:
            sources[row.judged.sample.evidence[0].document_id] = row.source
        if problem and not skip:
            problem = f"'{settings.format}' cannot take {row.place}: {problem}"
            raise SettingsError("format", f"{problem}; choose another format, or skip such rows")
        if problem:
            left_out[problem] += 1

    def chosen() -> Iterator[Selected]:
        for row in import_dataset(address, format_name):
            if row.judged is not None and misfit(row.judged.sample) is None:
                yield Selected(row.judged, row.split, row.cluster)

    facts = CardFacts(
        folder.name,
        sources=(address,),
        versions={"tunesmith": version("tunesmith")},
        converted_from=address,
    )
    files = write_dataset(chosen, folder, settings, sources, facts)
    return Conversion(files, read, dict(left_out))
