"""A system that is not Linux: no fork, no resource limits, no POSIX signals. The child process works without them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import Budget, SubmissionRun, carrying_out, find_submission, run_submission
from pytest_mmedu.text import Text

START = str(Path(carrying_out.__file__).with_name("_start.py"))
LIKE_THERE = """
import os, runpy, signal, sys

sys.platform = {system!r}
sys.modules["resource"] = None
for module, names in ((os, "fork setsid killpg waitpid WNOHANG"), (signal, "SIGKILL SIGALRM SIGCHLD")):
    for name in names.split():
        delattr(module, name)
sys.argv = [{start!r}, "pytest_mmedu.submission._child", sys.argv[1]]
runpy.run_path({start!r}, run_name="__main__")
"""


@pytest.fixture(params=["win32", "darwin"])
def system(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    child = tmp_path / "child.py"
    child.write_text(LIKE_THERE.format(system=request.param, start=START), "utf-8")
    monkeypatch.setattr(
        carrying_out, "python", lambda _, talk: [sys.executable, "-I", "-u", "-X", "utf8", str(child), talk]
    )
    return str(request.param)


def _run(tmp_path: Path, text: str, **budget: float) -> SubmissionRun:
    folder = tmp_path / "作业 王小红"
    folder.mkdir()
    (folder / "homework.py").write_text(text, "utf-8")
    return run_submission(find_submission(folder), budget=Budget(**budget), cache=RunCache(tmp_path / "cache"))  # type: ignore[arg-type]


def test_a_program_runs_to_its_end(system: str, tmp_path: Path) -> None:
    ran = _run(tmp_path, "import sys\nprint('这里是', sys.platform)\n")
    assert ran.no_run is not None
    assert ran.no_run.seen == Text(
        "程序运行完了，但没有训练。", "The program ran to its end without training anything."
    )
    assert f"这里是 {system}" in ran.stdout_tail


def test_an_endless_program_is_stopped(system: str, tmp_path: Path) -> None:
    # It sleeps: one that computes has to wait for the processor of a busy machine much longer.
    ran = _run(tmp_path, "import time\nwhile True:\n    time.sleep(60)\n", seconds=0.3)
    assert ran.no_run is not None
    assert ran.no_run.seen in (
        Text("程序运行超过 0.3 秒，已被停止。", "The program ran longer than 0.3 s and was stopped."),
        Text(  # where this very test gets no processor: nobody knows then
            "批改的电脑太忙，程序在限时内没有得到足够的计算时间，没有结论。",
            "The machine was too busy: the program did not get enough computing time within its limit. Inconclusive.",
        ),
    )
