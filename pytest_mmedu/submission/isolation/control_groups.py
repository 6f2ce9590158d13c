"""给程序的 cgroup | Control groups for programs, below the own one: made, tried out, and cleared away.

<own group>/mmedu-run-xxxxxxxx    one for each program, or for the process that its forks come from
<own group>/mmedu-graders         where whoever is in <own group> goes meanwhile: limits hold only below an empty one

Every grader holds a lock on <own group>. Who is alone in it has no group of anybody's before him: what is there was
left by one that was killed. The last one moves all back.
"""

from __future__ import annotations

import errno
import os
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from pytest_mmedu.submission.isolation.control_group import Group
from pytest_mmedu.submission.isolation.own_cgroup import CONTROLLERS, GRADERS
from pytest_mmedu.submission.limits import Limits

_RUN = "mmedu-run-"
_OVER = 2  # the kernel's limit on processes lies above the one that is watched, and counts threads: it says no reason
_TRIES, _SHORTLY = 200, 0.01  # another grader may be clearing away
_SECONDS, _MB_TRIED = 10.0, 64
_COUNTED = 'read memory <"$0/memory.current"; read number <"$0/pids.current"; echo "$memory $number"'


class Groups:
    """Below `base`, the group of this process and of whoever was there before."""

    def __init__(self, base: Path) -> None:
        """
        Raises:
            OSError: it cannot be done.
        """
        self._base, self._graders = base, base / GRADERS
        self._process = os.getpid()
        self._lock = os.open(base, os.O_RDONLY)
        try:
            self._enter()
            self._try()
        except BaseException:
            self.leave()
            raise

    def new(self, *, together: bool) -> Group:
        """A fresh one. `together`: where one process is killed for want of memory, all are."""
        folder = Path(tempfile.mkdtemp(prefix=_RUN, dir=self._base))
        group = Group(folder)
        try:
            group.write("pids.max", _OVER * Limits.processes)
            group.write("cgroup.max.descendants", 0)
            group.write_if_known("memory.swap.max", 0)
            if together:
                group.write_if_known("memory.oom.group", 1)
        except BaseException:
            group.remove()
            raise
        return group

    def leave(self) -> None:
        """In the process that came, not in its forks."""
        if os.getpid() != self._process:
            return
        with suppress(OSError):
            if self._alone() and [path for path in self._base.iterdir() if path.is_dir()] == [self._graders]:
                self._set_controllers("-")
                self._move(self._graders, self._base)
                self._graders.rmdir()
        with suppress(OSError):
            os.close(self._lock)

    def _enter(self) -> None:
        if self._alone():
            for left in self._base.glob(f"{_RUN}*"):
                Group(left).remove()
        self._with_others()
        self._switch_on()

    def _with_others(self) -> None:
        import fcntl

        for _ in range(_TRIES):
            with suppress(BlockingIOError):
                return fcntl.flock(self._lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            time.sleep(_SHORTLY)
        raise BlockingIOError

    def _alone(self) -> bool:
        """If so, nobody comes in before this process lets him."""
        import fcntl

        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _switch_on(self) -> None:
        """A group with limits below it may have no process of its own, save the one that all are in at first."""
        for _ in range(_TRIES):
            try:
                return self._set_controllers("+")
            except OSError as error:
                if error.errno != errno.EBUSY:
                    raise
            self._graders.mkdir(exist_ok=True)
            self._move(self._base, self._graders)
        raise BlockingIOError

    def _set_controllers(self, sign: str) -> None:
        there = (self._base / "cgroup.subtree_control").read_text("ascii").split()
        if sign == "-" or not set(there) >= CONTROLLERS:
            words = " ".join(f"{sign}{name}" for name in sorted(CONTROLLERS))
            (self._base / "cgroup.subtree_control").write_text(words, "ascii")

    @staticmethod
    def _move(here: Path, there: Path) -> None:
        for pid in (here / "cgroup.procs").read_text("ascii").split():
            if pid == "0":  # one that this container does not see
                raise PermissionError
            with suppress(ProcessLookupError):
                (there / "cgroup.procs").write_text(pid, "ascii")

    def _try(self) -> None:
        """A process enters a group, is counted there, and the group goes."""
        group = self.new(together=True)
        try:
            group.hold(_MB_TRIED)
            command = group.joined(["/bin/sh", "-c", _COUNTED, str(group.folder)])
            done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, encoding="ascii")
        except subprocess.SubprocessError as error:
            raise OSError from error
        finally:
            group.remove()
        memory, number = map(int, done.stdout.split())
        if memory == 0 or number == 0 or group.folder.exists():
            raise OSError
