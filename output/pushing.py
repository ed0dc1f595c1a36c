"""A finished dataset to where others find it: the Hugging Face hub, or an object store."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from output.files import sha256_of
from output.hub import ENDPOINT_VARIABLE, TOKEN_VARIABLE
from output.images import STALE_IMAGES
from output.placing import CHECKSUMS, listed_checksums
from schemas.errors import RunFolderError, SettingsError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem


@dataclass(frozen=True, slots=True)
class Parcel:
    """The files of a dataset that are sent, the one that makes it whole last, and their size."""

    folder: Path
    names: tuple[str, ...]
    size_bytes: int


def parcel(folder: Path) -> Parcel:
    """Return what is to be sent of a dataset, once its checksums are proven.

    Raises:
        RunFolderError: it is no dataset of ours, a file is missing, or one is not what was written.
    """
    digests = listed_checksums(folder)
    if not digests:
        raise RunFolderError(str(folder), f"holds no {CHECKSUMS}; give a folder that tunesmith wrote")
    for name, digest in digests.items():
        if not (folder / name).is_file() or sha256_of(folder / name) != digest:
            raise RunFolderError(str(folder / name), "is missing or was changed; export the dataset again")
    rows_first = sorted(digests, key=lambda name: (name == "README.md", name))
    names = (*rows_first, CHECKSUMS)
    return Parcel(folder, names, sum((folder / name).stat().st_size for name in names))


# Of what an earlier push left there, only files that an export writes: a repository may hold other things.
STALE = ["train-*", "validation-*", "test-*", STALE_IMAGES]


def push_to_hub(sent: Parcel, repo: str, *, public: bool = False) -> str:
    """Put a dataset into a hub repository with one commit, and return its address.

    A new repository is private unless `public`. Files of an earlier dataset go with the same commit.

    Raises:
        SettingsError: the token or the package is missing.
        RunFolderError: the hub refuses; the repository's dataset is as before.
    """
    try:
        from huggingface_hub import HfApi
    except ModuleNotFoundError as error:
        problem = "needs huggingface_hub; install it with: pip install 'tunesmith[hub]'"
        raise SettingsError("push", problem) from error
    token = os.environ.get(TOKEN_VARIABLE)
    if not token:
        raise SettingsError("push", f"there is no token; set the environment variable {TOKEN_VARIABLE}")
    hub = HfApi(endpoint=os.environ.get(ENDPOINT_VARIABLE), token=token, library_name="tunesmith")
    try:
        hub.create_repo(repo, repo_type="dataset", private=not public, exist_ok=True)
        commit = hub.upload_folder(
            repo_id=repo,
            repo_type="dataset",
            folder_path=sent.folder,
            allow_patterns=list(sent.names),
            delete_patterns=STALE,
            commit_message="Write the dataset",
        )
    except (OSError, ValueError) as error:  # what the client raises for networks, refusals and bad names
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise RunFolderError(repo, f"the hub did not take it ({reason})") from error
    return str(commit.commit_url)


def push_to_store(sent: Parcel, address: str) -> str:
    """Copy a dataset to any fsspec address, and return the address.

    The checksums go last: where they are, all is there. What an aborted copy sent is removed.

    Raises:
        SettingsError: the store's package is missing.
        RunFolderError: the address holds something already, or the store refuses.
    """
    store, root = _store(address)
    try:
        if store.exists(root) and store.find(root):
            raise RunFolderError(address, "holds files already; choose another address")
        _send(store, sent, root)
    except _store_faults() as error:
        raise RunFolderError(address, f"cannot be written ({error})") from error
    return address


def _send(store: "AbstractFileSystem", sent: Parcel, root: str) -> None:
    begun: list[str] = []
    try:
        for name in sent.names:
            begun.append(f"{root}/{name}")
            store.put_file(str(sent.folder / name), begun[-1])
    except BaseException:
        store.invalidate_cache()
        for path in begun:
            if store.exists(path):
                store.rm_file(path)
        raise


def _store(address: str) -> "tuple[AbstractFileSystem, str]":
    try:
        import fsspec

        store, root = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        problem = f"{address}: {error}; install what it takes with: pip install 'tunesmith[cloud]'"
        raise SettingsError("push", problem) from error
    return store, root.rstrip("/")


def _store_faults() -> tuple[type[Exception], ...]:
    """Return what stores raise: S3's client has errors of its own, as where there are no credentials."""
    try:
        from botocore.exceptions import BotoCoreError
    except ModuleNotFoundError:
        return (OSError,)
    return (OSError, BotoCoreError)
