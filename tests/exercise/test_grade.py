"""One submission graded in a process of its own: a fresh one, or a fork of one that is kept warm. All is the same."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.report.report import Report
from pytest_mmedu.submission.warm.zygotes import can_be_warm
from pytest_mmedu.text import Text

MakeExercise = Callable[..., Path]
Grade = Callable[..., Report]


@pytest.fixture(scope="module")
def executor() -> Iterator[WarmExecutor]:
    before = psutil.Process().children(recursive=True)
    with WarmExecutor(2) as executor:
        yield executor
    assert psutil.Process().children(recursive=True) == before


@pytest.fixture(params=["fresh", "warm"])
def grade(request: pytest.FixtureRequest, executor: WarmExecutor) -> Grade:
    return partial(grade_one, session=executor.session) if request.param == "warm" else grade_one


def _end(line: str) -> str:
    """A test file whose only test ends with this line."""
    head = '"""坏 | Bad"""\n\nfrom pytest_mmedu import points\n\n\n@points(6)\n'
    return f'{head}def test_one():\n    """一 | One"""\n    {line}\n'


def test_a_report_comes_back(make_exercise: MakeExercise, grade: Grade) -> None:
    folder = make_exercise()
    report = grade(folder, folder / "submissions" / "rejected" / "short")
    assert (report.exercise.id, report.submission.name) == ("01_small", "short")
    assert (report.score, report.max_score, report.has_errors) == (4.0, 10.0, False)
    assert [(test.nodeid, test.outcome) for test in report.tests] == [
        ("test_small.py::test_epochs", "failed"),
        ("test_small.py::test_rate", "passed"),
    ]


def test_settings_of_the_submission_and_the_surroundings_have_no_say(
    make_exercise: MakeExercise, grade: Grade, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_exercise()
    submission = folder / "submissions" / "rejected" / "short"
    (submission / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n", "utf-8")
    (submission / "conftest.py").write_text("raise SystemExit(0)\n", "utf-8")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    monkeypatch.setenv("MMEDU_SUBMISSION", str(folder))
    assert grade(folder, submission).score == 4.0


def test_no_report_is_an_error_with_all_points_declared(make_exercise: MakeExercise, grade: Grade) -> None:
    folder = make_exercise({"test_small.py": _end("import os; print('bye'); os._exit(0)")})
    report = grade(folder, folder / "submissions" / "rejected" / "short")
    assert (report.score, report.max_score, report.has_errors) == (0.0, 6.0, True)
    assert [(test.nodeid, test.outcome, test.points) for test in report.tests] == [
        ("test_small.py::test_one", "error", 6.0)
    ]
    assert report.notes[0].zh.startswith("批改进程没有留下报告，退出码 0：")
    assert report.notes[0].en.startswith("Grading left no report, exit code 0: ")


def test_a_test_file_that_is_not_python(make_exercise: MakeExercise, grade: Grade) -> None:
    folder = make_exercise({"test_small.py": "def test_one(:\n"})
    report = grade(folder, folder / "submissions" / "rejected" / "short")
    assert (report.tests, report.has_errors) == ((), True)
    assert "SyntaxError" in report.notes[0].en


def test_the_time_limit(make_exercise: MakeExercise, grade: Grade) -> None:
    folder = make_exercise({"test_small.py": _end("[0 for _ in iter(int, 1)]")})
    report = grade(folder, folder / "submissions" / "rejected" / "short", seconds=0.5)
    assert report.notes == (Text("批改超过 0.5 秒，已停止。", "Grading took more than 0.5 seconds and was stopped."),)
    assert (report.max_score, report.has_errors) == (6.0, True)
    assert not [one for one in psutil.Process().children(recursive=True) if "pytest.ini" in " ".join(one.cmdline())]


def test_an_exercise_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError):
        grade_one(tmp_path / "nowhere", tmp_path)


def test_both_give_the_same_report(make_exercise: MakeExercise, executor: WarmExecutor) -> None:
    folder = make_exercise()
    fresh, warm = (
        replace(grade_one(folder, folder / "submissions" / "rejected" / "short", **given), seconds=0.0)
        for given in ({}, {"session": executor.session})
    )
    assert fresh == warm


def test_two_at_once(make_exercise: MakeExercise, executor: WarmExecutor) -> None:
    """Each waits for the other: one after the other they would run into the limit."""
    folder = make_exercise({"test_small.py": _end(_MEET)})
    rooms = [folder / "submissions" / "rejected" / name for name in ("short", "fast")]
    graded = executor.map(partial(grade_one, folder, session=executor.session, seconds=30), rooms)
    assert [report.score for report in graded] == [6.0, 6.0]
    assert sorted(path.name for path in folder.glob("here-*")) == ["here-fast", "here-short"]


_MEET = """
    import sys
    from pathlib import Path
    folder = Path(__file__).parent
    here = next(Path(word).name for word in sys.argv if word.startswith("--mmedu-submission="))
    (folder / f"here-{here}").touch()
    while len(list(folder.glob("here-*"))) < 2:
        pass
""".strip()


@pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")
def test_a_judge_that_is_killed_is_replaced(make_exercise: MakeExercise, executor: WarmExecutor) -> None:
    folder = make_exercise()
    grade = partial(grade_one, folder, folder / "submissions" / "rejected" / "short", session=executor.session)
    assert grade().score == 4.0
    killed = executor._idle[-1].pid
    os.kill(killed, signal.SIGKILL)
    assert grade().score == 4.0
    assert killed not in [one.pid for one in executor._idle]


@pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")
def test_a_test_file_that_never_ends_is_named(
    make_exercise: MakeExercise, executor: WarmExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The teacher's mistake, which no submission can be blamed for. It is not tried again in a fresh process."""
    monkeypatch.setattr("pytest_mmedu.batch.judge.JUDGING_SECONDS", 1.0)
    folder = make_exercise({"test_small.py": "while True:\n    pass\n\n\n" + _end("assert True")})
    report = grade_one(folder, folder / "submissions" / "rejected" / "short", session=executor.session)
    assert [test.outcome for test in report.tests] == ["error"]
    assert report.notes == (
        Text(
            "180 秒内没有收集完 test_small.py：文件开头有死循环，或者做了很慢的事？请运行 pytest --collect-only 看看。",
            "Collecting test_small.py did not end within 180 seconds: is there an endless loop at its top, "
            "or something slow? Try pytest --collect-only.",
        ),
    )


@pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")
def test_of_a_test_file_that_never_ends_no_process_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asked is gone, the judge leaves, and what it has collected does not see that."""
    from pytest_mmedu.warm_judge import collected

    monkeypatch.setattr(collected, "_PATIENCE", 0.1)
    endless = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    ours, theirs = socket.socketpair()
    with theirs:
        collected.Collected(endless.pid, ours, {"exercise": []}).end()
    assert endless.poll() is not None


def test_a_test_file_that_was_changed_is_graded_as_it_is_now(
    make_exercise: MakeExercise, executor: WarmExecutor
) -> None:
    """It was collected before, with the points that it had then."""
    folder = make_exercise()
    grade = partial(grade_one, folder, folder / "submissions" / "rejected" / "short", session=executor.session)
    assert grade().max_score == grade().max_score == 10.0
    make_exercise({"test_small.py": _end("assert True")}, starters=False)
    report = grade()
    assert (report.score, report.max_score) == (6.0, 6.0)
