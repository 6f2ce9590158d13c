"""Seven submissions that deserve nothing, for an exercise that asks for a function and is worth 5 points.

Graders that import what they grade give two of them everything, and others no report or the exit code of a success.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_mmedu.report.json_file import read_report

from .cases_exhausting import TOO_BUSY
from .conftest import Machine
from .sessions import environment, graded

HONEST = (
    "def total(numbers):\n    result = 0\n    for number in numbers:\n        result += number\n    return result\n"
)
SEVEN = {
    "equals_everything": (
        "class Yes(int):\n    __eq__ = __le__ = __ge__ = lambda self, other: True\n    __hash__ = int.__hash__\n"
        "def total(numbers):\n    return Yes()\n",
        "total([1]) returns a Yes object, not a number",
    ),
    "patches_the_grader": (
        "import builtins, sys\nfrom importlib import import_module as get\nkit = 'pytest_' + 'mmedu.'\n"
        "def try_to(where, what, value):\n    try:\n        setattr(get(kit + where), what, value)\n"
        "    except Exception:\n        pass\n"
        "try_to('score', 'score', lambda *a: 5)\ntry_to('report.build', 'build', lambda *a: 5)\n"
        "try_to('checks', 'CHECKS', {})\ntry_to('checks.agreement', 'agree', lambda *a: True)\n"
        "try_to('result', 'Result', lambda *a, **k: None)\nbuiltins.sum = lambda numbers: 0\n"
        "builtins.all = lambda rows: True\ndef total(numbers):\n    return 0\n",
        "total([1]) returns 0, which is not right",
    ),
    "sys_exit": (
        f"import sys\n{HONEST}sys.exit(0)\n",
        "The program ended itself (sys.exit, code 0) before its function could be called.",
    ),
    "os_exit": (
        "import os\ndef total(numbers):\n    os._exit(0)\n",
        "In total([1]): the program stopped before its end (exit code 0)",
    ),
    "endless_loop": (
        "def total(numbers):\n    while True:\n        pass\n",
        "In total([1]): the program ran longer than 1 s and was stopped",
    ),
    "syntax_error": (
        "def total(numbers)\n    return sum(numbers)\n",
        "There is a syntax error in line 1: def total(numbers)",
    ),
    "missing_function": (
        "def sum_of(numbers):\n    return sum(numbers)\n",
        "The program has no function total.",
    ),
}
TESTS = '''\
"""求和 | The sum"""
from pytest_mmedu import points

@points(5)
def test_total(check):
    """函数对不对 | The function"""
    check.function("total", examples=[([1],), ([],), ([2, 3],), ([-1, 1.5],)], reference=sum)
'''


@pytest.fixture
def course(machine: Machine) -> Machine:
    """The exercise, and a class of the seven and an honest neighbour."""
    machine.write_exercise(seconds=1.0)
    (machine.exercise / "test_exercise.py").write_text(TESTS, encoding="utf-8")
    machine.hand_in("honest", HONEST)
    return machine


@pytest.mark.parametrize("name", SEVEN)
def test_each_ends_with_nothing_a_report_and_exit_code_1(course: Machine, name: str) -> None:
    program, why = SEVEN[name]
    ended = graded(course, course.hand_in(name, program), "--mmedu-lang=en")
    assert (ended.code, ended.report.score, ended.report.max_score) == (1, 0.0, 5.0)
    assert "Score 0 / 5" in ended.shown
    [test] = ended.report.tests
    [result] = test.results
    if name == "endless_loop" and TOO_BUSY in result.seen.en:
        why, outcome = result.seen.en, "error"
    else:
        outcome = "failed"
    assert (result.outcome, result.share, result.seen.en) == (outcome, 0.0, why)


def test_the_honest_neighbour_gets_everything(course: Machine) -> None:
    ended = graded(course, course.folder / "class" / "honest", "--mmedu-lang=en")
    assert (ended.code, ended.report.score, ended.report.from_cache) == (0, 5.0, False)
    assert "Score 5 / 5" in ended.shown
    assert "without training" not in ended.shown
    assert ended.report.isolation in ("container", "namespaces", "landlock", "process")
    assert set(ended.report.guarantees) == {"files", "network", "processes", "memory", "disk"}


def test_a_whole_class_of_them_leaves_a_report_each(course: Machine, tmp_path: Path) -> None:
    for name, (program, _) in SEVEN.items():
        course.hand_in(name, program)
    command = [sys.executable, "-m", "pytest_mmedu", "grade", str(course.folder / "class"), "--cache", "off"]
    command += ["--exercise", str(course.exercise), "--out", str(tmp_path), "--workers", "2"]
    done = subprocess.run(
        [*command, "--lang", "en"],
        env=environment(course),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    reports = {path.stem: read_report(path) for path in (tmp_path / "reports").iterdir()}
    assert {name: report.score for name, report in reports.items()} == {**dict.fromkeys(SEVEN, 0.0), "honest": 5.0}
    outcomes = {name: report.tests[0].outcome for name, report in reports.items()}
    assert outcomes.pop("endless_loop") in ("failed", "error")  # a machine that is too busy cannot tell
    assert outcomes == {**{name: "failed" for name in SEVEN if name != "endless_loop"}, "honest": "passed"}
    words = [line.split() for line in done.stdout.splitlines()]
    totals = {row[0]: " ".join(row[-3:]) for row in words if len(row) > 3 and row[0] in reports}
    assert totals == {**dict.fromkeys(SEVEN, "0 / 5"), "honest": "5 / 5"}
