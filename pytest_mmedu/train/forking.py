"""分出训练的进程 | Forks of this process that train together: the libraries are loaded in them already. Linux only."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable
from typing import IO, Any

from pytest_mmedu.train.launching import stop_without

Work = Callable[[Any], int]


def can_fork(device: str) -> bool:
    """A fork is whole only where this process has one thread, and CUDA does not survive one."""
    if sys.platform != "linux" or device != "cpu":
        return False
    try:
        return len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names alone
    except OSError:  # a box without /proc
        return False


class Fork:
    """`work` is run in it with `job`, and its result is the exit code."""

    def __init__(self, work: Work, job: Any) -> None:
        self._code: int | None = None
        hear, say = os.pipe()
        held, self._alive = os.pipe()
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()  # what waits in it would be printed by each fork as well
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._alive)
            os.close(hear)
            _run_in_fork(work, job, held, say)
        os.close(held)
        os.close(say)
        self.printed: IO[bytes] = os.fdopen(hear, "rb", 0)

    def ended(self) -> int | None:
        if self._code is None:
            self._code = self._waited(os.WNOHANG)
        return self._code

    def end(self) -> None:
        if self.ended() is None:
            os.kill(self.pid, signal.SIGKILL)
            self._code = self._waited(0)
        os.close(self._alive)
        self.printed.close()

    def _waited(self, how: int) -> int | None:
        try:
            pid, status = os.waitpid(self.pid, how)
        except ChildProcessError:  # somebody else has waited for it: only its last words can tell
            return 1
        return os.waitstatus_to_exitcode(status) if pid else None


def _run_in_fork(work: Work, job: Any, held: int, say: int) -> None:
    """Never returns: what the forked program would do next is not the fork's business."""
    code = 1
    try:
        stop_without(held)
        os.dup2(say, 1)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        code = work(job)
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - nothing may come back to the program that was forked
        traceback.print_exc()
    os._exit(code)
