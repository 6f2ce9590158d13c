"""内核规则的盒子 | The level "landlock": the kernel itself refuses other files, sockets and signals to the outside.

It needs no namespaces, so that it also works in an unprivileged container.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.isolation.places import graphics_cards, readable_places, without
from pytest_mmedu.submission.process import Ended, Limits, python, watched

_BOX = "pytest_mmedu.submission.isolation._landlock_box"
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"),
    *("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"),
    *("/sys/devices/system/cpu", "/proc/cpuinfo", "/proc/meminfo", "/dev/urandom", "/dev/random"),
)
_DEVICES = ("/dev/null", "/dev/zero")


@dataclass(frozen=True)
class LandlockLevel:
    """`version` is the one of the kernel's Landlock."""

    version: int
    level = "landlock"
    counts_own_processes = False

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        """Run behind a small process that restricts itself before it becomes the command."""
        return watched([*python(_BOX, self.rules(area)), *command], area, area.environment(), limits, started)

    def rules(self, area: Area) -> str:
        """What the process is told that restricts itself."""
        return _rules(area)


def landlock() -> LandlockLevel | None:
    """The level, where the kernel has it."""
    if sys.platform != "linux":
        return None
    from pytest_mmedu.submission.isolation._kernel_rules import landlock_version

    version = landlock_version()
    return LandlockLevel(version) if version else None


def _rules(area: Area) -> str:
    readable, listed = without((*map(Path, _SYSTEM), *readable_places(area.shown), area.given), area.hidden)
    writable = [*map(str, area.written_to), *_DEVICES, *graphics_cards()]
    return json.dumps({"readable": [*map(str, readable)], "listed": [*map(str, listed)], "writable": writable})
