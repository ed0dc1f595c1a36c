"""Drops samples that repeat a benchmark: shared word runs with files that the user names."""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import Field

from pipeline.facts.words import words
from schemas.contracts import FilterEntry, FilterSetup, Options
from schemas.documents import Passage
from schemas.errors import SettingsError
from schemas.registry import filters
from schemas.samples import Sample, Verdict


class LeakOptions(Options):
    """Files of the benchmark: JSON lines, whose texts are all read, or plain text, a line an item.

    13 words in a row are the test of GPT-3 (arXiv 2005.14165), 8 that of PaLM and Llama 2.
    """

    files: tuple[Path, ...] = Field(default=(), description="JSONL or text files")
    words: int = Field(default=13, ge=3, description="words in a row that make a leak; 8 is stricter")


class Leaks:
    """Knows the word runs of the benchmark by their hashes."""

    def __init__(self, runs: frozenset[int], length: int) -> None:
        self._runs, self._length = runs, length

    def judge(self, sample: Sample, passages: tuple[Passage, ...]) -> Verdict:  # noqa: ARG002
        """Return `benchmark_leak` with the shared words, else a keep."""
        for text in (sample.question, sample.answer, sample.reasoning or ""):
            said = words(text)
            for at in range(len(said) - self._length + 1):
                run = said[at : at + self._length]
                if hash(tuple(run)) in self._runs:
                    return Verdict("leaks", keep=False, reason="benchmark_leak", detail=" ".join(run))
        return Verdict("leaks", keep=True)


def _leaks(setup: FilterSetup) -> Leaks:
    assert isinstance(setup.options, LeakOptions)
    length = setup.options.words
    runs = (run for path in setup.options.files for text in _texts(path) for run in _runs(text, length))
    return Leaks(frozenset(runs), length)


def _runs(text: str, length: int) -> Iterator[int]:
    said = words(text)
    return (hash(tuple(said[at : at + length])) for at in range(len(said) - length + 1))


def _texts(path: Path) -> Iterator[str]:
    """Yield the texts of a benchmark's file.

    Raises:
        SettingsError: it cannot be read, or is not what its suffix says.
    """
    try:
        with path.open(encoding="utf-8") as lines:
            for line in filter(str.strip, lines):
                yield from _strings(json.loads(line)) if path.suffix in (".jsonl", ".json") else (line,)
    except json.JSONDecodeError as error:
        problem = f"{path} is not JSON with one object a line: {error}"
        raise SettingsError("filters.leaks.files", problem) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("filters.leaks.files", f"{path} cannot be read as text: {error}") from error


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


filters.add("leaks", FilterEntry(_leaks, "repeats no benchmark that you name", LeakOptions))
