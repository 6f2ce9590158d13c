"""容器 | The level "container": podman or docker shows the program what bubblewrap would, from an image of nothing.

The same promises as those of "namespaces". The service is asked to limit memory and processes as well; whether it does
so is not tried, so that the report says "watched". Starting one takes several times as long. It helps where bubblewrap
is forbidden and a container's own service is not.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import subprocess
import sys
import tarfile
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
from pytest_mmedu.submission.process import Ended, Limits, python, watched

_PROGRAMS = ("podman", "docker")
_FIRST = "pytest_mmedu.submission.isolation._in_container"
_SECONDS = 60.0  # for the service to answer
_MB_IN_MEMORY = 64  # of what lies in /tmp
_OVER = 2  # the kernel's limit on memory lies above the one that is watched: a program that it ends says no reason
_NOTHING_OF_ITS_OWN = ("--read-only-tmpfs=false", "--passwd=false")  # which podman would add
_FOLDERS = ("proc", "dev", "sys", "tmp", "etc", "usr")
_SIGNALLED = 128  # to which the number of the signal is added that ended the program


@dataclass(frozen=True)
class ContainerLevel:
    """`program` is the path of podman or docker, `runtime` another one than it would take by itself."""

    program: str
    image: str
    runtime: tuple[str, ...] = ()
    level = "container"
    counts_own_processes = False  # the system counts a user's processes wherever they are

    def run(self, command: Sequence[str], area: Area, limits: Limits, *, started: Path, heavy: bool = False) -> Ended:
        """Fresh each time, so that `heavy` changes nothing. What is left of it when it is stopped is taken away."""
        first = python(_FIRST, str(area.alive))
        words = [*self.command(area, limits), *first, *command]
        ended = watched(words, area, os.environ, limits, started, elsewhere=True)
        if ended.how != "exited":
            _answer([self.program, "rm", "--force", _name(area)])
        if ended.code is not None and ended.code > _SIGNALLED:
            return replace(ended, code=_SIGNALLED - ended.code)
        return ended

    def command(self, area: Area, limits: Limits) -> list[str]:
        """The command line up to what runs in the container."""
        memory = [] if limits.memory_mb is None else _memory(limits.memory_mb)
        return [
            *(self.program, *self.runtime, "run", "--rm", "--pull", "never", "--name", _name(area)),
            *("--network", "none", "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
            *("--pids-limit", str(limits.processes), *memory, "--ulimit", "nofile=256:256", *self._of_user()),
            *("--tmpfs", f"/tmp:rw,size={_MB_IN_MEMORY}m", "--tmpfs", "/dev/shm:ro,size=4k"),
            *(word for place in _shown(area) for word in ("--mount", f"{_bind(place)},readonly")),
            *(word for place in _hidden(area) for word in ("--tmpfs", f"{place}:ro,size=4k")),
            *(word for place in area.written_to for word in ("--mount", _bind(place))),
            *(word for device in graphics_cards() for word in ("--device", device)),
            *(word for name, value in area.environment().items() for word in ("--env", f"{name}={value}")),
            *("--workdir", str(area.work), self.image),
        ]

    def _of_user(self) -> list[str]:
        """What the program writes belongs to who grades. podman without root has numbers of its own for users."""
        user, group = os.getuid(), os.getgid()
        if Path(self.program).name != "podman":
            return ["--user", f"{user}:{group}"]
        own = [] if user == 0 else ["--userns", "keep-id"]
        return [*own, "--user", f"{user}:{group}", "--ulimit", "nproc=4096:4096", *_NOTHING_OF_ITS_OWN]


def containers() -> Iterator[ContainerLevel | str]:
    """Each way to have one here; of a program that does not even take an image the words that say why."""
    for name in _PROGRAMS if sys.platform == "linux" else ():
        program = shutil.which(name)
        if program is None:
            continue
        image, archive = _empty_image()
        wrong = _wrong([program, "image", "inspect", image]) and _wrong([program, "import", "-", image], archive)
        if wrong:
            yield f"{name}: {wrong}"
            continue
        yield ContainerLevel(program, image)
        other = shutil.which("runc")
        if name == "podman" and other is not None:  # its usual one knows less kinds of cgroups
            yield ContainerLevel(program, image, ("--runtime", other))


def version_of(program: str) -> str:
    """podman version 4.3.1 -> podman 4.3.1"""
    done = _answer([program, "--version"])
    words = done.stdout.decode("utf-8", "replace").replace(",", " ").split() if done else []
    return " ".join([Path(program).name, *(word for word in words if word[:1].isdigit())][:2])


def _answer(command: Sequence[str], given: bytes = b"") -> subprocess.CompletedProcess[bytes] | None:
    """None where there is none in all that time."""
    try:
        return subprocess.run(command, input=given, capture_output=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return None


def _wrong(command: Sequence[str], given: bytes = b"") -> str:
    """The last line of what went wrong; empty where it went well."""
    done = _answer(command, given)
    if done is None or done.returncode == 0:
        return "" if done else "no answer"
    return (done.stderr.decode("utf-8", "replace").strip().splitlines() or ["?"])[-1]


def _name(area: Area) -> str:
    return f"mmedu-{area.token}"


def _memory(most: int) -> list[str]:
    bound = f"{most * _OVER}m"
    return ["--memory", bound, "--memory-swap", bound]


def _bind(place: Path) -> str:
    return f"type=bind,source={place},target={place}"


def _shown(area: Area) -> Iterator[Path]:
    """What may be read: the system's programs, Python, the libraries, and what is given to the program."""
    yield Path("/usr")
    yield from (place for place in map(Path, MERGED) if place.is_dir() and not place.is_symlink())
    yield from (place for place in map(Path, MAY_BE_THERE) if place.exists() and not place.is_relative_to("/sys"))
    yield from (*readable_places(area.shown), area.given, area.alive)


def _hidden(area: Area) -> Iterator[Path]:
    yield from hidden_within((Path("/usr"), *readable_places(area.shown)), area.hidden)


def _empty_image() -> tuple[str, bytes]:
    """Folders to lay things into, and the links of merged systems: its name, from what is in it, and its archive."""
    packed = io.BytesIO()
    with tarfile.TarFile(fileobj=packed, mode="w") as archive:
        for name in _FOLDERS:
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
        for place in map(Path, MERGED):
            if place.is_symlink():
                link = tarfile.TarInfo(place.name)
                link.type, link.linkname = tarfile.SYMTYPE, str(place.readlink())
                archive.addfile(link)
    return f"pytest-mmedu-empty:{hashlib.sha256(packed.getvalue()).hexdigest()[:12]}", packed.getvalue()
