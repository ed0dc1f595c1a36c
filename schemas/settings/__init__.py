"""The settings: one strict model, and the only home of defaults. One file for each section.

The YAML file, the command line and Python use the same names. Secrets are never settings: they come from
environment variables.
"""

from schemas.settings.addresses import BaseUrl
from schemas.settings.budget import BudgetSettings
from schemas.settings.embeddings import EmbeddingSettings
from schemas.settings.endpoints import Endpoint
from schemas.settings.judge import JudgeKind, JudgeSettings, Juror, RewardRoute, RewardScale
from schemas.settings.layers import load_settings
from schemas.settings.llm import LLMSettings
from schemas.settings.output import OutputSettings
from schemas.settings.parse import ParseSettings
from schemas.settings.partitions import PartitionSettings
from schemas.settings.passages import PassageSettings
from schemas.settings.prices import ChatPriceSettings, PriceSettings
from schemas.settings.run import Settings
from schemas.settings.select import SelectSettings
from schemas.settings.split import SplitSettings

__all__ = [
    "BaseUrl",
    "BudgetSettings",
    "ChatPriceSettings",
    "EmbeddingSettings",
    "Endpoint",
    "JudgeKind",
    "JudgeSettings",
    "Juror",
    "LLMSettings",
    "OutputSettings",
    "ParseSettings",
    "PartitionSettings",
    "PassageSettings",
    "PriceSettings",
    "RewardRoute",
    "RewardScale",
    "SelectSettings",
    "Settings",
    "SplitSettings",
    "load_settings",
]
