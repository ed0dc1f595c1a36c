"""The parent's side of one child process: started when needed, replaced when it dies."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Lock
from typing import BinaryIO, cast

from parsers.pool import wire
from parsers.pool.watch import Watch
from schemas.documents import Document
from schemas.errors import UnreadableDocument

_KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
_BOOT = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from parsers.pool.child import main; "
    "main(int(sys.argv[2]), int(sys.argv[3]))"
)
_START_S = 60.0
_LAST_BREATH_S = 0.5
_ENVELOPE_BYTES = 64 * 1024 * 1024


class Worker:
    """One child process at a time. Not for use by two threads at once."""

    def __init__(self, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = Lock()
        self._stopped = False

    def parse(self, job: wire.Job, content: bytes) -> Document:
        """Return the document.

        Raises:
            UnreadableDocument: there is none; the reason is the parser's, or says which limit was met.
        """
        process = self._started()
        if process is None:
            raise UnreadableDocument(job.source.uri, "stopped", "reading was stopped")
        with _watched(process, job.timeout_s) as watch:
            answer = self._ask(process, job, content)
        if answer is None:
            raise UnreadableDocument(job.source.uri, *self._cause(watch.hung, job.timeout_s))
        if answer.document is None:
            if answer.reason == "out_of_memory":
                self.close()
            raise UnreadableDocument(job.source.uri, answer.reason, answer.detail)
        return answer.document

    def close(self) -> None:
        """End the child process, whatever it does. The next file gets a new one."""
        if process := self._process:
            self._process = None
            process.kill()
            _reap(process)

    def stop(self) -> None:
        """End the child for good. The only call that another thread may make."""
        with self._starting:
            self._stopped = True
            if process := self._process:
                process.kill()

    def _started(self) -> subprocess.Popen[bytes] | None:
        with self._starting:
            if self._process is None and not self._stopped:
                self._process = self._start()
            return self._process

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-s", "-P", "-c", _BOOT, json.dumps(sys.path)]
        kept = {name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ}
        process = subprocess.Popen(  # noqa: S603  # our own interpreter and our own module
            [*command, str(self._memory_mb), str(os.getpid())],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONHASHSEED": "0", "PYTHONUTF8": "1", "TZ": "UTC"},
        )
        with _watched(process, _START_S):
            wire.receive(_streams(process)[1])  # its first message: ready, or dead, which the job will show
        return process

    def _ask(self, process: subprocess.Popen[bytes], job: wire.Job, content: bytes) -> wire.Answer | None:
        """Return the child's answer, None when it died over it."""
        inbox, outbox = _streams(process)
        try:
            wire.send_job(inbox, job, content)
            message = wire.receive(outbox, 2 * job.max_output_bytes + _ENVELOPE_BYTES)
            return wire.read_answer(message) if message else None
        except BrokenPipeError:
            return None
        except OverflowError:
            self.close()
            return wire.Answer(None, "output_too_large", "it unfolds past parse.max_output_mb")
        except ValueError as error:
            self.close()
            return wire.Answer(None, "crashed", f"its parser answered nonsense: {str(error)[:200]}")

    def _cause(self, hung: bool, timeout_s: float) -> tuple[str, str]:
        """Return reason and detail of the child's death, and clear it away."""
        process, self._process = self._process, None
        if process is None:
            return "crashed", "its parser was stopped"
        returncode = _reap(process)
        if returncode == -signal.SIGXCPU:
            return "timeout", f"parsing it takes more than {timeout_s:g} s of CPU time (parse.timeout_s)"
        if hung:
            return "timeout", f"its parser did nothing for {timeout_s:g} s (parse.timeout_s)"
        if returncode < 0:
            return "crashed", f"its parser died of {signal.Signals(-returncode).name}"
        return "crashed", f"its parser ended with exit code {returncode}"


def _reap(process: subprocess.Popen[bytes]) -> int:
    """End a process that is ending or idle, free its pipes, and return its exit code."""
    try:
        process.wait(timeout=_LAST_BREATH_S if process.poll() is None else 0)
    except subprocess.TimeoutExpired:
        process.kill()
    for stream in _streams(process):
        with suppress(BrokenPipeError):
            stream.close()
    return process.wait()


def _streams(process: subprocess.Popen[bytes]) -> tuple[BinaryIO, BinaryIO]:
    return cast("BinaryIO", process.stdin), cast("BinaryIO", process.stdout)  # both are pipes


@contextmanager
def _watched(process: subprocess.Popen[bytes], patience_s: float) -> Iterator[Watch]:
    """Kill the process when it hangs for `patience_s`; what is yielded knows whether it came to that."""
    watch = Watch(process, patience_s)
    watch.start()
    try:
        yield watch
    finally:
        watch.stop()
