"""Datasets of the Hugging Face hub, fetched when somebody names one, and the hub's own settings."""

import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from schemas.errors import SettingsError, SourceNotFound

TOKEN_VARIABLE = "HF_TOKEN"  # noqa: S105  # the variable's name
ENDPOINT_VARIABLE = "HF_ENDPOINT"
_SCHEME = "hf://"
_PICTURES = ("*.png", "*.jpg", "*.jpeg", "*.gif", "*.bmp", "*.tif", "*.tiff", "*.webp")


def is_hub_address(address: str) -> bool:
    """Whether an address names a dataset of the hub: `hf://datasets/owner/name`, `@revision` if wanted."""
    return address.startswith(_SCHEME)


@lru_cache(maxsize=16)
def fetched(address: str, suffixes: Sequence[str]) -> Path:
    """Return a folder with the files of a hub dataset that end with `suffixes`, and its pictures.

    They come from the hub client's cache where they are there already. A gated or private one takes a token
    in `HF_TOKEN`.

    Raises:
        SettingsError: the package is missing.
        SourceNotFound: the hub has no such dataset, or cannot be reached.
    """
    try:
        from huggingface_hub import snapshot_download
    except ModuleNotFoundError as error:
        problem = "needs huggingface_hub; install it with: pip install 'tunesmith[hub]'"
        raise SettingsError("import", f"{address} {problem}") from error
    name, _, revision = address.removeprefix(_SCHEME).removeprefix("datasets/").partition("@")
    try:
        folder = snapshot_download(
            name.rstrip("/"),
            repo_type="dataset",
            revision=revision or None,
            endpoint=os.environ.get(ENDPOINT_VARIABLE),
            token=os.environ.get(TOKEN_VARIABLE) or False,
            cache_dir=os.environ.get("HF_HUB_CACHE"),
            allow_patterns=[*(f"*{suffix}" for suffix in suffixes), *_PICTURES],
            library_name="tunesmith",
        )
    except (OSError, ValueError) as error:  # what the client raises for networks, refusals and bad names
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise SourceNotFound(address, f"the hub did not give it ({reason})") from error
    return Path(folder)
