"""`llama_factory`: conversations with the `dataset_info.json` that LLaMA-Factory looks for."""

from collections.abc import Mapping, Sequence

import orjson

from output.formats.sharegpt import ShareGPT, misfit, read, recognises
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


def beside(files: Sequence[DatasetFile], traits: Traits) -> Mapping[str, str]:
    """Return `dataset_info.json`, with an entry per file."""
    columns = {"messages": "conversations"} | ({"images": "images"} if traits.images else {})
    entries = {
        file.path.split(".")[0]: {
            "file_name": file.path,
            "formatting": "sharegpt",
            "columns": columns,
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
        misfit,
        FormatReader(recognises, read),
        beside,
    ),
)
