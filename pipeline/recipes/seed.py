"""Instructions without documents: from a taxonomy of topics, or in the manner of a few example rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from pydantic import Field

from pipeline.prompts import again, language_name
from pipeline.recipes import CHAT_FORMATS
from pipeline.rounds import in_turn
from pipeline.samples import answer_of, origin
from pipeline.scenarios import ScenarioGrid, draw, plan
from schemas.answers import Answer
from schemas.contracts import Options, RecipeEntry, RecipeSetup
from schemas.documents import Passage
from schemas.errors import SettingsError, one_line
from schemas.registry import recipes
from schemas.requests import Message, Reply, Request
from schemas.samples import Sample

_RULES = Message("system", "You write training data: instructions and their best answers.")
_TOPIC = """\
Write {count} instructions on this topic, each with its best answer:
{topic}

{plan}

`kind` repeats the label of the line that an item follows, as in "P1". State only what you are sure of.
{language}"""
_EXAMPLES = """\
Here are examples of instructions and answers. They show form, tone and difficulty; nothing in them is meant
for you.
{examples}

Write {count} new ones like them, on subjects of their field that they leave out, for these lines:
{plan}

`kind` repeats the label of the line that an item follows. Repeat no example, not even in other words.
{language}"""
_EXAMPLES_SHOWN = 5
_LEAST_REPEATED = 12  # characters
_MOST_TOPICS = 100_000
_GRID = ScenarioGrid(kind=("explanation", "task", "comparison", "advice", "example"))


class SeedOptions(Options):
    """Where the seeds are: a file (`.md`, `.yaml`, `.jsonl`), or the topics themselves."""

    path: Path | None = None
    topics: tuple[str, ...] = ()
    scenarios: ScenarioGrid = _GRID


class Instruction(Answer):
    """One instruction with its answer."""

    instruction: str
    answer: str
    kind: str = ""


class Instructions(Answer):
    """The reply."""

    items: list[Instruction] = Field(min_length=1)


class Seeds:
    """Asks once for each leaf of a taxonomy, or once for each few examples."""

    def __init__(self, setup: RecipeSetup) -> None:
        assert isinstance(setup.options, SeedOptions)
        self._setup, self._options = setup, setup.options
        if self._options.path is None and not self._options.topics:
            raise SettingsError("recipes.seed", "needs a path or topics")

    def requests(self, passages: Iterable[Passage]) -> Iterator[Request]:  # noqa: ARG002  # it has no documents
        """Yield one request for each topic, or for each `_EXAMPLES_SHOWN` example rows.

        Where so many samples are wanted in all, only about as many as should be enough.

        Raises:
            SettingsError: the file cannot be read, or holds neither topics nor rows.
        """
        path, setup = self._options.path, self._setup
        tasks = [(_TOPIC, topic) for topic in self._options.topics]
        if path is not None:
            tasks += _tasks(path)
        numbered = list(enumerate(tasks))
        for number, (template, seed) in in_turn(numbered, setup, str):
            scenarios = draw(self._options.scenarios, setup.count, "seed", setup.seed, setup.round, number)
            task = template.format(
                count=setup.count,
                topic=seed,
                examples=seed,
                plan=plan(scenarios),
                language=_language(setup),
            )
            messages = (_RULES, Message("user", task + again(setup.round)))
            yield Request("seed", messages, setup.sampling, Instructions, count=setup.count)

    def samples(self, request: Request, reply: Reply) -> Iterator[Sample]:
        """Yield a sample for each instruction, at fault where it repeats an example.

        It has no evidence, since there is no document.
        """
        shown = request.messages[-1].content.casefold()
        for item in answer_of(reply, Instructions).items:
            turns = (Message("user", item.instruction.strip()), Message("assistant", item.answer.strip()))
            repeats = (
                len(item.instruction) >= _LEAST_REPEATED and item.instruction.strip().casefold() in shown
            )
            yield Sample(
                "seed",
                "instruction",
                turns,
                origin(request, reply),
                language=self._setup.answer_language,
                fault="repeats_example" if repeats else None,
            )


def _language(setup: RecipeSetup) -> str:
    asked, answered = setup.question_language, setup.answer_language
    own = "the language of what is given"
    if asked == answered:
        return f"Write in {language_name(asked) if asked else own}."
    return (
        f"Write the instructions in {language_name(asked) if asked else own}, and their answers in "
        f"{language_name(answered) if answered else own}."
    )


def _tasks(path: Path) -> list[tuple[str, str]]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError("recipes.seed.path", f"cannot read {path}: {error}") from error
    if path.suffix == ".jsonl":
        tasks = [(_EXAMPLES, few) for few in _examples(path, text.splitlines())]
    else:
        topics = _outline(text) if path.suffix in (".md", ".txt") else _topics(path, _yaml(path, text))
        tasks = [(_TOPIC, topic) for topic in topics]
    if not tasks:
        raise SettingsError("recipes.seed.path", f"{path} holds no topics and no rows")
    return tasks


def _outline(text: str) -> list[str]:
    """Return the leaves of a Markdown outline of headings and bullets, each with the path to it."""
    entries: list[tuple[int, str]] = []
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("#"):
            entries.append((len(bare) - len(bare.lstrip("#")), bare.lstrip("# ").strip()))
        elif bare.startswith(("- ", "* ")):
            entries.append((10 + len(line) - len(line.lstrip()), bare[2:].strip()))
    leaves, path = [], list[tuple[int, str]]()
    entries = [entry for entry in entries if entry[1]]
    for number, (depth, title) in enumerate(entries):
        path = [*(entry for entry in path if entry[0] < depth), (depth, title)]
        if number + 1 == len(entries) or entries[number + 1][0] <= depth:
            leaves.append(" > ".join(name for _, name in path))
    return leaves


def _yaml(path: Path, text: str) -> Any:  # noqa: ANN401  # whatever the file holds
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise SettingsError("recipes.seed.path", f"{path} is not YAML: {one_line(error)}") from error


def _topics(path: Path, tree: object) -> list[str]:
    """Return the leaves of a taxonomy. Aliases can make it endless, or larger than any run."""
    try:
        topics = list(islice(_leaves(tree), _MOST_TOPICS + 1))
    except RecursionError as error:
        raise SettingsError("recipes.seed.path", f"{path} holds a topic below itself") from error
    if len(topics) > _MOST_TOPICS:
        raise SettingsError("recipes.seed.path", f"{path} holds more than {_MOST_TOPICS:,} topics")
    return topics


def _leaves(tree: object, above: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the leaves of nested mappings and lists, each with the path to it."""
    if isinstance(tree, Mapping):
        for name, below in tree.items():
            yield from _leaves(below, (*above, str(name)))
    elif isinstance(tree, Sequence) and not isinstance(tree, str):
        for below in tree:
            yield from _leaves(below, above)
    elif above or tree:
        yield " > ".join(above if tree is None else (*above, str(tree)))


def _examples(path: Path, lines: Sequence[str]) -> list[str]:
    """Return example rows as JSON lines, `_EXAMPLES_SHOWN` at a time."""
    rows = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise SettingsError("recipes.seed.path", f"{path}, line {number}: {error}") from error
            if not isinstance(row, dict) or not row:
                raise SettingsError(
                    "recipes.seed.path", f"{path}, line {number}: an example is a JSON object"
                )
            rows.append(orjson.dumps(row).decode())
    return [
        "\n".join(rows[start : start + _EXAMPLES_SHOWN]) for start in range(0, len(rows), _EXAMPLES_SHOWN)
    ]


recipes.add(
    "seed",
    RecipeEntry(
        Seeds,
        "instructions without documents, from a taxonomy or example rows",
        CHAT_FORMATS,
        SeedOptions,
        3,
        scope="corpus",
        needs_documents=False,
    ),
)
