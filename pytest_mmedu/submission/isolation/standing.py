"""先搭好的盒子 | A box of bubblewrap's that stands before anything runs in it: a process from outside joins it.

The same box as for a fresh process, anew for each program, with nothing in it but a `cat` that waits for the judge.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.isolation._joining import spaces_of
from pytest_mmedu.submission.isolation.bubblewrap import NamespacesLevel, box

_WAITS = "cat"  # says back what it hears: then the box is ready; and it ends when the judge is gone
_START_SECONDS = 30.0
_DYING_SECONDS = 30.0


@dataclass(frozen=True)
class Standing:
    """`pid` is bubblewrap's own process. `first` is a handle on the first process in the box, which is in `spaces`."""

    pid: int
    first: int
    spaces: list[str]


@contextmanager
def standing_box(level: NamespacesLevel, area: Area) -> Iterator[Standing]:
    """A box around the area. Afterwards everything in it is dead, whoever started it.

    Raises:
        OSError: it does not start.
    """
    hear, say = os.pipe()
    command = [*box(level.program, area), *level.more, "--info-fd", str(say), "--", _WAITS]
    with os.fdopen(hear, "rb") as told:
        try:
            child = subprocess.Popen(
                command,
                cwd=area.work,
                env=area.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=[say],
                start_new_session=True,
            )
        finally:
            os.close(say)
        with child:
            try:
                number = _number_of_first(child, told)
                first = os.pidfd_open(number)
            except BaseException:
                child.kill()
                raise
            try:
                yield Standing(child.pid, first, spaces_of(number))
            finally:
                child.kill()  # the box dies with it
                _wait_for(first, _DYING_SECONDS)
                os.close(first)


def _number_of_first(child: subprocess.Popen[bytes], told: IO[bytes]) -> int:
    """Known at once, but the box is whole only when the `cat` in it answers."""
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(b".")
    child.stdin.flush()
    if not _wait_for(child.stdout.fileno(), _START_SECONDS) or not child.stdout.read(1):
        raise OSError("the box does not start")
    return int(json.loads(told.read())["child-pid"])


def _wait_for(handle: int, seconds: float) -> bool:
    ends = select.poll()
    ends.register(handle, select.POLLIN)
    return bool(ends.poll(seconds * 1000))
