"""看管者 | On Linux, a small process between the judge and the student's program that outlives neither.

Orphans of the program become its children, so that a daemon cannot get away; when the judge dies, however suddenly,
everything below ends. It is forked before any library is loaded and costs a few milliseconds.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import FrameType

from pytest_mmedu.submission._prctl import adopt_orphans, end_with_parent
from pytest_mmedu.submission.tokens import SUPERVISED

_PATIENCE = 30  # seconds for killed processes to be gone


def supervise() -> None:
    """Returns in the process that is to run the program; the supervisor itself never returns."""
    if sys.platform != "linux" or _is_done_elsewhere():
        return
    judge = os.getppid()
    if not adopt_orphans():
        return
    signal.signal(signal.SIGTERM, _end_all)
    end_with_parent(signal.SIGTERM)
    if os.getppid() != judge:  # it died before the line above
        os._exit(1)
    program = os.fork()
    if program == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        adopt_orphans(False)
        return
    _wait_for(program)


def _is_done_elsewhere() -> bool:
    """A judge who died while the box was being made has left it without an end: nobody holds his lock then."""
    alive = os.environ.pop(SUPERVISED, "")
    if not alive:
        return False
    with suppress(OSError), Path(alive).open("rb") as lock:
        if is_free(lock.fileno()):
            os._exit(1)
    return True


def is_free(lock: int) -> bool:
    """Whether nobody holds the lock on this open file: the judge, who does as long as he lives, is gone."""
    import fcntl

    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _wait_for(program: int) -> None:
    """Collect orphans until the program itself ends, then end what it left and exit as it did."""
    while True:
        pid, status = os.waitpid(-1, 0)
        if pid == program:
            break
    _kill_children()
    if os.WIFSIGNALED(status):  # end by the same signal: the judge sees what the program ended with
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 1)


def _end_all(_number: int, _frame: FrameType | None) -> None:
    _kill_children()
    os._exit(1)


def _kill_children() -> None:
    """Orphans come up to this process: when it has no child left, nothing of the run is alive."""
    deadline = time.monotonic() + _PATIENCE
    while _reaped_and_some_left() and time.monotonic() < deadline:
        for child in _children():
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        time.sleep(0.001)


def _reaped_and_some_left() -> bool:
    try:
        while os.waitpid(-1, os.WNOHANG) != (0, 0):
            pass
    except ChildProcessError:
        return False
    return True


def _children() -> Iterator[int]:
    """The direct ones. Read here and not by psutil: that raises when a process ends under its eyes."""
    me = os.getpid()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                facts = (entry / "stat").read_bytes()
                if int(facts.rpartition(b")")[2].split()[1]) == me:
                    yield int(entry.name)
