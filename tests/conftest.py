"""Shared fixtures: what a test needs from outside the project, or a reason why it is skipped."""

from __future__ import annotations

import importlib.util
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
