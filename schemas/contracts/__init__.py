"""What a plug-in must be: a file here for each kind. A plug-in is one file, whose last line registers it."""

from schemas.contracts.filters import Ask, Filter, FilterEntry, FilterSetup, ModelFilter
from schemas.contracts.formats import Cell, Format, FormatEntry, FormatReader, FormatSetup, Row, Traits
from schemas.contracts.options import Options
from schemas.contracts.parsers import Parse, ParseOptions, ParserEntry
from schemas.contracts.providers import LLM, ModelCard, Price, ProviderEntry
from schemas.contracts.recipes import (
    Aid,
    Chooses,
    Consults,
    Links,
    Recipe,
    RecipeEntry,
    RecipeSetup,
    Scope,
    Shortens,
)

__all__ = [
    "LLM",
    "Aid",
    "Ask",
    "Cell",
    "Chooses",
    "Consults",
    "Filter",
    "FilterEntry",
    "FilterSetup",
    "Format",
    "FormatEntry",
    "FormatReader",
    "FormatSetup",
    "Links",
    "ModelCard",
    "ModelFilter",
    "Options",
    "Parse",
    "ParseOptions",
    "ParserEntry",
    "Price",
    "ProviderEntry",
    "Recipe",
    "RecipeEntry",
    "RecipeSetup",
    "Row",
    "Scope",
    "Shortens",
    "Traits",
]
