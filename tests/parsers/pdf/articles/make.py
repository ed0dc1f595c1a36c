"""Sets the articles into the folder next door; needs pdflatex, which the tests do not.

python -m tests.parsers.pdf.articles.make
"""

import subprocess
import tempfile
from pathlib import Path

from tests.parsers.pdf.articles.article import SEEDS, latex

FILES = Path(__file__).parent.parent / "files"


def main() -> None:
    for seed in SEEDS:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "article.tex").write_text(latex(seed))
            subprocess.run(["pdflatex", "-halt-on-error", "article.tex"], cwd=folder, check=True, stdout=-3)
            (FILES / f"article_{seed}.pdf").write_bytes((Path(folder) / "article.pdf").read_bytes())


if __name__ == "__main__":
    main()
