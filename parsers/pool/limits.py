"""What a child process may use. Set inside the child, before it sees a file."""

import ctypes
import os
import resource
import signal
import sys

_MAX_OPEN_FILES = 64
_PR_SET_PDEATHSIG = 1
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")


def confine(memory_mb: int, parent: int) -> None:
    """Bound this process: memory, open files, nothing written, no network, no life after its parent."""
    _die_with(parent)
    memory = memory_mb * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_MAX_OPEN_FILES, _MAX_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)


def allow_cpu(seconds: float) -> None:
    """Let this process use `seconds` more of CPU time; past them the system ends it."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = usage.ru_utime + usage.ru_stime
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent + seconds) + 1, hard))


def _die_with(parent: int) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _refuse(event: str, facts: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN) or (event == "open" and _writes(facts)):
        raise PermissionError(f"parsers may not do this: {event}")


def _writes(facts: tuple[object, ...]) -> bool:
    """Whether an audited `open` (path, mode, flags) could change a file."""
    flags = facts[2]
    return isinstance(flags, int) and bool(flags & _WRITING)
