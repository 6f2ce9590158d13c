"""An exercise that asks for answers alone: graded in this very process, nothing is started, nothing heavy imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.report import Report

Grade = Callable[..., Report]

TOML = """\
id = "read-a-log"
title = { zh = "读日志", en = "Read a log" }
answers = "answers.toml"
"""
TESTS = '''
import subprocess
from pathlib import Path

import pytest
from pytest_mmedu import Text, points
from pytest_mmedu.logs import read_log

LOG = read_log(Path(__file__).with_name("run.log.json"))

@points(60)
def test_epochs(check):
    """轮数 | Epochs"""
    check.answer("epochs_run", equals=LOG.train[-1].epoch, where=Text("看最后一行。", "Look at the last line."))
    check.answer("last_loss", equals=LOG.train[-1].loss, within="1%")

@points(40)
def test_cause(check):
    """原因 | Cause"""
    check.answer("parameter", one_of=("lr", "learning rate"))
'''
STARTER = '# 答案\nepochs_run = "..."\nlast_loss = "..."\nparameter = "..."\n'
RIGHT = 'epochs_run = 4711\nlast_loss = 0.25\nparameter = "LR"\n'
RECORD = {"mode": "train", "epoch": 4711, "iter": 1, "lr": 0.05, "loss": 0.2513}
# Written into the inner session's conftest: whoever starts a process or imports what is heavy is named.
WATCH = """
import subprocess, sys

def pytest_configure(config):
    def refused(*args, **kwargs):
        raise RuntimeError("a process is started")
    subprocess.Popen = refused

def pytest_unconfigure():
    print("heavy:", sorted({"torch", "numpy", "mmcv", "mmcls"} & set(sys.modules)))
"""


@pytest.fixture
def exercise(pytester: pytest.Pytester) -> Path:
    folder = pytester.mkdir("read-a-log")
    for name, text in {
        "exercise.toml": TOML,
        "test_log.py": TESTS,
        "answers.toml": STARTER,
        "run.log.json": json.dumps(RECORD) + "\n",
        "conftest.py": WATCH,
    }.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def session(exercise: Path, submission: Path | None) -> tuple[int, str, Report]:
    report = exercise.parent / "report.json"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "pytest_mmedu.plugin"]
    command += ["-c", os.devnull, str(exercise), f"--mmedu-report=json:{report}"]
    command += [f"--mmedu-submission={submission}"] if submission else []
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environ, cwd=exercise, check=False)
    assert "heavy: []" in done.stdout, done.stdout + done.stderr
    return done.returncode, done.stdout, read_report(report)


def hand_in(folder: Path, text: str, name: str = "answers.toml") -> Path:
    folder.mkdir()
    (folder / name).write_text(text, "utf-8")
    return folder


def test_right_answers_earn_everything(exercise: Path, tmp_path: Path) -> None:
    folder = hand_in(tmp_path / "张三", RIGHT)
    (folder / "homework.py").write_text("raise SystemExit('never run')\n", "utf-8")
    code, shown, report = session(exercise, folder)
    assert (code, report.score, report.max_score) == (0, 100.0, 100.0), shown
    assert report.submission.sha256 is not None
    assert report.isolation == ""
    assert report.notes == ()


@pytest.mark.parametrize("name", ["李四.toml", "答案.txt"])
def test_a_single_file_is_a_submission(exercise: Path, tmp_path: Path, name: str) -> None:
    code, shown, report = session(exercise, hand_in(tmp_path / "x", RIGHT, name) / name)
    assert (code, report.score, report.submission.name) == (0, 100.0, name), shown


def test_the_untouched_starter_is_not_filled_in(exercise: Path) -> None:
    code, _, report = session(exercise, None)
    seen = [result.seen.en for test in report.tests for result in test.results]
    assert (code, report.score, seen) == (1, 0.0, ["not filled in"] * 3)
    assert report.tests[0].results[0].place == "answers.toml:2"


def test_wrong_answers_are_told_nothing_of_the_right_ones(exercise: Path, tmp_path: Path) -> None:
    text = 'epochs_run = 12\nlast_loss = "0.3"\nparameter = "batch"\n'
    code, shown, report = session(exercise, hand_in(tmp_path / "x", text))
    written = (exercise.parent / "report.json").read_text("utf-8")
    assert (code, report.score) == (1, 0.0)
    for value in ("4711", "0.2513", "learning rate"):
        assert value not in written
        assert value not in shown
    hints = [result.hint.en for test in report.tests for result in test.results if result.hint]
    assert hints[0] == "Look at the last line."


def test_nothing_handed_in(exercise: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, report = session(exercise, tmp_path / "empty")
    assert (code, report.score) == (1, 0.0)
    assert report.tests[0].results[0].seen.zh == "没有找到答案文件 answers.toml"
