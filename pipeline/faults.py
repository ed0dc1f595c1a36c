"""What goes wrong with an object store: an OSError of one line, and patience with what passes by itself."""

import errno
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

T = TypeVar("T")

# How long a run that has begun waits for a store that is away.
PATIENCE_S = 120.0
_PAUSES_S = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
# What the stores' clients raise that is no OSError: that the way there is cut, and all else.
_CUT_OFF = (
    ("botocore.exceptions", "HTTPClientError"),
    ("aiohttp", "ClientConnectionError"),
    ("aiohttp", "ClientPayloadError"),
    ("azure.core.exceptions", "ServiceRequestError"),
    ("azure.core.exceptions", "ServiceResponseError"),
    ("google.auth.exceptions", "TransportError"),
)
_CLIENTS = (
    ("botocore.exceptions", "BotoCoreError"),
    ("aiohttp", "ClientError"),
    ("azure.core.exceptions", "AzureError"),
    ("google.auth.exceptions", "GoogleAuthError"),
)
# What is left of a refusal where the answer has no body.
_BARE = {"Bad Request", "Forbidden"}
# How they say that a store is busy, or has a fault of its own.
_PASSING = {errno.EBUSY, errno.EIO, getattr(errno, "EREMOTEIO", errno.EIO)}


class StoreFault(OSError):
    """An object store that is down, unknown, or refuses. `passing` is a fault that time may mend."""

    passing = False


@contextmanager
def store_faults(*, writing: bool = False) -> Iterator[None]:
    """Have what a store's client raises be an OSError of one line.

    A write that finds nothing has no bucket; a read that finds nothing raises FileNotFoundError.
    """
    try:
        yield
    except StoreFault:
        raise
    except (FileNotFoundError, FileExistsError) as error:
        if writing and isinstance(error, FileNotFoundError):
            raise _fault(error) from error
        raise
    except OSError as error:
        raise _fault(error) from error
    except _loaded(_CLIENTS) as error:
        raise _fault(error) from error


def patiently(work: Callable[[], T], patience_s: float, *, writing: bool = False) -> T:
    """Return what `work` returns, tried again for as long where the store's fault is one that passes.

    Raises:
        StoreFault: it did not pass, or it is another.
        FileNotFoundError, FileExistsError: as `store_faults` does.
    """
    began = time.monotonic()
    for pause_s in _pauses():
        try:
            with store_faults(writing=writing):
                return work()
        except StoreFault as fault:
            if not fault.passing or time.monotonic() - began >= patience_s:
                raise
        time.sleep(pause_s)
    raise AssertionError("pauses have no end")


def _pauses() -> Iterator[float]:
    yield from _PAUSES_S
    while True:
        yield _PAUSES_S[-1]


def _fault(error: Exception) -> StoreFault:
    said = error.strerror if isinstance(error, OSError) and error.strerror else error
    text = " ".join(str(said).split()) or type(error).__name__
    if text in _BARE:
        text += ", as with credentials that are wrong or have expired"
    fault = StoreFault(0, f"the store says: {text}")
    cut_off = isinstance(error, (ConnectionError, TimeoutError, *_loaded(_CUT_OFF)))
    fault.passing = cut_off or (isinstance(error, OSError) and error.errno in _PASSING)
    return fault


def _loaded(names: tuple[tuple[str, str], ...]) -> tuple[type[Exception], ...]:
    modules = ((sys.modules.get(module), name) for module, name in names)
    return tuple(getattr(module, name) for module, name in modules if hasattr(module, name))
