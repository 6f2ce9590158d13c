"""看着程序运行 | Watches a running program: its time, its output, its memory, its processes and its files."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.disk_use import used_part
from pytest_mmedu.submission.limits import How, Limits
from pytest_mmedu.submission.output import Output
from pytest_mmedu.submission.tree import Tree

_OFTEN = 0.05  # seconds between two looks at the program
_CLOSELY = 0.005  # when much is used: four processes fill 200 MB in 50 ms
_NEAR = 0.5  # part of the limit
_SELDOM = 0.25  # seconds between two looks at the whole tree: that takes milliseconds
_MUCH_WAITING, _ALMOST_ALL, _LONGEST = 0.25, 0.75, 3  # parts of the limit on time, and how often the whole of it
_SHARE = 10  # a look that took long is followed by a pause so many times as long


def watch(wait: Callable[[float], bool], looks: Looks, output: Output, started: Path) -> tuple[How, float]:
    """Wait until the program ends or breaks a limit, and say how many seconds it ran without loading.

    `wait` tells whether it has ended, after so many seconds at most.
    """
    begin, loaded, limits = time.monotonic(), False, looks.limits
    while True:
        if wait(looks.pause):
            return ("exited" if loaded or started.exists() else "not started"), time.monotonic() - begin
        now = time.monotonic()
        if not loaded and started.exists():
            loaded, begin = True, now
            looks.begin()
        lasted = now - begin
        if not loaded and lasted > limits.start_seconds:
            return "not started", lasted
        late = looks.out_of_time(lasted) if loaded and lasted > limits.seconds else None
        if late is not None:
            return late, lasted
        if output.flooded:
            return "output", now - begin
        broken = looks.look(now)
        if broken is not None:
            return broken, now - begin


def out_of_time(limit: float, lasted: float, used: float, waited: float) -> How | None:
    """On a busy machine a program may last longer, by what it had to wait for a processor; None: go on.

    used, waited  seconds that it computed, and that it could have computed if there had been a processor
    """
    if waited < _MUCH_WAITING * limit or used > _ALMOST_ALL * limit:
        return "time"
    return "busy" if lasted > _LONGEST * limit else None


class Looks:
    """Looks at what cannot be limited beforehand, seldom enough to cost little."""

    def __init__(self, tree: Tree, area: Area, limits: Limits) -> None:
        self._tree, self._area, self.limits = tree, area, limits
        self._next, self._next_disk, self._next_exact = time.monotonic() + _SELDOM, 0.0, 0.0
        self._loading = (0.0, 0.0)
        self._much = {"memory": False, "disk": False}

    @property
    def pause(self) -> float:
        """Seconds until the next look: short when a limit is near."""
        return _CLOSELY if any(self._much.values()) else _OFTEN

    def begin(self) -> None:
        """Loading is over: what it took counts no more."""
        self._loading = self._tree.computing()

    def out_of_time(self, lasted: float) -> How | None:
        """After the limit: whether the program has had its time, or another program had it."""
        used, waited = (now - before for now, before in zip(self._tree.computing(), self._loading, strict=True))
        return out_of_time(self.limits.seconds, lasted, used, waited)

    def look(self, now: float) -> How | None:
        """The limit that is broken. Each kind has its own pace: what fills fast is looked at often."""
        return self._memory(now) or self._disk(now) or self._tree_as_a_whole(now)

    def _memory(self, now: float) -> How | None:
        """Each time, where that costs little; closely, when half of it is used."""
        memory_mb = self._tree.resident_mb()
        self._much["memory"] = self._too_large(memory_mb / _NEAR)
        if self._too_large(memory_mb) and now >= self._next_exact:
            if self._too_large(self._exact_mb()):
                return "memory"
            self._next_exact = _after(now)
        return None

    def _disk(self, now: float) -> How | None:
        if now < self._next_disk:
            return None
        used = used_part(self._area.written_to, self.limits.disk_mb, self.limits.files)
        self._much["disk"] = used > _NEAR
        self._next_disk = _after(now, self.pause)
        return "disk" if used > 1 else None

    def _tree_as_a_whole(self, now: float) -> How | None:
        if now < self._next:
            return None
        number, memory_mb = self._tree.size()
        self._next = _after(now, _SELDOM)
        if number > self.limits.processes:
            return "processes"
        return "memory" if self._too_large(memory_mb) and self._too_large(self._exact_mb()) else None

    def _exact_mb(self) -> float:
        """Pages that forks share counted once, where the system tells; else in each of them."""
        with self._tree.halted():
            return self._tree.exact_mb() or self._tree.size()[1]

    def _too_large(self, memory_mb: float) -> bool:
        return memory_mb > (self.limits.memory_mb or float("inf"))


def _after(began: float, least: float = 0.0) -> float:
    """When to look again after a look that has just ended."""
    now = time.monotonic()
    return now + max(least, _SHARE * (now - began))
