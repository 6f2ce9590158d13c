"""进程级隔离 | The level "process": an own session, a scrubbed environment, limits, and no process left behind.

It protects time, the machine's memory (watched) and the judging process; not files, not the network.
A stronger level is another class with the same `run`.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.isolation.control_group import NoGroup
from pytest_mmedu.submission.isolation.kernel_limits import fresh_group
from pytest_mmedu.submission.limits import Ended, How, Limits
from pytest_mmedu.submission.output import Output
from pytest_mmedu.submission.tree import Tree
from pytest_mmedu.submission.waiting import wait_for
from pytest_mmedu.submission.watching import Looks, watch

__all__ = ["Confinement", "Ended", "How", "Limits", "ProcessLevel", "python", "watched"]


class Confinement(Protocol):
    """One level of isolation: it runs a command in an area and leaves nothing alive."""

    @property
    def level(self) -> str: ...

    @property
    def counts_own_processes(self) -> bool:
        """Whether the system's limit on processes counts those of the box alone, not the teacher's desktop."""
        ...

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        """Run to the end or to a limit. The child makes the file `started` once its libraries are loaded.

        heavy  it is going to import torch, mmcv and mmcls: a level that keeps processes warm has one with them
        """
        ...


def python(module: str, *arguments: str, program: str = sys.executable) -> list[str]:
    """A command that runs a module of this package in a Python of its own, out of reach of anybody's settings."""
    start = Path(__file__).with_name("_start.py")
    return [program, "-I", "-B", "-u", "-X", "utf8", str(start), module, *arguments]


@dataclass(frozen=True)
class ProcessLevel:
    level = "process"
    counts_own_processes = False

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        """Fresh each time, so that `heavy` changes nothing."""
        return watched(command, area, area.environment(), limits, started)


def watched(
    command: Sequence[str],
    area: Area,
    environment: Mapping[str, str],
    limits: Limits,
    started: Path,
    *,
    elsewhere: bool = False,
) -> Ended:
    """Run a command in an area, whatever box is around it, and end it with all that it started.

    elsewhere  what it starts are not its own children, but those of a service, which limits them itself
    """
    with nullcontext(NoGroup()) if elsewhere else fresh_group() as group:
        before = group.hold(limits.memory_mb)
        child = subprocess.Popen(
            group.joined(command),
            cwd=area.work,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        tree = Tree(child.pid, area.token, elsewhere=elsewhere)
        assert child.stdout is not None
        output = Output(child.stdout, limits.output_bytes, limits.shown_bytes)
        try:
            how, seconds = watch(partial(wait_for, child), Looks(tree, area, limits), output, started)
        finally:
            group.kill()
            tree.end()
            child.wait()
            output.close()
        how = group.told(how, before)
    return Ended(how, child.returncode if how == "exited" else None, output.text(), seconds)
