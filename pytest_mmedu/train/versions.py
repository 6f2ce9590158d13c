"""软件版本 | Versions of what takes part in a training, without importing any of it."""

from __future__ import annotations

import platform
import re
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution

import pytest_mmedu

# One import name, several distributions: the first that is installed.
DISTRIBUTIONS = {
    "torch": ("torch",),
    "mmcv": ("mmcv-full", "mmcv", "mmcv-lite"),
    "mmcls": ("mmcls",),
    "numpy": ("numpy",),
    "opencv": ("opencv-python-headless", "opencv-python", "opencv-contrib-python"),
}
_VERSION = re.compile(r"^Version: *(\S+)", re.MULTILINE)


def versions() -> dict[str, str]:
    """By import name; "none" where a package is missing."""
    found = by_import_name(_installed)
    return {"pytest_mmedu": pytest_mmedu.__version__, "python": platform.python_version(), **found}


def by_import_name(installed: Callable[[str], str | None]) -> dict[str, str]:
    """The same from what is known of each distribution: its version, None where it is not installed."""
    found = ((name, (installed(one) for one in names)) for name, names in DISTRIBUTIONS.items())
    return {name: next(filter(None, known), "none") for name, known in found}


@cache
def _installed(name: str) -> str | None:
    """Asked for its version, a distribution reads all that it says about itself, as an e-mail: one line will do."""
    try:
        found = distribution(name)
    except PackageNotFoundError:
        return None
    line = _VERSION.search(found.read_text("METADATA") or "")
    return line[1] if line else found.version
