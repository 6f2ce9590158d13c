"""A student's program in a real process, and nothing left of it afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.tokens import TOKEN

Run = Callable[..., SubmissionRun]


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place where work areas are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def run(tmp_path: Path, temporary: Path) -> Iterator[Run]:
    """Run a program; afterwards no process and no temporary folder of any run may be there."""
    folder = tmp_path / "handed in"
    folder.mkdir()

    def run_it(text: str, *, name: str = "homework.py", **budget: Any) -> SubmissionRun:
        (folder / name).write_text(text, encoding="utf-8")
        cache = RunCache(tmp_path / "cache")
        return run_submission(find_submission(folder, script=name), budget=Budget(**budget), cache=cache)

    yield run_it
    assert list(temporary.iterdir()) == []
    assert marked_processes() == []


def marked_processes() -> list[psutil.Process]:
    """Processes of any submission's run that was started from this process's temporary folder."""
    found = []
    for process in psutil.process_iter():
        try:
            environment = process.environ()
        except (psutil.Error, OSError):
            continue
        if TOKEN in environment and str(environment.get("HOME", "")).startswith(str(_here())):
            found.append(process)
    return found


def _here() -> Path:
    return Path(tempfile.gettempdir()).resolve()
