"""Submissions graded by a pytest of its own: a report file, the right points, the right exit code, in time."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.report import Report

from .conftest import HONEST, Machine

# Seven that deserve nothing. Graders that import what they grade give some of them everything, others no report.
NOTHING = {
    "an object that equals everything": "class Yes:\n    __eq__ = lambda self, other: True\nloss = answer = Yes()\n",
    "the grader patched at import": (
        "from importlib import import_module as get\nkit = 'pytest_' + 'mmedu.'\n"
        "get(kit + 'score').score = lambda *a: 100\nget(kit + 'report.build').build = lambda *a: 100\n"
        "get(kit + 'checks').CHECKS = {}\n"
    ),
    "sys.exit(0)": "import sys\nsys.exit(0)\n",
    "os._exit(0)": "import os\nos._exit(0)\n",
    "an endless loop": "while True:\n    pass\n",
    "a syntax error": "model.train(epochs=3\n",
    "a missing function": "def trian(epochs):\n    return epochs\n",
}
# Files that configure pytest, Python or a library where they are found; the work beside them is honest.
BESIDE = {
    "conftest.py": (
        "import pytest\n\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n"
        "    out = yield\n    out.get_result().outcome = 'passed'\n\n"
        "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n"
    ),
    "pytest.ini": "[pytest]\naddopts = --collect-only\n",
    "pytest.toml": '[pytest]\naddopts = ["--collect-only"]\n',
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = "--collect-only"\n',
    "setup.cfg": "[tool:pytest]\naddopts = --collect-only\n",
    "tox.ini": "[pytest]\naddopts = --collect-only\n",
    **dict.fromkeys(
        ("sitecustomize.py", "usercustomize.py", "json.py", "torch.py", "mmcls.py", "os.py"), "raise SystemExit(0)\n"
    ),
    "test_mine.py": "def test_mine(): pass\n",
}


def session(machine: Machine, submission: Path, *flags: str, env: dict[str, str] | None = None) -> tuple[int, Report]:
    """The exit code and the report of a pytest that reads no settings but those given here."""
    report = machine.folder.parent / "report.json"
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull]
    command += [f"--rootdir={machine.exercise}", "-p", "pytest_mmedu.plugin", str(machine.exercise)]
    command += [f"--mmedu-submission={submission}", f"--mmedu-report=json:{report}", "--mmedu-cache=off", *flags]
    # The variable that pytest sets for the test that runs is none of the inner one's.
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "MMEDU_"))}
    kept |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "TMPDIR": str(machine.folder.parent / "temporary"), **(env or {})}
    kept |= {"PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=machine.exercise, env=kept, capture_output=True, text=True, timeout=60, check=False
    )
    assert report.exists(), done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, read_report(report)


@pytest.mark.parametrize("name", NOTHING)
def test_what_deserves_nothing_gets_nothing(machine: Machine, name: str) -> None:
    machine.write_exercise(seconds=1.0)
    code, report = session(machine, machine.hand_in("case", NOTHING[name]))
    assert (code, report.score, report.max_score) == (1, 0.0, 100.0)
    assert [test.outcome for test in report.tests] == ["failed", "failed"]


def test_an_honest_one_gets_everything(machine: Machine) -> None:
    code, report = session(machine, machine.folder / "class" / "honest")
    assert (code, report.score, report.refused) == (0, 100.0, None)
    assert report.isolation in ("namespaces", "landlock", "process")
    assert set(report.guarantees) == {"files", "network", "processes", "memory", "disk"}


@pytest.mark.parametrize(("program", "score", "code"), [(HONEST, 100.0, 0), ("print(1)\n", 0.0, 1)])
def test_s01_s02_files_that_configure_others(machine: Machine, program: str, score: float, code: int) -> None:
    submission = machine.hand_in("case", program)
    for name, text in BESIDE.items():
        (submission / name).write_text(text, encoding="utf-8")
    ended, report = session(machine, submission)
    assert (ended, report.score, report.max_score) == (code, score, 100.0)
    assert any("json.py" in note.en for note in report.notes)


def hand_in_a_run(machine: Machine) -> Path:
    """A program that would leave a mark, with the log of a training beside it."""
    submission = machine.hand_in("case", "open('@TEACHER@/secrets/mark', 'w').write('run')\n")
    (submission / "checkpoints").mkdir()
    rows = (f'{{"mode": "train", "epoch": {n}, "iter": 1, "lr": 0.05, "loss": {2 / n}}}\n' for n in range(1, 7))
    (submission / "checkpoints" / "a.log.json").write_text("".join(rows), encoding="utf-8")
    return submission


def test_s13_without_a_box_that_is_strong_enough_nothing_is_run(machine: Machine, tmp_path: Path) -> None:
    """The path leads to no bubblewrap; what was handed in beside the program is graded all the same."""
    machine.write_exercise(least="namespaces")
    code, report = session(machine, hand_in_a_run(machine), env={"PATH": str(tmp_path)})
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (code, report.score, report.isolation) == (1, 100.0, "artefacts")
    assert report.refused is not None
    assert report.refused.zh == (
        "没有运行学生的程序：要求隔离级别至少 namespaces，这台电脑上不能用：namespaces（没有安装 bubblewrap）。"
        "在 Debian、Ubuntu 上运行：apt install bubblewrap。"
    )
    assert report.refused.en == (
        "The student's program was not run: isolation of at least namespaces is asked for, and this machine has none: "
        "namespaces (bubblewrap is not installed). On Debian or Ubuntu run: apt install bubblewrap"
    )


def test_s13_without_a_box_and_with_nothing_beside_the_program(machine: Machine, tmp_path: Path) -> None:
    machine.write_exercise(least="namespaces")
    code, report = session(machine, machine.folder / "class" / "honest", env={"PATH": str(tmp_path)})
    assert (code, report.score) == (1, 0.0)
    assert [test.outcome for test in report.tests] == ["error", "error"]
    assert "bubblewrap is not installed" in report.tests[0].results[0].seen.en


def test_a_level_below_the_exercise_s_own_is_not_used(machine: Machine) -> None:
    machine.write_exercise(least="namespaces")
    code, report = session(machine, hand_in_a_run(machine), "--mmedu-isolation=process")
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (code, report.isolation) == (1, "artefacts")
    assert report.refused is not None
    assert report.refused.zh == (
        "没有运行学生的程序：练习要求隔离级别至少 namespaces，设置的 process 比它弱。"
        "请去掉 --mmedu-isolation 这项设置，或设为 auto。"
    )
    assert report.refused.en == (
        "The student's program was not run: the exercise wants isolation of at least namespaces, and process, "
        "which was set, is weaker. Drop --mmedu-isolation, or set it to auto."
    )


def test_only_what_was_handed_in_where_that_is_wanted(machine: Machine) -> None:
    code, report = session(machine, hand_in_a_run(machine), "--mmedu-isolation=artefacts")
    assert not (machine.folder / "secrets" / "mark").exists()
    assert (code, report.score, report.isolation, report.refused) == (0, 100.0, "artefacts", None)
    assert report.notes[-1].zh == "程序没有运行，成绩来自交上来的日志和权重。"
    assert (
        report.notes[-1].en == "The program was not run: the score comes from the log and weights that were handed in."
    )


def test_an_exercise_that_runs_no_program_takes_logs_alone(machine: Machine) -> None:
    machine.write_exercise(least="artefacts")
    submission = hand_in_a_run(machine)
    (submission / "homework.py").unlink()
    code, report = session(machine, submission)
    assert (code, report.score, report.isolation, report.refused) == (0, 100.0, "artefacts", None)


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not installed")
def test_s14_where_bubblewrap_is_forbidden_the_next_level_is_used_and_stated(machine: Machine) -> None:
    """The judge itself in a box that has no further namespaces, as on a hosted runner: bwrap is there and of no use."""
    outer = ["bwrap", "--dev-bind", "/", "/", "--unshare-user", "--disable-userns", "--die-with-parent", "--"]
    shown = "from pytest_mmedu.submission.isolation.boxes import Boxes as B\n"
    shown += "b = B()\nprint(b.choose('auto', 'process').level, '|', b.tried('namespaces').missing.en)"
    done = subprocess.run(
        [*outer, sys.executable, "-c", shown], capture_output=True, text=True, timeout=60, check=False
    )
    if "disable-userns" in done.stderr:
        pytest.skip("this bubblewrap cannot forbid further namespaces")
    level, _, why = done.stdout.strip().partition(" | ")
    assert level in ("landlock", "process"), done.stderr
    assert why.startswith("it does not start: ")
    assert "bwrap" in why
