"""一个 cgroup | One control group of the kernel's: what is born in it is counted together, and limited together."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pytest_mmedu.submission.limits import How

_MB = 1 << 20
_PATIENCE = 5.0  # seconds for killed processes to be gone
_SHORTLY = 0.001
_CACHE = ("active_file ", "inactive_file ")  # copies of files, which the kernel drops when memory is wanted
# A process is moved before it is the program: what forks in between would stay outside.
_JOIN = ("/bin/sh", "-c", 'echo 0 >"$0" && exec "$@"')


class Group:
    """Of a folder that is there. To move into it takes a process some milliseconds, to be born in it none."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, name: str, value: object) -> None:
        """
        Raises:
            OSError: the kernel does not take it.
        """
        (self.folder / name).write_text(str(value), "ascii")

    def write_if_known(self, name: str, value: object) -> None:
        """To what not every kernel has."""
        if (self.folder / name).exists():
            self.write(name, value)

    def joined(self, command: Sequence[str]) -> list[str]:
        """A command that enters the group and then is the given one; where it cannot enter, nothing is run."""
        return [*_JOIN, str(self.folder / "cgroup.procs"), *command]

    def hold(self, memory_mb: int | None) -> int:
        """From now on no more than so much beside what is there already; gives what `told` asks for.

        Raises:
            OSError: there are no limits any more.
        """
        self.write("memory.max", "max" if memory_mb is None else self._kept() + memory_mb * _MB)
        return self._killed()

    def told(self, how: How, before: int) -> How:
        """How a program ended that was held; that the kernel ended it is seen here alone."""
        try:
            return "memory" if self._killed() > before else how
        except OSError:  # somebody took the limits away while it ran
            return "not started"

    def kill(self) -> None:
        """All in it at once, also what is being forked; older kernels cannot."""
        with suppress(OSError):
            self.write_if_known("cgroup.kill", 1)

    def remove(self) -> None:
        """With everything in it, whoever made it."""
        self.kill()
        latest = time.monotonic() + _PATIENCE
        while not self._removed() and time.monotonic() < latest:
            time.sleep(_SHORTLY)

    def _removed(self) -> bool:
        for folder, _, _ in os.walk(self.folder, topdown=False):
            with suppress(OSError):
                Path(folder).rmdir()
        return not self.folder.exists()

    def _kept(self) -> int:
        """Bytes in use that the kernel cannot drop."""
        cached = sum(self._number("memory.stat", name) for name in _CACHE)
        return max(0, int((self.folder / "memory.current").read_text("ascii")) - cached)

    def _killed(self) -> int:
        """How many processes, for want of memory; none where this group's own limit was never reached."""
        reached = self._number("memory.events", "oom ")
        return self._number("memory.events", "oom_kill ") if reached else 0

    def _number(self, name: str, of: str) -> int:
        for line in (self.folder / name).read_text("ascii").splitlines():
            if line.startswith(of):
                return int(line[len(of) :])
        return 0


class NoGroup(Group):
    """Where the kernel limits nothing: the same words, and no effect."""

    def __init__(self) -> None:
        super().__init__(Path())

    def joined(self, command: Sequence[str]) -> list[str]:
        return list(command)

    def hold(self, memory_mb: int | None) -> int:
        return 0

    def told(self, how: How, before: int) -> How:
        return how

    def kill(self) -> None:
        pass

    def remove(self) -> None:
        pass
