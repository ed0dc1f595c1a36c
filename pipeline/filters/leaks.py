"""Drops samples that repeat a benchmark: shared word runs with files that the user names."""

import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path

from pydantic import Field

from pipeline.facts.words import words
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.errors import SettingsError
from schemas.registry import filters
from schemas.samples import Sample, Verdict

_KEY = "filters.leaks.files"


class LeakOptions(Options):
    """Files of the benchmark, whose texts are all read: Parquet, JSON, JSON lines, or plain text.

    13 words in a row are the test of GPT-3 (arXiv 2005.14165), 8 that of PaLM and Llama 2.
    """

    files: tuple[Path, ...] = Field(default=(), description="Parquet, JSONL, JSON or text files")
    words: int = Field(default=13, ge=3, description="words in a row that make a leak; 8 is stricter")


class Leaks:
    """Knows the word runs of the benchmark by their hashes."""

    def __init__(self, runs: frozenset[int], length: int) -> None:
        self._runs, self._length = runs, length

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return `benchmark_leak` with the shared words, else a keep."""
        turns = (*sample.messages, *filter(None, (sample.chosen, sample.rejected)))
        for text in (*(turn.content for turn in turns), sample.reasoning or ""):
            said = words(text)
            for at in range(len(said) - self._length + 1):
                run = said[at : at + self._length]
                if hash(tuple(run)) in self._runs:
                    return Verdict("leaks", keep=False, reason="benchmark_leak", detail=" ".join(run))
        return Verdict("leaks", keep=True)


def _leaks(setup: FilterSetup) -> Leaks:
    """Return the filter that knows the files' word runs.

    Raises:
        SettingsError: no file is named, or one cannot be read or holds nothing to compare with.
    """
    assert isinstance(setup.options, LeakOptions)
    options = setup.options
    if not options.files:
        raise SettingsError(_KEY, "name the benchmark's files, or leave the filter out")
    runs = (run for path in options.files for run in _runs_of_file(path, options.words))
    return Leaks(frozenset(runs), options.words)


def _runs_of_file(path: Path, length: int) -> Iterator[int]:
    texts = found = 0
    try:
        for text in _texts(path):
            texts += 1
            for run in _runs(text, length):
                found += 1
                yield run
    except UnicodeDecodeError as error:
        raise SettingsError(_KEY, f"{path} is not text in UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise SettingsError(_KEY, f"{path} cannot be opened: {error.strerror or error}") from error
    except ValueError as error:
        raise SettingsError(_KEY, f"{path} is not what its name says: {error}") from error
    if not texts:
        raise SettingsError(_KEY, f"{path} holds no text")
    if not found:
        raise SettingsError(_KEY, f"no text of {path} has {length} words in a row; set 'words' lower")


def _runs(text: str, length: int) -> Iterator[int]:
    said = words(text)
    return (hash(tuple(said[at : at + length])) for at in range(len(said) - length + 1))


def _texts(path: Path) -> Iterator[str]:
    """Yield the texts of a benchmark's file.

    Raises:
        OSError, ValueError: it cannot be opened, or is not what its suffix says.
    """
    match path.suffix.lower():
        case ".parquet":
            from pipeline.store.foreign import foreign_rows

            for row in foreign_rows(path):
                yield from _strings(row)
        case ".json":
            yield from _strings(json.loads(path.read_text("utf-8-sig")))
        case suffix:
            with path.open(encoding="utf-8-sig") as lines:
                if suffix == ".jsonl":
                    for number, line in enumerate(lines, 1):
                        yield from _strings(_parsed(line, number)) if line.strip() else ()
                else:
                    yield from _paragraphs(lines)


def _paragraphs(lines: Iterable[str]) -> Iterator[str]:
    """Yield the lines between blank ones as one text: where a line is broken, a run of words goes on."""
    for blank, together in groupby(lines, key=lambda line: not line.strip()):
        if not blank:
            yield "".join(together)


def _parsed(line: str, number: int) -> object:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {number} is not JSON ({error.msg})") from error


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


filters.add("leaks", FilterEntry(_leaks, "repeats no benchmark that you name", LeakOptions))
