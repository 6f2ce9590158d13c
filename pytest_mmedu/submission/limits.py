"""限度与结局 | What a program may use, and how it ended."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from pytest_mmedu.submission.isolation.places import graphics_cards

How = Literal["exited", "time", "busy", "memory", "output", "processes", "disk", "not started"]
_MB = 1 << 20
_OVER_RESIDENT_MB = 4096  # what torch maps without ever using it, and as much again
_OPEN_FILES = 256
_LOADING_SECONDS = 120


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
    """How the program ended. `code` is its exit code, negative for a signal; `seconds` without loading.

    busy  the machine had no time for it: nobody knows how it would have ended
    """

    how: How
    code: int | None
    output: str
    seconds: float


def of_each_process(seconds: float, memory_mb: int, *, largest_file: int, counts_own: bool) -> dict[str, int]:
    """What the system holds every single process to, by the names of `resource.RLIMIT_…`; sums are watched.

    largest_file  bytes
    counts_own    the box counts its own processes alone, not all of this user's
    """
    limits = {"FSIZE": largest_file, "CORE": 0, "NOFILE": _OPEN_FILES}
    limits["CPU"] = _LOADING_SECONDS + 4 * math.ceil(seconds)  # threads count together
    if not graphics_cards():  # CUDA maps all memory there is
        limits["AS"] = (_OVER_RESIDENT_MB + memory_mb) * _MB
    if counts_own:
        limits["NPROC"] = Limits.processes
    return limits
