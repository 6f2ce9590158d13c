"""一个进程和它的所有后代 | A process with everything that it started: measured together, ended together.

Children that broke away (a new session, a dead parent) are found again by the run's token in their environment.
On Linux the child's own supervisor (`_supervise.py`) keeps them in reach anyway.
"""

from __future__ import annotations

import mmap
import os
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.submission.tokens import TOKEN

if TYPE_CHECKING:
    import psutil

_MB = 1 << 20
_PAGE, _KB_IN_MB, _NANO = mmap.PAGESIZE, 1024, 10**9
_ROUNDS = 50  # a fork bomb needs more than one
_PATIENCE = 2.0  # seconds for a killed process to be gone
_SHORTLY = 0.002
_LISTS_CHILDREN = Path("/proc/thread-self/children").exists()  # Linux, on most machines


class Tree:
    """`more`: processes that belong to it without being its children. `around`: one whose children all belong to it.

    `elsewhere`: it has somebody else start what belongs to it, which is known by the token.
    """

    def __init__(
        self, pid: int, token: str, more: Sequence[int] = (), around: int | None = None, *, elsewhere: bool = False
    ) -> None:
        import psutil

        self._pid, self._token, self._around, self._elsewhere = pid, token, around, elsewhere
        self._seen: dict[int, psutil.Process] = {}
        for one in (pid, *more):
            with suppress(psutil.Error):
                self._seen[one] = psutil.Process(one)

    def size(self) -> tuple[int, float]:
        """Living members, and their resident MB; shared pages count in each, so that this is never too small."""
        import psutil

        number, total = 0, 0
        for process in self._members():
            with suppress(psutil.Error):
                total += process.memory_info().rss
                number += 1
        return number, total / _MB

    def resident_mb(self) -> float:
        """As `size`, for fractions of a millisecond; 0 where the system has no list of a process's children."""
        pages = 0
        for pid in self.descending():
            with suppress(OSError, ValueError, IndexError):
                pages += int(_read(f"/proc/{pid}/statm").split()[1])
        return pages * _PAGE / _MB

    def exact_mb(self) -> float:
        """Shared pages counted once, where the system tells: milliseconds for each member; else 0."""
        total = 0.0
        for pid in self.descending():
            with suppress(OSError, ValueError, IndexError):
                total += int(_read(f"/proc/{pid}/smaps_rollup").partition("\nPss:")[2].split()[0])
        return total / _KB_IN_MB

    def computing(self) -> tuple[float, float]:
        """Seconds that the living have computed, and have waited for a processor; 0 where the system does not tell."""
        used, waited = 0, 0
        for pid in self.descending():
            with suppress(OSError, ValueError):
                for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - several times faster
                    ran, was_ready, _ = map(int, _read(f"/proc/{pid}/task/{thread}/schedstat").split())
                    used, waited = used + ran, waited + was_ready
        return used / _NANO, waited / _NANO

    def descending(self) -> set[int]:
        """All that are known and all below them, as Linux lists them."""
        if self._elsewhere:
            found_there = {process.pid: process for process in self._marked()}
            self._seen.update(found_there)
            self._elsewhere = not found_there
        waiting, found = [*self._seen, *children_of(self._around)], set[int]()
        while waiting:
            pid = waiting.pop()
            if pid not in found:
                found.add(pid)
                waiting += children_of(pid)
        return found

    def end(self) -> None:
        """Kill all members until none is left; the oldest last, because it collects the orphans of the others."""
        import psutil

        self._halt()
        for _ in range(_ROUNDS):
            alive = self._alive()
            if not alive:
                return
            for process in sorted(alive, key=lambda one: one.pid == self._pid):
                with suppress(psutil.Error):
                    process.kill()
            _wait_for(alive)

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Nothing of it goes on meanwhile, on Linux: an exact look takes as long as filling some hundred MB."""
        self._halt()
        try:
            yield
        finally:
            self._go_on()

    def _halt(self) -> None:
        """What can be found at once goes on no more: looking for all takes milliseconds."""
        if sys.platform == "linux":
            for pid in self.descending():
                with suppress(OSError):
                    os.kill(pid, signal.SIGSTOP)

    def _go_on(self) -> None:
        if sys.platform == "linux":
            for pid in self.descending():
                with suppress(OSError):
                    os.kill(pid, signal.SIGCONT)

    def _alive(self) -> list[psutil.Process]:
        self._members()
        for process in self._marked():
            self._seen.setdefault(process.pid, process)
        return [process for process in self._seen.values() if _lives(process)]

    def _members(self) -> list[psutil.Process]:
        """Those known before and what descends from them; a child whose parent died is known from an earlier look.

        The system's processes are listed once for all members: a fork bomb has many.
        """
        import psutil

        self._seen = {pid: process for pid, process in self._seen.items() if process.is_running()}
        if not self._seen:
            return []
        if _LISTS_CHILDREN:
            for pid in self.descending() - self._seen.keys():
                with suppress(psutil.Error):
                    self._seen[pid] = psutil.Process(pid)
            return list(self._seen.values())
        others = [process for process in psutil.process_iter(["ppid"]) if process.pid not in self._seen]
        grows = True
        while grows:
            new = [process for process in others if process.info["ppid"] in self._seen]
            others = [process for process in others if process.info["ppid"] not in self._seen]
            self._seen.update((process.pid, process) for process in new)
            grows = bool(new)
        return list(self._seen.values())

    def _marked(self) -> Iterator[psutil.Process]:
        """Processes of this user that carry the run's token."""
        import psutil

        for process in psutil.process_iter():
            with suppress(psutil.Error, OSError):
                if process.environ().get(TOKEN) == self._token:
                    yield process


def _lives(process: psutil.Process) -> bool:
    """A zombie does nothing any more; who has to collect it may take his time."""
    import psutil

    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _wait_for(killed: list[psutil.Process]) -> None:
    latest = time.monotonic() + _PATIENCE
    while any(map(_lives, killed)) and time.monotonic() < latest:
        time.sleep(_SHORTLY)


def _read(path: str) -> str:
    with open(path, encoding="ascii") as file:  # noqa: PTH123 - several times faster
        return file.read()


def children_of(pid: int | None) -> list[int]:
    """The direct ones, where the system lists them."""
    found: list[int] = []
    if pid is not None:
        with suppress(OSError):
            for thread in os.listdir(f"/proc/{pid}/task"):  # noqa: PTH208 - several times faster
                found += map(int, _read(f"/proc/{pid}/task/{thread}/children").split())
    return found
