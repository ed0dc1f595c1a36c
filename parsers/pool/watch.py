"""Ends a child process that hangs. One that works is left alone: its CPU time has a limit of its own.

On a machine with more work than cores a child waits for its turn, and time on the wall says nothing about the
file. So a child hangs only if it hardly computes at all, from one look at it to the next.
"""

import os
import subprocess
from pathlib import Path
from threading import Lock, Timer

_WORKING_SHARE = 0.005  # of a core: as much as a child still gets where 200 want one
_BLIND_TIMES = 10  # where the system does not tell CPU times
_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
_USER_AND_SYSTEM = slice(11, 13)  # behind the name, in the fields of proc_pid_stat(5)


class Watch:
    """Looks at a process every `patience_s` seconds, and kills it when it has done nothing since."""

    def __init__(self, process: subprocess.Popen[bytes], patience_s: float) -> None:
        self.hung = False
        self._process = process
        self._patience_s = patience_s
        self._spent_s = cpu_s(process.pid)
        self._timer: Timer | None = None
        self._changing = Lock()
        self._stopped = False

    def start(self) -> None:
        """Look again when the patience is over."""
        blind = self._spent_s is None
        with self._changing:
            if self._stopped:
                return
            self._timer = Timer(self._patience_s * (_BLIND_TIMES if blind else 1), self._look)
            self._timer.daemon = True
            self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        with self._changing:
            self._stopped = True
            if self._timer:
                self._timer.cancel()

    def _look(self) -> None:
        before, self._spent_s = self._spent_s, cpu_s(self._process.pid)
        works = before is not None and self._spent_s is not None
        if works and (self._spent_s or 0) - (before or 0) >= _WORKING_SHARE * self._patience_s:
            self.start()
            return
        with self._changing:
            if not self._stopped:
                self.hung = True
                self._process.kill()


def cpu_s(pid: int) -> float | None:
    """Return the CPU seconds that a process has used, None where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[_USER_AND_SYSTEM])) / _TICKS_PER_S
    except (OSError, ValueError):
        return None
