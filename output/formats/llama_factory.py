"""`llama_factory`: conversations with the `dataset_info.json` that LLaMA-Factory looks for."""

from collections.abc import Mapping, Sequence

import orjson

from output.fitting import not_plain_chat
from output.formats.sharegpt import ShareGPT, read, recognises
from schemas.contracts import FormatEntry, FormatReader, Traits
from schemas.manifest import DatasetFile
from schemas.registry import formats

_TAGS = {
    "role_tag": "from",
    "content_tag": "value",
    "user_tag": "human",
    "assistant_tag": "gpt",
    "system_tag": "system",
}


def beside(files: Sequence[DatasetFile], traits: Traits) -> Mapping[str, str]:  # noqa: ARG001  # the contract's
    """Return `dataset_info.json`, with an entry per file."""
    entries = {
        file.path.split(".")[0]: {
            "file_name": file.path,
            "formatting": "sharegpt",
            "columns": {"messages": "conversations"},
            "tags": _TAGS,
        }
        for file in files
    }
    return {"dataset_info.json": orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode() + "\n"}


formats.add(
    "llama_factory",
    FormatEntry(
        ShareGPT,
        "conversations with dataset_info.json, for LLaMA-Factory",
        not_plain_chat,
        FormatReader(recognises, read),
        beside,
    ),
)
