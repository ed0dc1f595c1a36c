"""An article as LaTeX, and as what a reader should get."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from schemas.documents import BlockKind
from tests.parsers.pdf.articles import writing

SEEDS = range(8)
_FONTS = (
    r"\usepackage{mathptmx}",
    r"\usepackage{lmodern}",
    r"\usepackage{mathpazo}",
    r"\usepackage{charter}",
)
_ESCAPES = str.maketrans(
    {"%": r"\%", "&": r"\&", "“": "``", "”": "''", "’": "'", "–": "--", "#": r"\#", "_": r"\_"}
)


@dataclass(frozen=True, slots=True)
class Part:
    """A block of an article: what it is, its level, its text, and how LaTeX writes it.

    A table's text is its rows, one a line, cells between bars.
    """

    kind: BlockKind
    text: str
    tex: str
    level: int = 0


def article(seed: int) -> list[Part]:
    """Return the parts of an article in reading order, footnotes behind the paragraph that has their mark."""
    return list(_parts(Random(seed)))


def latex(seed: int) -> str:
    """Return the source of an article: odd seeds make two columns."""
    body = "\n\n".join(part.tex for part in article(seed))
    options = f"{(10, 10, 11, 12)[seed // 2 % 4]}pt,a4paper{',twocolumn' if seed % 2 else ''}"
    return rf"""\documentclass[{options}]{{article}}
\usepackage[T1]{{fontenc}}{_FONTS[seed // 2 % 4]}\usepackage{{booktabs,float,fancyhdr,microtype}}
\pagestyle{{fancy}}\fancyhf{{}}\fancyhead[L]{{Proceedings of Tidal Science}}\fancyfoot[C]{{\thepage}}
\pdfcompresslevel=9 \pdfobjcompresslevel=2 \pdfinfoomitdate=1 \pdftrailerid{{}}
\begin{{document}}
{body}
\end{{document}}
"""


def _parts(random: Random) -> Iterator[Part]:
    first, *names = writing.titles(random, 6)
    yield Part(BlockKind.HEADING, first, rf"\title{{{first}}}", 1)
    yield Part(BlockKind.PARAGRAPH, "Ada Lindqvist", r"\author{Ada Lindqvist}")
    yield Part(BlockKind.PARAGRAPH, "May 2024", "\\date{May 2024}\\maketitle\\thispagestyle{fancy}")
    tables = 0
    for number, name in enumerate(names, start=1):
        yield Part(BlockKind.HEADING, f"{number} {name}", rf"\section{{{name}}}", 2)
        yield from _paragraphs(random, 2)
        if number in {2, 4}:
            tables += 1
            yield from _table(random, tables)
            yield from _paragraphs(random, 1)
        if number in {1, 3}:
            yield from _list(random, "itemize" if number == 1 else "enumerate")
        if number in {2, 3}:
            for second, title in enumerate(writing.titles(random, 2), start=1):
                yield Part(BlockKind.HEADING, f"{number}.{second} {title}", rf"\subsection{{{title}}}", 3)
                yield from _paragraphs(random, 2)
    yield from _references(random)


def _paragraphs(random: Random, count: int) -> Iterator[Part]:
    for _ in range(count):
        text = writing.paragraph(random, random.randint(3, 7))
        yield Part(BlockKind.PARAGRAPH, text, _tex(text))


def _list(random: Random, kind: str) -> Iterator[Part]:
    texts = [writing.sentence(random) for _ in range(random.randint(3, 5))]
    for number, text in enumerate(texts, start=1):
        before = rf"\begin{{{kind}}}" if number == 1 else ""
        after = rf"\end{{{kind}}}" if number == len(texts) else ""
        mark = "-" if kind == "itemize" else f"{number}."
        yield Part(BlockKind.LIST_ITEM, f"{mark} {text}", rf"{before}\item {_tex(text)}{after}")


def _table(random: Random, number: int) -> Iterator[Part]:
    rows = writing.table(random)
    caption = writing.sentence(random)
    yield Part(
        BlockKind.CAPTION,
        f"Table {number}: {caption}",
        rf"\begin{{table}}[H]\centering\caption{{{_tex(caption)}}}",
    )
    tex = _ruled(rows) if number % 2 == 0 else _printed(rows)
    tex += r"\end{tabular}\end{table}"
    yield Part(BlockKind.TABLE, "\n".join("| " + " | ".join(row) + " |" for row in rows), tex)


def _ruled(rows: list[list[str]]) -> str:
    inner = r"\hline ".join(_tex_row(row) for row in rows)
    return rf"\begin{{tabular}}{{|{'l|' * len(rows[0])}}}\hline {inner}\hline "


def _printed(rows: list[list[str]]) -> str:
    columns = "l" + "r" * (len(rows[0]) - 1)
    inner = "".join(_tex_row(row) for row in rows[1:])
    return rf"\begin{{tabular}}{{{columns}}}\toprule {_tex_row(rows[0])}\midrule {inner}\bottomrule "


def _tex_row(row: list[str]) -> str:
    return " & ".join(map(_tex, row)) + r"\\"


def _references(random: Random) -> Iterator[Part]:
    yield Part(BlockKind.HEADING, "References", r"\begin{thebibliography}{9}", 2)
    for number in range(1, 6):
        text = writing.reference(random)
        end = r"\end{thebibliography}" if number == 5 else ""
        yield Part(BlockKind.LIST_ITEM, f"[{number}] {text}", rf"\bibitem{{r{number}}} {_tex(text)}{end}")


def _tex(text: str) -> str:
    return text.translate(_ESCAPES)
