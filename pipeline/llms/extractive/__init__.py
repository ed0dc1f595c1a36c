"""The built-in engine: true samples by rule, from what documents state outright. It is no language model."""

from schemas.contracts import LLM, ProviderEntry
from schemas.registry import providers


def connect(_model: str) -> LLM:
    """Return the engine. It has one model only, so the name is not used."""
    from pipeline.llms.extractive.engine import Extractive

    return Extractive()


providers.add(
    "extractive",
    ProviderEntry(
        "built in: no model, no key, no network; makes samples by rule from what documents state outright",
        connect=connect,
        is_language_model=False,
    ),
)
