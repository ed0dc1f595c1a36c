"""`torchtune`: chats with the lines of configuration that point torchtune at them."""

from collections.abc import Mapping, Sequence

import yaml

from output.fitting import not_plain_chat
from output.formats.messages import Messages, read_chat, recognises
from schemas.contracts import FormatEntry, FormatReader, Traits
from schemas.manifest import DatasetFile
from schemas.registry import formats


def beside(files: Sequence[DatasetFile], traits: Traits) -> Mapping[str, str]:  # noqa: ARG001  # the contract's
    """Return `torchtune.yaml`: the `dataset` part of a recipe's configuration."""
    paths = [file.path for file in files if file.split == "train"]
    if not paths:
        return {}
    dataset = {
        "_component_": "torchtune.datasets.chat_dataset",
        "source": "parquet" if paths[0].endswith(".parquet") else "json",
        "data_files": paths,
        "split": "train",
        "conversation_column": "messages",
        "conversation_style": "openai",
    }
    return {"torchtune.yaml": yaml.safe_dump({"dataset": dataset}, sort_keys=False)}


formats.add(
    "torchtune",
    FormatEntry(
        Messages,
        "chats with torchtune.yaml, for torchtune",
        not_plain_chat,
        FormatReader(recognises, read_chat),
        beside,
    ),
)
