"""试一级 | Whether a level of isolation holds on this machine: found by trying to break out of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pytest_mmedu.submission.isolation.boxes import Tried
from pytest_mmedu.submission.isolation.kernel_limits import held_by_the_kernel
from pytest_mmedu.submission.isolation.levels import OF_A_PROCESS
from pytest_mmedu.submission.isolation.preflight import does_not_start, fly
from pytest_mmedu.submission.isolation.remedies import (
    INSTALL,
    INSTALL_PODMAN,
    LET_CONTAINERS_START,
    NEWER_KERNEL,
    let_bubblewrap_work,
)
from pytest_mmedu.submission.process import Confinement, ProcessLevel
from pytest_mmedu.text import Text

NO_BUBBLEWRAP = Text("没有安装 bubblewrap", "bubblewrap is not installed")
NO_CONTAINER = Text("没有安装 podman 或 docker", "neither podman nor docker is installed")
NO_LANDLOCK = Text("系统内核没有 Landlock", "the system's kernel has no Landlock")

Wrap = Callable[[Confinement], Confinement]


def try_level(level: str, wrap: Wrap = lambda box: box) -> Tried:
    """Whether the level holds on this machine, found by trying to break out; `wrap` makes another box of its box."""
    return _TRY[level](wrap)


def _container(_wrap: Wrap) -> Tried:
    """No process from outside enters it: each program has a fresh one."""
    from pytest_mmedu.submission.isolation.container import ContainerLevel, containers, version_of

    failed = Tried("container", missing=NO_CONTAINER, remedy=INSTALL_PODMAN)
    for way in containers():
        if not isinstance(way, ContainerLevel):
            failed = Tried("container", missing=does_not_start(way), remedy=LET_CONTAINERS_START)
            continue
        found = _flown(way, version_of(way.program), LET_CONTAINERS_START)
        if found.box is not None:
            return found
        failed = found
    return failed


def _namespaces(wrap: Wrap) -> Tried:
    from pytest_mmedu.submission.isolation.bubblewrap import namespaces, version_of

    box = namespaces()
    if box is None:
        return Tried("namespaces", missing=NO_BUBBLEWRAP, remedy=INSTALL)
    return _held(_flown(wrap(box), f"bubblewrap {version_of(box.program)}", let_bubblewrap_work()))


def _landlock(wrap: Wrap) -> Tried:
    from pytest_mmedu.submission.isolation.landlock import landlock

    box = landlock()
    if box is None:
        return Tried("landlock", missing=NO_LANDLOCK, remedy=NEWER_KERNEL)
    return _held(_flown(wrap(box), f"Landlock {box.version}", INSTALL))


def _flown(box: Confinement, tool: str, remedy: Text) -> Tried:
    flight = fly(box)
    if flight.broken is not None:
        return Tried(box.level, None, tool, missing=flight.broken, remedy=remedy)
    return Tried(box.level, box, tool, flight.guarantees)


def _held(tried: Tried) -> Tried:
    """With what the kernel holds where a program cannot come to the files of its own control group."""
    return replace(tried, guarantees={**tried.guarantees, **held_by_the_kernel()}) if tried.box else tried


def _process(wrap: Wrap) -> Tried:
    return Tried("process", wrap(ProcessLevel()), "", OF_A_PROCESS)


_TRY = {"container": _container, "namespaces": _namespaces, "landlock": _landlock, "process": _process}
