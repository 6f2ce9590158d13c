"""软件版本 | Versions of what takes part in a training, without importing any of it."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import pytest_mmedu

# One import name, several distributions: the first that is installed.
_DISTRIBUTIONS = {
    "torch": ("torch",),
    "mmcv": ("mmcv-full", "mmcv", "mmcv-lite"),
    "mmcls": ("mmcls",),
    "numpy": ("numpy",),
    "opencv": ("opencv-python-headless", "opencv-python", "opencv-contrib-python"),
}


def versions() -> dict[str, str]:
    """By import name; "none" where a package is missing."""
    found = {name: _first(names) for name, names in _DISTRIBUTIONS.items()}
    return {"pytest_mmedu": pytest_mmedu.__version__, "python": platform.python_version(), **found}


@cache
def _first(names: tuple[str, ...]) -> str:
    for name in names:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return "none"
