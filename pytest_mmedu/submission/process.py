"""进程级隔离 | The level "process": an own session, a scrubbed environment, limits, and no process left behind.

It protects time, the machine's memory (watched) and the judging process; not files, not the network.
A stronger level is another class with the same `run`.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.disk_use import too_much
from pytest_mmedu.submission.output import Output
from pytest_mmedu.submission.tree import Tree
from pytest_mmedu.submission.waiting import wait_for

How = Literal["exited", "time", "memory", "output", "processes", "disk", "not started"]
_MB = 1 << 20
_OFTEN = 0.02  # seconds between two looks at the child
_SELDOM = 0.25  # seconds between two looks at the whole tree and at its files: that takes milliseconds
_SHARE = 10  # a look that took long is followed by a pause so many times as long


@dataclass(frozen=True)
class Limits:
    """`seconds` count from the moment the child says that its libraries are loaded; loading has `start_seconds`.

    memory_mb, processes   of the program and all that it started, together
    disk_mb, files         in the folders that it may write to
    """

    seconds: float
    memory_mb: int | None = None
    start_seconds: float = 120.0
    output_bytes: int = 16 * _MB
    shown_bytes: int = 1 << 15  # of the head and of the tail of the output each
    processes: int = 64
    disk_mb: int = 2048
    files: int = 20_000


@dataclass(frozen=True)
class Ended:
    """How the program ended. `code` is its exit code, negative for a signal; `seconds` without loading."""

    how: How
    code: int | None
    output: str
    seconds: float


class Confinement(Protocol):
    """One level of isolation: it runs a command in an area and leaves nothing alive."""

    @property
    def level(self) -> str: ...

    @property
    def counts_own_processes(self) -> bool:
        """Whether the system's limit on processes counts those of the box alone, not the teacher's desktop."""
        ...

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path) -> Ended: ...


def python(module: str, *arguments: str) -> list[str]:
    """A command that runs a module of this package in a Python of its own, out of reach of anybody's settings."""
    start = Path(__file__).with_name("_start.py")
    return [sys.executable, "-I", "-B", "-u", "-X", "utf8", str(start), module, *arguments]


class ProcessLevel:
    level = "process"
    counts_own_processes = False

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path) -> Ended:
        """Run to the end or to a limit. The child makes the file `started` once its libraries are loaded."""
        return watched(command, area, area.environment(), limits, started)


def watched(command: Sequence[str], area: Area, environment: Mapping[str, str], limits: Limits, started: Path) -> Ended:
    """Run a command in an area, whatever box is around it, and end it with all that it started."""
    child = subprocess.Popen(
        command,
        cwd=area.work,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=sys.platform != "win32",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )
    tree = Tree(child.pid, area.token)
    assert child.stdout is not None
    output = Output(child.stdout, limits.output_bytes, limits.shown_bytes)
    try:
        how, seconds = _watch(child, _Looks(tree, area, limits), output, started)
    finally:
        tree.end()
        child.wait()
        output.close()
    return Ended(how, child.returncode if how == "exited" else None, output.text(), seconds)


def _watch(child: subprocess.Popen[bytes], looks: _Looks, output: Output, started: Path) -> tuple[How, float]:
    """Wait until the child ends or breaks a limit."""
    begin, loaded, limits = time.monotonic(), False, looks.limits
    while True:
        if wait_for(child, _OFTEN):
            return ("exited" if loaded or started.exists() else "not started"), time.monotonic() - begin
        now = time.monotonic()
        if not loaded and started.exists():
            loaded, begin = True, now
        if now - begin > (limits.seconds if loaded else limits.start_seconds):
            return ("time" if loaded else "not started"), now - begin
        if output.flooded:
            return "output", now - begin
        broken = looks.look(now)
        if broken is not None:
            return broken, now - begin


class _Looks:
    """Looks at what cannot be limited beforehand, seldom enough to cost little."""

    def __init__(self, tree: Tree, area: Area, limits: Limits) -> None:
        self._tree, self._area, self.limits = tree, area, limits
        self._next = time.monotonic() + _SELDOM

    def look(self, now: float) -> How | None:
        """The limit that is broken, if it is time to look."""
        if now < self._next:
            return None
        broken = self._broken()
        self._next = now + max(_SELDOM, _SHARE * (time.monotonic() - now))
        return broken

    def _broken(self) -> How | None:
        number, memory_mb = self._tree.size()
        if number > self.limits.processes:  # first: the pages that forks share count in each of them
            return "processes"
        if memory_mb > (self.limits.memory_mb or float("inf")):
            return "memory"
        if too_much(self._area.written_to, self.limits.disk_mb, self.limits.files):
            return "disk"
        return None
