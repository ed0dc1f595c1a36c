"""Ctrl-C and SIGTERM as the wish to stop: what is paid for is kept, and the folder goes on later."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from flows.stages.job import Stop


@contextmanager
def stopped_by_signals(stop: Stop) -> Iterator[None]:
    """Turn the first signal into `stop.wish()`; a second one ends the process at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    earlier = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def wish(number: int, _frame: FrameType | None) -> None:
        signal.signal(number, earlier[signal.Signals(number)])
        stop.wish()

    for number in earlier:
        signal.signal(number, wish)
    try:
        yield
    finally:
        for number, handler in earlier.items():
            signal.signal(number, handler)
