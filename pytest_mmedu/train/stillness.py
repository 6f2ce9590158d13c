"""停住 | Whether processes that train together have come to a stop: each waits for another, and none for ever ends.

A busy machine is no stop: what counts is that none has come a step further, none computes, and none waits for a
processor. Only a process that was halted, or a connection that says nothing, leaves them like that.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_SELDOM = 0.5  # seconds between two looks
_ALMOST_NOTHING = 0.1  # part of the time
_NANO = 1e9


class Stillness:
    """`steps` are files that each process touches when it begins a step."""

    def __init__(self, processes: Sequence[int], steps: Sequence[Path]) -> None:
        self._processes, self._steps = processes, steps
        self._next = 0.0
        self._since = time.monotonic()
        self._seen = self._progress()
        self._used = self._computing()

    def seconds(self) -> float:
        """For how long nothing has gone on; 0 where the system does not tell what processes do."""
        now = time.monotonic()
        if now < self._next or self._used is None:
            return 0.0
        self._next = now + _SELDOM
        seen, used = self._progress(), self._computing()
        if used is None or seen != self._seen or abs(used - self._used) > _ALMOST_NOTHING * (now - self._since):
            self._since, self._seen, self._used = now, seen, used
        return now - self._since

    def _progress(self) -> list[int]:
        return [_touched(path) for path in self._steps]

    def _computing(self) -> float | None:
        """Seconds that those alive have computed, or were ready to; None where it is told of none of them."""
        found = []
        for pid in self._processes:
            with suppress(OSError, ValueError):
                for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - names alone
                    ran, was_ready, _ = Path(f"/proc/{pid}/task/{thread}/schedstat").read_text("ascii").split()
                    found.append(int(ran) + int(was_ready))
        return sum(found) / _NANO if found else None


def _touched(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_mtime_ns
    return 0
