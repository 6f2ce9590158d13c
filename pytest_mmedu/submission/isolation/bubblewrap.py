"""命名空间 | The level "namespaces": bubblewrap shows the program Python, the libraries and its own folders, no more.

No network, no other process, no file of the teacher's. Everything dies with the box.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_mmedu.submission.area import Area
from pytest_mmedu.submission.isolation.places import (
    MAY_BE_THERE,
    MERGED,
    graphics_cards,
    hidden_within,
    readable_places,
)
from pytest_mmedu.submission.process import Ended, Limits, watched
from pytest_mmedu.submission.tokens import SUPERVISED

_SIZE = str(64 << 20)  # of what lies in memory and is in nobody's resident pages: /tmp and /dev/shm
_SIGNALLED = 128  # as shells do, bubblewrap adds the number of the signal that ended the program


@dataclass(frozen=True)
class NamespacesLevel:
    """`program` is the path of bwrap, `more` what only newer ones know."""

    program: str
    more: tuple[str, ...] = ()
    level = "namespaces"
    counts_own_processes = True

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        """Run in a box around the area. Not seen outside of its own user: bubblewrap needs no privileges."""
        # The box's own first process ends what is left over, and dies with the judge, once it has begun.
        environment = {**area.environment(), SUPERVISED: str(area.alive)}
        ended = watched([*box(self.program, area), *self.more, "--", *command], area, environment, limits, started)
        if ended.code is not None and ended.code > _SIGNALLED:
            return replace(ended, code=_SIGNALLED - ended.code)
        return ended


def namespaces() -> NamespacesLevel | None:
    """The level, where there is a bwrap; whether it may do anything is another question."""
    program = shutil.which("bwrap")
    if program is None:
        return None
    # Not known below 0.8; without it the program could have the rights of a box within the box.
    knows = "--disable-userns" in _says(program, "--help")
    return NamespacesLevel(program, ("--disable-userns",) if knows else ())


def version_of(program: str) -> str:
    """bubblewrap 0.8.0 -> 0.8.0"""
    return _says(program, "--version").strip().rpartition(" ")[2][:40]


def _says(program: str, question: str) -> str:
    """Empty where it does not even start."""
    try:
        done = subprocess.run([program, question], capture_output=True, encoding="utf-8", timeout=10, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout + done.stderr


def box(program: str, area: Area) -> list[str]:
    """The command line up to the command. The order counts: a later mount hides what an earlier one put below it."""
    return [
        program,
        *("--size", _SIZE, "--tmpfs", "/tmp"),
        *_system(),
        *(word for place in readable_places(area.shown) for word in ("--ro-bind", str(place), str(place))),
        *(word for place in _hidden(area) for word in ("--tmpfs", str(place), "--remount-ro", str(place))),
        *(word for place in (area.given, area.alive) for word in ("--ro-bind", str(place), str(place))),
        *("--proc", "/proc", "--dev", "/dev"),
        *(word for device in graphics_cards() for word in ("--dev-bind", device, device)),
        *("--size", _SIZE, "--tmpfs", "/dev/shm", "--remount-ro", "/dev"),
        *(word for place in area.written_to for word in ("--bind", str(place), str(place))),
        *("--remount-ro", "/", "--chdir", str(area.work)),
        *("--unshare-all", "--unshare-user"),
        *("--die-with-parent", "--new-session", "--cap-drop", "ALL"),
    ]


def _hidden(area: Area) -> tuple[Path, ...]:
    """Covered by empty folders."""
    return tuple(hidden_within((Path("/usr"), *readable_places(area.shown)), area.hidden))


def _system() -> Iterator[str]:
    """/usr, and what on merged systems are links into it."""
    yield from ("--ro-bind", "/usr", "/usr")
    for place in map(Path, MERGED):
        if place.is_symlink():
            yield from ("--symlink", str(place.readlink()), str(place))
        elif place.is_dir():
            yield from ("--ro-bind", str(place), str(place))
    for name in MAY_BE_THERE:
        yield from ("--ro-bind-try", name, name)
