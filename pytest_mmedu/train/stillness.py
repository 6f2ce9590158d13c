"""停住 | Whether processes that train together have come to a stop: each waits for another, and none for ever ends.

A busy machine is no stop: what counts is that none has come a step further and none computes. Only a process that was
halted, or a connection that says nothing, leaves them like that. One that waits for another looks up thirty times a
second and computes 0.3 % of the time; that it waits for a processor then, on a busy machine, says nothing. One that
has something to compute gets more than that, on any machine that is still of use.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

_SELDOM = 0.5  # seconds between two looks
_ALMOST_NOTHING = 0.02  # part of the time
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
        if used is None or seen != self._seen or self._most(used) > _ALMOST_NOTHING * (now - self._since):
            self._since, self._seen, self._used = now, seen, used
        return now - self._since

    def _progress(self) -> list[int]:
        return [_touched(path) for path in self._steps]

    def _most(self, used: dict[int, float]) -> float:
        """Seconds that the busiest of them has computed since something went on."""
        before = self._used or {}
        return max(abs(seconds - before.get(pid, 0.0)) for pid, seconds in used.items())

    def _computing(self) -> dict[int, float] | None:
        """Seconds that each of those alive has computed; None where it is told of none of them."""
        found: dict[int, float] = {}
        for pid in self._processes:
            with suppress(OSError, ValueError):
                for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - names alone
                    ran = Path(f"/proc/{pid}/task/{thread}/schedstat").read_text("ascii").split()[0]
                    found[pid] = found.get(pid, 0.0) + int(ran) / _NANO
        return found or None


def _touched(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_mtime_ns
    return 0
