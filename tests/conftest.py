"""Shared fixtures: what a test needs from outside the project, or a reason why it is skipped."""

from __future__ import annotations

import compileall
import gc
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.session import Session
from pytest_mmedu.submission.process import Confinement, ProcessLevel
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes, can_be_warm
from pytest_mmedu.train.devices import may_have_gpu

ROOT = Path(__file__).resolve().parent.parent
settings.register_profile("without a clock", deadline=None)  # the first example may have to import torch
settings.load_profile("without a clock")
TRAINING_STACK = ("torch", "mmcv", "mmcls")
LONGEST = "test_course.py"  # comes first in any order: else one worker might be left alone with it at the end


def pytest_configure(config: pytest.Config) -> None:
    """Hundreds of processes are started that write no bytecode: none of them compiles the package anew."""
    if not hasattr(config, "workerinput"):
        compileall.compile_dir(ROOT / "pytest_mmedu", quiet=2)


@pytest.hookimpl(hookwrapper=True)
def pytest_collection() -> Iterator[None]:
    """What thousands of tests consist of stays to the end: nobody need look through it for garbage again and again."""
    gc.disable()
    yield
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.name != LONGEST)
    _skip_without_gpu([item for item in items if item.get_closest_marker("gpu")])
    missing = [name for name in TRAINING_STACK if importlib.util.find_spec(name) is None]
    if not missing:
        return
    skip = pytest.mark.skip(reason=f"the training stack is not installed: {', '.join(missing)}")
    for item in items:
        if item.get_closest_marker("train"):
            item.add_marker(skip)


def _skip_without_gpu(items: list[pytest.Item]) -> None:
    """torch is imported only where there may be one: that takes seconds."""
    why = _no_gpu() if items else None
    if why is not None:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=why))


def _no_gpu() -> str | None:
    if importlib.util.find_spec("torch") is None:
        return "torch is not installed, which would use the GPU"
    if not may_have_gpu():
        return "no NVIDIA GPU here: no driver was found"
    import torch

    return None if torch.cuda.is_available() else "there is a GPU driver, but this torch cannot use it"


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The corpus of real logs beside the project; it is not part of it."""
    folder = ROOT.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("the corpus of real logs is not beside the project")
    return folder


@pytest.fixture(scope="session")
def zygotes() -> Iterator[Zygotes | None]:
    """What a class is graded with, once for all tests of this process: importing torch takes seconds.

    None where this system cannot fork.
    """
    if can_be_warm():
        with Zygotes() as zygotes:
            yield zygotes
    else:
        yield None


@pytest.fixture
def in_a_process(zygotes: Zygotes | None) -> Callable[[], Confinement]:
    """The level "process", for a test that is not about how a process starts: a fork, where this system can."""
    if zygotes is None:
        return ProcessLevel
    zygotes.look_after()
    box = WarmBoxes(zygotes).tried("process").box
    assert box is not None
    return lambda: box


@pytest.fixture(scope="session")
def warm_executor() -> Iterator[WarmExecutor]:
    """Grades as a class is graded, in processes that are started once for all tests."""
    with WarmExecutor(1) as executor:
        yield executor


@pytest.fixture(scope="session")
def warm_session(warm_executor: WarmExecutor) -> Session:
    """For `grade_one` in a test that is not about starting pytest."""
    return warm_executor.session


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
