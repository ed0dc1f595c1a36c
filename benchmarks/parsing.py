"""Pages per CPU-second and peak memory of PDF readers, each in a process of its own, in one run.

    python -m benchmarks.parsing FILE.pdf...

Peers are measured where they are installed; the others are named as missing.
"""

import argparse
import hashlib
import importlib
import io
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from schemas.contracts import ParseOptions
from schemas.documents import Source


def tunesmith(content: bytes) -> int:
    from parsers.pdf import parse_pdf

    source = Source("file.pdf", "application/pdf", hashlib.sha256(content).hexdigest(), len(content), "")
    return len(parse_pdf(content, source, ParseOptions()).text)


def pypdfium2(content: bytes) -> int:
    pdfium = importlib.import_module("pypdfium2")
    pdf = pdfium.PdfDocument(content)
    return sum(len(page.get_textpage().get_text_range()) for page in pdf)


def pypdf(content: bytes) -> int:
    reader = importlib.import_module("pypdf").PdfReader(io.BytesIO(content))
    return sum(len(page.extract_text()) for page in reader.pages)


def pdfminer(content: bytes) -> int:
    return len(importlib.import_module("pdfminer.high_level").extract_text(io.BytesIO(content)))


def markitdown(content: bytes) -> int:
    module = importlib.import_module("markitdown")
    info = module.StreamInfo(extension=".pdf")
    return len(module.MarkItDown().convert_stream(io.BytesIO(content), stream_info=info).text_content)


READERS: dict[str, Callable[[bytes], int]] = {
    reader.__name__: reader for reader in (tunesmith, pypdfium2, pypdf, pdfminer, markitdown)
}


def measure(name: str, paths: list[Path]) -> None:
    """Print what one reader took over all files, as JSON. Imports are paid for by a first small read."""
    read = READERS[name]
    contents = [path.read_bytes() for path in paths]
    read(min(contents, key=len))
    started = time.process_time()
    characters = sum(read(content) for content in contents)
    seconds = time.process_time() - started
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "characters": characters, "peak_mb": peak_mb}))


def page_count(paths: list[Path]) -> int:
    pdfium = importlib.import_module("pypdfium2")
    return sum(len(pdfium.PdfDocument(path.read_bytes())) for path in paths)


def compare(paths: list[Path]) -> None:
    """Print a line per reader."""
    pages = page_count(paths)
    print(f"{len(paths)} files, {pages} pages")
    print(f"{'reader':12} {'pages/CPU-s':>12} {'characters':>12} {'peak MB':>8}")
    for name in READERS:
        command = [sys.executable, __file__, "--only", name, *map(str, paths)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            problem = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "no message"
            missing = "ModuleNotFoundError" in problem
            print(f"{name:12} {'missing' if missing else 'failed: ' + problem}")
            continue
        took = json.loads(done.stdout)
        rate = pages / took["seconds"]
        print(f"{name:12} {rate:12.1f} {took['characters']:12,} {took['peak_mb']:8.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--only", choices=READERS, help="measure one reader in this process")
    arguments = parser.parse_args()
    if arguments.only:
        measure(arguments.only, arguments.paths)
    else:
        compare(arguments.paths)


if __name__ == "__main__":
    main()
