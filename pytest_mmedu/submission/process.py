"""进程级隔离 | The level "process": an own session, a scrubbed environment, limits, and no process left behind.

It protects time, the machine's memory (watched) and the judging process; not files, not the network.
A stronger level is another class with the same `run`.
"""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.tree import Tree

How = Literal["exited", "time", "memory", "output", "not started"]
_MB = 1 << 20
_BLOCK = 1 << 16
_OFTEN = 0.02  # seconds between two looks at the child
_SELDOM = 0.25  # seconds between two looks at the memory of the whole tree: that takes milliseconds


@dataclass(frozen=True)
class Limits:
    """`seconds` count from the moment the child says that its libraries are loaded; loading has `start_seconds`."""

    seconds: float
    memory_mb: int | None = None
    start_seconds: float = 120.0
    output_bytes: int = 16 * _MB
    shown_bytes: int = 1 << 15  # of the head and of the tail of the output each


@dataclass(frozen=True)
class Ended:
    """How the program ended. `code` is its exit code, negative for a signal; `seconds` without loading."""

    how: How
    code: int | None
    output: str
    seconds: float


class Confinement(Protocol):
    """One level of isolation: it runs a command in an area and leaves nothing alive."""

    level: str

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path) -> Ended: ...


class ProcessLevel:
    level = "process"

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path) -> Ended:
        """Run to the end or to a limit. The child makes the file `started` once its libraries are loaded."""
        child = subprocess.Popen(
            command,
            cwd=area.work,
            env=area.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        tree = Tree(child.pid, area.token)
        assert child.stdout is not None
        output = _Output(child.stdout, limits)
        try:
            how, seconds = _watch(child, tree, output, limits, started)
        finally:
            tree.end()
            child.wait()
            output.close()
        return Ended(how, child.returncode if how == "exited" else None, output.text(), seconds)


def _watch(
    child: subprocess.Popen[bytes], tree: Tree, output: _Output, limits: Limits, started: Path
) -> tuple[How, float]:
    """Wait until the child ends or breaks a limit."""
    begin, next_look, loaded = time.monotonic(), 0.0, False
    while True:
        try:
            child.wait(_OFTEN)
        except subprocess.TimeoutExpired:
            pass
        else:
            return ("exited" if loaded or started.exists() else "not started"), time.monotonic() - begin
        now = time.monotonic()
        if not loaded and started.exists():
            loaded, begin = True, now
        if now - begin > (limits.seconds if loaded else limits.start_seconds):
            return ("time" if loaded else "not started"), now - begin
        if output.flooded:
            return "output", now - begin
        if now >= next_look:
            next_look = now + _SELDOM
            if tree.memory_mb() > (limits.memory_mb or float("inf")):
                return "memory", now - begin


class _Output:
    """The program's output, read as it comes: its head and its tail are kept, the middle is counted."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream, self._limits = stream, limits
        self._head, self._tail, self._total = b"", b"", 0
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def flooded(self) -> bool:
        return self._total > self._limits.output_bytes

    def close(self) -> None:
        """A process that got away may hold the pipe open: it is not waited for."""
        self._reader.join(timeout=5)
        if not self._reader.is_alive():
            self._stream.close()

    def text(self) -> str:
        left_out = self._total - len(self._head) - len(self._tail)
        middle = f"\n[… {left_out} bytes …]\n".encode() if left_out else b""
        return (self._head + middle + self._tail).decode("utf-8", "replace")

    def _read(self) -> None:
        shown = self._limits.shown_bytes
        while block := self._stream.read1(_BLOCK):  # type: ignore[attr-defined]
            room = shown - len(self._head)
            self._head += block[:room]
            self._tail = (self._tail + block[room:])[-shown:]
            self._total += len(block)
            if self.flooded:
                return
