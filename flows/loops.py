"""Coroutines run to their end from plain functions, also in a notebook, where an event loop runs already."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")


def run_to_end(work: Coroutine[Any, Any, T]) -> T:
    """Return what `work` comes to."""
    return off_the_loop(partial(asyncio.run, work))


def off_the_loop(call: Callable[[], T]) -> T:
    """Return what `call` returns, called where no event loop runs: in a thread of its own if one runs here.

    It sees the caller's context variables; those that it sets are its own.
    """
    if not _loop_runs():
        return call()
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, call).result()


def _loop_runs() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
