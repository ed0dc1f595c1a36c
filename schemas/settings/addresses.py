"""The address of an endpoint, as settings take it."""

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

_PAGES = ("/chat/completions", "/completions", "/responses", "/embeddings", "/models", "/batches", "/files")


def _address(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    if "@" in url.partition("://")[2].partition("/")[0]:
        raise ValueError(
            "holds a user name or a key, which would be written down; keys come from the environment"
        )
    if "?" in url or "#" in url:
        raise ValueError("must end before its ?; what stands there would be written down, keys too")
    page = next((page for page in _PAGES if url.rstrip("/").endswith(page)), None)
    if page:
        raise ValueError(f"is one page of an API; leave out {page}: {url.rstrip('/').removesuffix(page)}")
    _check_host(url)
    return url


def _check_host(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"is no address: {error}") from error
    if not host or port == 0 or any(character.isspace() for character in url):
        raise ValueError("names no host, as in http://localhost:8000/v1")


BaseUrl = Annotated[str, AfterValidator(_address)]
