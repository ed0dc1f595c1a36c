"""What a trainer would choke on, found before it does."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise

from output.importing import ImportedRow, import_dataset
from output.templates import ChatTemplate
from schemas.errors import SettingsError
from schemas.requests import Message
from schemas.samples import Sample

EXAMPLES = 5


Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of fault: how many rows have it, where the first are, and whether training would fail."""

    problem: str
    rows: int
    places: tuple[str, ...]
    fatal: bool


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens per row. `learned_share` is the part that is learned when all but answers is masked."""

    smallest: int = 0
    median: int = 0
    p95: int = 0
    largest: int = 0
    total: int = 0
    learned_share: float = 0.0
    histogram: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found in a dataset. `histogram` counts rows by the next power of two of their tokens."""

    rows: int
    splits: dict[str, int]
    findings: tuple[Finding, ...]
    lengths: Lengths

    @property
    def fit(self) -> bool:
        """Whether a trainer can take it."""
        return self.rows > 0 and not any(finding.fatal for finding in self.findings)


def check(
    address: str,
    count: Count,
    *,
    max_tokens: int | None = None,
    chat_template: str | None = None,
    format_name: str | None = None,
) -> CheckReport:
    """Return what a trainer would meet in the dataset at `address`, ours or another's.

    `count` is the model's tokenizer or an estimate of it. Without a chat template, turns are counted bare.

    Raises:
        SourceNotFound: there is no dataset.
        SettingsError: the template cannot be read, or no format recognises the rows.
    """
    template = ChatTemplate(chat_template) if chat_template else None
    findings, columns = _Findings(), dict[str, frozenset[str]]()
    splits, tokens, learned = Counter[str](), list[int](), 0
    for row in import_dataset(address, format_name):
        splits[row.split.value] += 1
        if row.judged is None:
            findings.add(row, row.problem, fatal=True)
            continue
        findings.judge(row, row.judged.sample)
        if columns.setdefault(row.place.rpartition(":")[0], row.columns) != row.columns:
            findings.add(row, "columns that differ from those of the file's first row", fatal=False)
        try:
            length, answered = _lengths(row.judged.sample, template, count)
        except SettingsError as error:
            findings.add(row, f"chat template: {error}", fatal=True)
            continue
        tokens.append(length)
        learned += answered
        if max_tokens is not None and length > max_tokens:
            findings.add(row, f"longer than {max_tokens} tokens: would be cut off", fatal=False)
    return CheckReport(sum(splits.values()), dict(splits), findings.all(), _summed(tokens, learned))


def _lengths(sample: Sample, template: ChatTemplate | None, count: Count) -> tuple[int, int]:
    """Return a row's tokens, and those of its answers."""
    turns = sample.messages + ((sample.chosen,) if sample.chosen else ())
    answers = sum(count(turn.content) for turn in turns if turn.role == "assistant")
    if template:
        return count(template.text(turns, sample.tools)), answers
    return sum(count(turn.content) for turn in turns), answers


def _summed(tokens: list[int], learned: int) -> Lengths:
    if not tokens:
        return Lengths()
    ordered, total = sorted(tokens), sum(tokens)
    histogram = Counter(1 << max(0, length - 1).bit_length() for length in ordered)
    return Lengths(
        ordered[0],
        ordered[len(ordered) // 2],
        ordered[int(0.95 * (len(ordered) - 1))],
        ordered[-1],
        total,
        learned / total if total else 0.0,
        dict(sorted(histogram.items())),
    )


def empty_turn(turns: tuple[Message, ...]) -> str | None:
    """Say that a turn has no text."""
    for turn in turns:
        if not turn.content.strip() and not turn.tool_calls and not turn.images:
            return f"an empty {turn.role} turn"
    return None


def wrong_order(turns: tuple[Message, ...]) -> str | None:
    """Say that user and assistant do not take turns, or that a system turn is not the first."""
    if any(turn.role == "system" for turn in turns[1:]):
        return "a system turn that is not the first"
    spoken = [turn.role for turn in turns if turn.role in {"user", "assistant"} and not turn.tool_calls]
    if spoken[:1] == ["assistant"] and len(spoken) > 1:
        return "a chat that the assistant opens"
    if any(one == other for one, other in pairwise(spoken)):
        return "two turns of one speaker in a row"
    return None


def no_answer(turns: tuple[Message, ...]) -> str | None:
    """Say that nothing is to be learned."""
    return None if any(turn.role == "assistant" for turn in turns) else "no assistant turn"


RULES: tuple[Callable[[tuple[Message, ...]], str | None], ...] = (empty_turn, wrong_order, no_answer)


class _Findings:
    """Gathers faults by their words."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, bool], list[str]] = {}
        self._counts: Counter[tuple[str, bool]] = Counter()
        self._seen: set[int] = set()

    def judge(self, row: ImportedRow, sample: Sample) -> None:
        """Note what is wrong with a sample's turns."""
        turns = sample.messages + ((sample.chosen,) if sample.chosen else ())
        for rule in RULES:
            if problem := rule(turns):
                self.add(row, problem, fatal=True)
        if sample.chosen is not None and sample.chosen == sample.rejected:
            self.add(row, "chosen and rejected are the same", fatal=True)
        key = hash((turns, sample.rejected))
        if key in self._seen:
            self.add(row, "the same turns as an earlier row", fatal=False)
        self._seen.add(key)

    def add(self, row: ImportedRow, problem: str, *, fatal: bool) -> None:
        """Note one fault."""
        key = (problem, fatal)
        self._counts[key] += 1
        if len(places := self._places.setdefault(key, [])) < EXAMPLES:
            places.append(row.place)

    def all(self) -> tuple[Finding, ...]:
        """Return what was noted, the most frequent first."""
        return tuple(
            Finding(problem, rows, tuple(self._places[problem, fatal]), fatal)
            for (problem, fatal), rows in self._counts.most_common()
        )
