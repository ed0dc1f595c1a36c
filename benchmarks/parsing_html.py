"""Web pages and Word files next to other readers in one run, on pages of our own making.

    python -m benchmarks.parsing_html [--peers PYTHON] [--pages FOLDER]

Each reader works in a process of its own. Peers that `PYTHON` (this interpreter by default) does not have are
named as missing. The rates count the true text, so that leaving something out makes no reader faster.

`--pages` takes labelled pages of others instead, which stay outside the repository: `NAME.html`, each with
its true text in `NAME.html.txt`, or a `snippets.json` that has for each name what its text must and must not
include: `{"NAME.html": {"must_include": [], "must_not_include": []}}`.
"""

import argparse
import importlib
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.parsers.labelled_pages import Page, labelled_pages
from tests.parsers.overlap import f1

_PAGES_PER_WORD_FILE = 12


@dataclass(frozen=True)
class Score:
    """`found` is the mean F1 of runs of four words, or the F1 of all snippets together, 0 to 1."""

    found: float
    files_per_cpu_s: float
    mb_per_cpu_s: float


def tunesmith(content: bytes, name: str) -> str:
    from schemas.contracts import ParseOptions
    from schemas.documents import Source
    from schemas.registry import parsers

    parse = parsers.get(name.rpartition(".")[2]).parse
    return parse(content, Source(name, "", "0", len(content), ""), ParseOptions()).text


def trafilatura(content: bytes, _: str) -> str:
    found = importlib.import_module("trafilatura").extract(content, fast=True, include_comments=False)
    return str(found or "")


def markitdown(content: bytes, name: str) -> str:
    module = importlib.import_module("markitdown")
    info = module.StreamInfo(extension=f".{name.rpartition('.')[2]}", charset="utf-8")
    return str(module.MarkItDown().convert_stream(BytesIO(content), stream_info=info).text_content)


def mammoth(content: bytes, _: str) -> str:
    return str(importlib.import_module("mammoth").convert_to_markdown(BytesIO(content)).value)


READERS: dict[str, Callable[[bytes, str], str]] = {
    reader.__name__: reader for reader in (tunesmith, trafilatura, markitdown, mammoth)
}
SNIPPETS = "snippets.json"
KINDS = {"html": ("tunesmith", "trafilatura", "markitdown"), "docx": ("tunesmith", "mammoth", "markitdown")}


def write_files(folder: Path) -> None:
    """Write pages and Word files, each with its true text beside it."""
    pages = list(labelled_pages(seed=7, articles=30))
    for index, page in enumerate(pages):
        _write(folder / f"{index:03}.html", page.html.encode(), page.text)
    for start in range(0, len(pages), _PAGES_PER_WORD_FILE):
        several = pages[start : start + _PAGES_PER_WORD_FILE]
        _write(folder / f"{start:03}.docx", word_file(several), "\n".join(page.text for page in several))


def word_file(pages: list[Page]) -> bytes:
    import docx

    document = docx.Document()
    for page in pages:
        for line in page.text.splitlines():
            heading = line in page.headings
            document.add_heading(line, 2) if heading else document.add_paragraph(line)
    buffer = BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _write(path: Path, content: bytes, text: str) -> None:
    path.write_bytes(content)
    path.with_name(f"{path.name}.txt").write_text(text)


def measure(reader: str, kind: str, folder: Path) -> Score:
    """Return what one reader made of all files of a kind. Imports are paid for by a first read."""
    read = READERS[reader]
    files = [(path.name, path.read_bytes()) for path in sorted(folder.glob(f"*.{kind}"))]
    if (folder / SNIPPETS).exists():
        return _measure_snippets(read, folder)
    true = [(folder / f"{name}.txt").read_text() for name, _ in files]
    texts, spent_s = _timed(read, files)
    fits = [f1(text, wanted) for text, wanted in zip(texts, true, strict=True)]
    size_mb = sum(len(text.encode()) for text in true) / 1e6
    return Score(sum(fits) / len(fits), len(files) / spent_s, size_mb / spent_s)


def _timed(read: Callable[[bytes, str], str], files: list[tuple[str, bytes]]) -> tuple[list[str], float]:
    read(files[0][1], files[0][0])
    start = time.process_time()
    texts = [read(content, name) for name, content in files]
    return texts, time.process_time() - start


def _measure_snippets(read: Callable[[bytes, str], str], folder: Path) -> Score:
    labels = json.loads((folder / SNIPPETS).read_text())
    texts, spent_s = _timed(read, [(name, (folder / name).read_bytes()) for name in labels])
    pairs = list(zip(texts, labels.values(), strict=True))
    kept = [_words(part) in _words(text) for text, label in pairs for part in label["must_include"]]
    wrong = sum(_words(part) in _words(text) for text, label in pairs for part in label["must_not_include"])
    size_mb = sum(len(text.encode()) for text in texts) / 1e6
    return Score(2 * sum(kept) / (sum(kept) + len(kept) + wrong), len(labels) / spent_s, size_mb / spent_s)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))


def compare(python: str, folder: Path, kinds: Mapping[str, tuple[str, ...]]) -> None:
    """Print a line per kind of file and reader."""
    for kind, readers in kinds.items():
        for reader in readers:
            own = reader == "tunesmith"
            command = [sys.executable if own else python, "-m", "benchmarks.parsing_html"]
            job = ["--only", reader, kind, str(folder)]
            done = subprocess.run([*command, *job], capture_output=True, text=True, check=False)
            if done.returncode:
                missing = "ModuleNotFoundError" in done.stderr
                print(f"{kind:5} {reader:12} {'missing' if missing else 'failed: ' + done.stderr[-200:]}")
                continue
            score = Score(**json.loads(done.stdout))
            rates = f"{score.files_per_cpu_s:7.1f} files/CPU-s  {score.mb_per_cpu_s:6.2f} MB/CPU-s"
            print(f"{kind:5} {reader:12} F1 {score.found:.3f}  {rates}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", default=sys.executable, help="the interpreter that has the peers")
    parser.add_argument("--only", nargs=3, metavar=("READER", "KIND", "FOLDER"), help="measure one, here")
    parser.add_argument("--pages", type=Path, metavar="FOLDER", help="labelled pages of others")
    arguments = parser.parse_args()
    if arguments.only:
        reader, kind, folder = arguments.only
        sys.stdout.write(json.dumps(asdict(measure(reader, kind, Path(folder)))))
        return
    if arguments.pages:
        compare(arguments.peers, arguments.pages, {"html": KINDS["html"]})
        return
    with TemporaryDirectory() as name:
        write_files(Path(name))
        compare(arguments.peers, Path(name), KINDS)


if __name__ == "__main__":
    main()
