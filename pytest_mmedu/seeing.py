"""看结果 | What one phase of one test came to: told apart into the student's, the kit's, and nobody's fault."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mmedu.errors import ExerciseError, InputError, MMEduError, OptionError, TrainingError
from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.score import Phase, Seen, outcome_of
from pytest_mmedu.text import Text, printable

_TEACHERS = (ExerciseError, OptionError)


class ChecksFailed(pytest.fail.Exception):  # type: ignore[misc,name-defined]
    """A check of this test said no: pytest shows the sentence alone, no traceback."""

    def __init__(self, message: str) -> None:
        super().__init__(message, pytrace=False)


class NothingToJudge(pytest.fail.Exception):  # type: ignore[misc,name-defined]
    """A fixture has nothing to give because of the student: unfilled file, syntax error, crash of the script."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text), pytrace=False)
        self.text = text


def see(call: pytest.CallInfo[Any], report: pytest.TestReport, results: tuple[Result, ...]) -> Seen | None:
    """What to remember of this phase; None where it says nothing about the score."""
    phase: Phase = report.when
    error = call.excinfo.value if call.excinfo else None
    if report.passed:
        return Seen(report.nodeid, phase, outcome_of(results), results) if phase == "call" else None
    if isinstance(error, ChecksFailed):
        return Seen(report.nodeid, phase, outcome_of(results), results)
    outcome = _outcome(phase, report, error)
    return Seen(report.nodeid, phase, outcome, results, _message(report, error, outcome), finished=False)


def _outcome(phase: Phase, report: pytest.TestReport, error: BaseException | None) -> Outcome:
    if report.skipped and not hasattr(report, "wasxfail"):
        return "not run"
    if isinstance(error, NothingToJudge):
        return "failed"
    if phase == "call" and (error is None or isinstance(error, AssertionError | pytest.fail.Exception)):
        return "failed"
    mistaken = isinstance(error, InputError | TrainingError) and not isinstance(error, _TEACHERS)
    return "failed" if mistaken else "error"


def _message(report: pytest.TestReport, error: BaseException | None, outcome: Outcome) -> Text | None:
    """The sentence for the card: a first line, never a traceback."""
    if isinstance(error, NothingToJudge):
        return error.text
    if isinstance(error, MMEduError):
        return error.text
    if report.skipped and isinstance(report.longrepr, tuple):
        return Text.parse(_first_line(report.longrepr[2].removeprefix("Skipped: ")))
    if error is None:
        return Text.same(_first_line(report.longreprtext))
    words = _first_line(str(error))
    return Text.parse(words) if outcome != "error" else Text.same(f"{type(error).__name__}: {words}")


def _first_line(text: str) -> str:
    return printable(next((line for line in text.splitlines() if line.strip()), ""))


def crashed(report: pytest.TestReport) -> Seen:
    """The process that ran this test died: neither pytest nor we were there to see why."""
    died = Text("运行这个测试的进程中途退出了", "the process that ran this test died")
    return Seen(report.nodeid, "crash", "error", message=died, finished=False)
