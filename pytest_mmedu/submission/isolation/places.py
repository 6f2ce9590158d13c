"""能看到的地方 | What a boxed program may read: Python, the libraries, this package and the data that comes with it.

Not the folder that the package lies in: in a checkout that would be the exercises, with their tests and solutions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest_mmedu

MERGED = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")  # links into /usr on most systems
MAY_BE_THERE = (
    "/etc/ld.so.cache",  # where the loader finds libraries
    "/etc/alternatives",  # Debian's choice among several of a kind (BLAS)
    "/etc/localtime",
    "/sys/devices/system/cpu",  # torch asks it for the processor's abilities: without it others would be used
)
_SYSTEM = Path("/usr")
_SITES = ("site-packages", "dist-packages")


def site_folders() -> list[str]:
    """Where the judge's own libraries lie."""
    return [place for place in sys.path if Path(place).name in _SITES]


def readable_places(more: Iterable[Path] = ()) -> tuple[Path, ...]:
    """The folders that must be there, beside the system's own; none lies in another one of them."""
    wanted = (*_wanted(), *more)
    found = {place for place in wanted if place.exists() and not place.is_relative_to(_SYSTEM)}
    return tuple(sorted(place for place in found if not any(parent in found for parent in place.parents)))


def _wanted() -> Iterator[Path]:
    package = Path(pytest_mmedu.__file__).resolve().parent
    pythons: tuple[str | Path, ...] = (
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        Path(sys.executable).resolve().parent.parent,
    )
    wanted: tuple[str | Path, ...] = (*pythons, *site_folders(), package, package.parent / "datasets_tiny")
    for place in wanted:
        yield Path(place)
        yield Path(place).resolve()


def hidden_within(places: Iterable[Path], hidden: Sequence[Path]) -> Iterator[Path]:
    """Where the hidden folders are to be found in these places; one may be there under several names."""
    for place in places:
        for folder in hidden:
            if folder.resolve().is_relative_to(place.resolve()):
                yield place / folder.resolve().relative_to(place.resolve())


def without(places: Iterable[Path], hidden: Sequence[Path]) -> tuple[list[Path], list[Path]]:
    """What may be read of these places, and what may only be listed, so that nothing hidden can be read.

    A rule holds for all below it, so that the way down to what is hidden is allowed step by step, beside it.
    """
    readable: list[Path] = []
    listed: list[Path] = []
    for place in places:
        inside = [folder for folder in hidden if folder.resolve().is_relative_to(place.resolve())]
        if not inside:
            readable.append(place)
        elif place.resolve() not in [folder.resolve() for folder in inside]:
            listed.append(place)
            # A link leads to a place that has rules of its own, or to none that may be read.
            deeper = without((child for child in place.iterdir() if not child.is_symlink()), inside)
            readable += deeper[0]
            listed += deeper[1]
    return readable, listed


def graphics_cards() -> tuple[str, ...]:
    """A homework that asks for "cuda" gets it where there is one."""
    return tuple(str(device) for device in sorted(Path("/dev").glob("nvidia*")) if not device.is_dir())
