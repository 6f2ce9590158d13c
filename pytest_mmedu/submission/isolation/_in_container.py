"""容器里的第一个进程 | The first process of a container: all in it ends with this one. Never imported by the judge.

python -I -B _start.py pytest_mmedu.submission.isolation._in_container <the judge's lock> command …

A container is no child of the judge: that he is gone is seen by the lock that he holds as long as he lives.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from pytest_mmedu.submission._supervise import is_free
from pytest_mmedu.submission.isolation._kernel_rules import forbid_boxes_within
from pytest_mmedu.submission.tokens import SUPERVISED

_SIGNALLED = 128
_SHORTLY, _LOOKS_BETWEEN = 0.005, 50  # seconds between two looks whether it has ended; of those for one at the lock


def main(alive: str, *command: str) -> None:
    forbid_boxes_within()
    program = os.fork()
    if program == 0:
        os.environ[SUPERVISED] = alive  # nothing outlives this process anyway
        os.execv(command[0], command)
    with Path(alive).open("rb") as lock:
        looks = 0
        while True:
            ended = _reaped(program)
            if ended is not None:
                os._exit(ended)
            if looks % _LOOKS_BETWEEN == 0 and is_free(lock.fileno()):
                os._exit(1)
            looks += 1
            time.sleep(_SHORTLY)


def _reaped(program: int) -> int | None:
    """The program's exit code, as shells give it, once it has ended; orphans that ended are put away."""
    while True:
        pid, status = os.waitpid(-1, os.WNOHANG)
        if pid == 0:
            return None
        if pid == program:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else _SIGNALLED - code
