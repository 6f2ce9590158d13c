"""一个进程和它的所有后代 | A process with everything that it started: measured together, ended together.

Children that broke away (a new session, a dead parent) are found again by the run's token in their environment.
On Linux the child's own supervisor (`_supervise.py`) keeps them in reach anyway.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from pytest_mmedu.submission.area import TOKEN

if TYPE_CHECKING:
    import psutil

_MB = 1 << 20
_ROUNDS = 50  # a fork bomb needs more than one
_PATIENCE = 2.0  # seconds for a killed process to be gone


class Tree:
    def __init__(self, pid: int, token: str) -> None:
        import psutil

        self._pid, self._token = pid, token
        self._seen: dict[int, psutil.Process] = {}
        with suppress(psutil.Error):
            self._seen[pid] = psutil.Process(pid)

    def size(self) -> tuple[int, float]:
        """Living members, and their resident MB; shared pages count in each, so that this is never too small."""
        import psutil

        number, total = 0, 0
        for process in self._members():
            with suppress(psutil.Error):
                total += process.memory_info().rss
                number += 1
        return number, total / _MB

    def end(self) -> None:
        """Kill all members until none is left; the oldest last, because it collects the orphans of the others."""
        import psutil

        for _ in range(_ROUNDS):
            alive = self._alive()
            if not alive:
                return
            for process in sorted(alive, key=lambda one: one.pid == self._pid):
                with suppress(psutil.Error):
                    process.kill()
            psutil.wait_procs(alive, timeout=_PATIENCE)

    def _alive(self) -> list[psutil.Process]:
        import psutil

        self._members()
        for process in self._marked():
            self._seen.setdefault(process.pid, process)
        alive = []
        for process in self._seen.values():
            with suppress(psutil.Error):
                if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                    alive.append(process)
        return alive

    def _members(self) -> list[psutil.Process]:
        """Those known before and what descends from them; a child whose parent died is known from an earlier look.

        The system's processes are listed once for all members: a fork bomb has many.
        """
        import psutil

        self._seen = {pid: process for pid, process in self._seen.items() if process.is_running()}
        if not self._seen:
            return []
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
