"""启动训练的进程 | Starts fresh processes that train together, where forks of this one cannot be had (`forking`).

A fork has the libraries loaded already, a fresh process needs seconds for them. Each holds the end of a pipe and stops
when this process is gone. What they print goes the other way, and from here to wherever this process prints.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Protocol

import pytest_mmedu

_START = Path(pytest_mmedu.__file__).with_name("submission") / "_start.py"
_RANK = "pytest_mmedu.train._rank"


class Process(Protocol):
    """One of them. `printed` is read to its end."""

    pid: int
    printed: IO[bytes]

    def ended(self) -> int | None:
        """The exit code, negative for a signal; None while it runs."""
        ...

    def end(self) -> None:
        """At once; it is gone afterwards."""
        ...


class Fresh:
    """A Python of its own that is told its job."""

    def __init__(self, job: Any) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-I", "-B", "-X", "utf8", str(_START), _RANK],
            bufsize=0,  # else nobody could close what somebody reads
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pid = self._child.pid
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        self.printed: IO[bytes] = self._child.stdout
        self._told = self._child.stdin
        left = memoryview(pickle.dumps((sys.path, job)))
        with suppress(OSError):  # it is gone already: `ended` tells
            while left:
                left = left[self._told.write(left) :]

    def ended(self) -> int | None:
        return self._child.poll()

    def end(self) -> None:
        self._child.kill()
        self._child.wait()
        with suppress(OSError):
            self._told.close()
        self.printed.close()


def stop_without(held: int) -> None:
    """End this process when the other end of the pipe is closed: the one that started it is gone."""

    def wait() -> None:
        with suppress(OSError):
            while os.read(held, 1):
                pass
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
