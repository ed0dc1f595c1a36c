"""`custom`: columns of your own, each a template in the settings."""

from typing import TYPE_CHECKING

from output.chats import chat_of
from output.templates import compiled, rendered
from output.turns import Turns
from schemas.contracts import FormatEntry, FormatSetup, Row, Traits
from schemas.errors import SettingsError
from schemas.registry import formats
from schemas.samples import Sample

if TYPE_CHECKING:
    import pyarrow as pa


class Custom:
    """Rows with a text column per template. Templates see `messages`, `question`, `answer`, `reasoning`,
    `chosen`, `rejected`, `evidence`, `recipe`, `kind`, `language`, `tools` and `id`."""

    def __init__(self, setup: FormatSetup) -> None:
        if not setup.settings.custom:
            problem = "the custom format needs columns, as in: custom: {text: '{{ question }} {{ answer }}'}"
            raise SettingsError("output.custom", problem)
        self._setup = setup
        self._templates = {
            name: compiled(source, f"output.custom.{name}") for name, source in setup.settings.custom.items()
        }

    def row(self, sample: Sample) -> Row:
        """Return the sample's row."""
        chat = chat_of(sample, self._setup.settings) if sample.chosen is None else None
        values = {
            "messages": Turns(Traits()).rows(chat.turns if chat else sample.messages),
            "question": sample.question,
            "answer": chat.completion.content if chat else sample.answer,
            "reasoning": sample.reasoning if chat is None else chat.reasoning,
            "chosen": sample.chosen.content if sample.chosen else None,
            "rejected": sample.rejected.content if sample.rejected else None,
            "evidence": [span.quote for span in sample.evidence],
            "recipe": sample.recipe,
            "kind": sample.kind,
            "language": sample.language,
            "tools": sample.tools,
            "id": sample.id,
        }
        return {
            name: rendered(template, values, f"output.custom.{name}")
            for name, template in self._templates.items()
        }

    def arrow_schema(self) -> "pa.Schema":
        """Return the rows' columns."""
        import pyarrow as pa

        return pa.schema([(name, pa.string()) for name in self._templates])


def misfit(sample: Sample) -> str | None:
    """Say what of a sample cannot be held: the templates make text only."""
    return "images" if sample.pictures else None


formats.add("custom", FormatEntry(Custom, "columns of your own, by templates in the settings", misfit))
