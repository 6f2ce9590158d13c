"""A process that ends before the student's program begins: the machine's fault, and nothing to keep in the cache."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import Budget, SubmissionRun, carrying_out, find_submission, run_submission
from pytest_mmedu.text import Text

START = str(Path(carrying_out.__file__).with_name("_start.py"))
Run = Callable[[str], SubmissionRun]
HOMEWORK = 'from MMEdu import MMClassification\nMMClassification("LeNet").train(epochs=1)\n'
BROKEN = """
import runpy, sys

class Broken:
    def find_spec(self, name, path=None, target=None):
        if name == "pytest_mmedu.train.trainer":
            raise {error}

sys.meta_path.insert(0, Broken())
sys.argv = [{start!r}, "pytest_mmedu.submission._child", sys.argv[1]]
runpy.run_path({start!r}, run_name="__main__")
"""
DOCTOR = Text("这不是学生的错：请运行 pytest-mmedu doctor。", "Not your fault: run pytest-mmedu doctor.")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs the homework with `child` as the program of the child process."""
    folder = tmp_path / "handed in"
    folder.mkdir()
    (folder / "homework.py").write_text(HOMEWORK, "utf-8")

    def run_it(child: str) -> SubmissionRun:
        script = tmp_path / "child.py"
        script.write_text(child, "utf-8")
        monkeypatch.setattr(
            carrying_out, "python", lambda _, talk: [sys.executable, "-I", "-u", "-X", "utf8", str(script), talk]
        )
        return run_submission(find_submission(folder), budget=Budget(), cache=RunCache(tmp_path / "cache"))

    yield run_it
    assert not list((tmp_path / "cache").glob("*/manifest.json"))


@pytest.mark.parametrize("ending", ["raise SystemExit(1)", "import os; os._exit(0)", "import os; os.abort()"])
def test_the_process_ends_before_it_begins(run: Run, ending: str) -> None:
    no_run = run(ending).no_run
    assert no_run is not None
    assert no_run.outcome == "error"
    assert no_run.seen == Text("运行作业的进程没有启动成功。", "The process that runs the submission did not start.")
    assert no_run.hint == DOCTOR


@pytest.mark.parametrize(
    ("error", "seen"),
    [
        ('RuntimeError("libcudart.so.12: wrong\\nELF class")', "RuntimeError: libcudart.so.12: wrong ELF class"),
        ('ImportError("cannot import name x")', "ImportError: cannot import name x"),
    ],
)
def test_a_library_that_does_not_load(run: Run, error: str, seen: str) -> None:
    no_run = run(BROKEN.format(error=error, start=START)).no_run
    assert no_run is not None
    assert no_run.outcome == "error"
    assert no_run.seen == Text(
        f"训练所需的软件无法导入（{seen}）。", f"The software for training does not load ({seen})."
    )
    assert no_run.hint == DOCTOR
