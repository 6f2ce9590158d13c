"""Shared fixtures: what a test needs from outside the project, or a reason why it is skipped."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TRAINING_STACK = ("torch", "mmcv", "mmcls")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    missing = [name for name in TRAINING_STACK if importlib.util.find_spec(name) is None]
    if not missing:
        return
    skip = pytest.mark.skip(reason=f"the training stack is not installed: {', '.join(missing)}")
    for item in items:
        if item.get_closest_marker("train"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus of real logs beside the project; it is not part of it."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of real logs is not beside the project")
    return folder


@pytest.fixture
def small_disk(tmp_path: Path) -> Callable[..., str]:
    """Runs a script in a process for which `tmp_path / "disk"` (its first argument) is a disk of a few MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    alone = ["unshare", "-m" if hasattr(os, "geteuid") and os.geteuid() == 0 else "-rm", "sh", "-c"]
    mount = 'mount -t tmpfs -o size="$1" none "$0" && shift && exec "$@"'

    def run(script: str, size: str = "1m") -> str:
        command = [*alone, mount, str(disk), size, sys.executable, "-c", script, str(disk)]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout

    try:
        run("")
    except (OSError, AssertionError):
        pytest.skip("this system lets no test mount a disk of its own")
    return run
