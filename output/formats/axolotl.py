"""`axolotl`: chats with the lines of configuration that point Axolotl at them."""

from collections.abc import Mapping, Sequence

import yaml

from output.fitting import not_plain_chat
from output.formats.messages import Messages, read_chat, recognises
from schemas.contracts import FormatEntry, FormatReader, Traits
from schemas.manifest import DatasetFile
from schemas.registry import formats


def beside(files: Sequence[DatasetFile], traits: Traits) -> Mapping[str, str]:  # noqa: ARG001  # the contract's
    """Return `axolotl.yaml`: the `datasets` part of a configuration."""
    entries: dict[str, list[dict[str, object]]] = {}
    for file in files:
        if file.split != "test":
            key = "datasets" if file.split == "train" else "test_datasets"
            kind = "parquet" if file.path.endswith(".parquet") else "json"
            entry: dict[str, object] = {
                "path": file.path,
                "ds_type": kind,
                "type": "chat_template",
                "field_messages": "messages",
                "message_property_mappings": {"role": "role", "content": "content"},
            }
            entries.setdefault(key, []).append(entry | ({} if key == "datasets" else {"split": "train"}))
    return {"axolotl.yaml": yaml.safe_dump(entries, sort_keys=False)}


formats.add(
    "axolotl",
    FormatEntry(
        Messages,
        "chats with axolotl.yaml, for Axolotl",
        not_plain_chat,
        FormatReader(recognises, read_chat),
        beside,
    ),
)
