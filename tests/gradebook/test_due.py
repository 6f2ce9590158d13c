"""The loop asks nothing of an executor but what `concurrent.futures.Executor` promises, and never floods it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.batch.due import Job, grade_due
from pytest_mmedu.errors import MachineError, TrainingError
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.work import Seen
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text
from tests.gradebook.made import BROKEN, open_book, report

JOBS = [Job(f"s{number:02}", Path(f"s{number:02}"), "sha", "key") for number in range(30)]
WINDOW = 4
Work = Callable[[str, int], Report]


def judged(name: str, _: int) -> Report:
    return replace(report(name), versions={"python": "3"})


class Counting(ThreadPoolExecutor):
    """`most` is how many were handed out and not yet answered, `times` how often each was asked for."""

    def __init__(self, work: Work) -> None:
        super().__init__(2)
        self._work, self._open = work, 0
        self.times: Counter[str] = Counter()
        self.most = 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self._open += 1
        self.most = max(self.most, self._open)
        self.times[args[0]] += 1
        return super().submit(self._work, args[0], self.times[args[0]])

    def answered(self) -> None:
        self._open -= 1


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Gradebook]:
    with open_book(tmp_path) as opened:
        opened.see(Seen(job.student, str(job.path), job.sha256, job.key) for job in JOBS)
        yield opened


def grade(book: Gradebook, work: Work) -> Counting:
    done = []
    with Grader(book.path) as grader, Counting(work) as executor:
        for student in grade_due(book, grader, JOBS, lambda job: executor.submit(str, job.student), WINDOW):
            done.append(student)
            executor.answered()
    assert sorted(done) == [job.student for job in JOBS]
    return executor


def test_all_are_graded_and_few_are_handed_out_at_once(book: Gradebook) -> None:
    executor = grade(book, judged)
    assert {row.status for row in book.rows()} == {"graded"}
    assert executor.most <= WINDOW
    assert [row.report and row.report.submission.name for row in book.rows()] == [job.student for job in JOBS]


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TrainingError(Text("没了。", "Gone."), Text("重来。", "Again.")), Text("没了。重来。", "Gone. Again.")),
        (ValueError("a\nb"), Text("批改时出错：ValueError: a b。", "Grading failed: ValueError: a b.")),
    ],
)
def test_one_that_fails_costs_nobody_else_anything(book: Gradebook, error: Exception, told: Text) -> None:
    def work(name: str, times: int) -> Report:
        if name == "s07":
            raise error
        return judged(name, times)

    grade(book, work)
    problems = {row.student: row.problem for row in book.rows() if row.status != "graded"}
    assert problems == {"s07": told}


def test_one_whose_process_was_lost_is_tried_once_more(book: Gradebook) -> None:
    def work(name: str, times: int) -> Report:
        if (name == "s07" and times == 1) or name == "s11":
            return report(name, 0, 10, "error")  # as grade_one has it when nothing has judged
        return judged(name, times)

    executor = grade(book, work)
    assert {name: times for name, times in executor.times.items() if times > 1} == {"s07": 2, "s11": 2}
    assert {row.student: row.problem for row in book.rows() if row.status != "graded"} == {"s11": BROKEN}
    assert {row.attempts for row in book.rows()} == {1}


def test_the_reason_is_what_went_wrong_and_not_what_followed_from_it(book: Gradebook) -> None:
    busy = Text("电脑太忙。", "Too busy.")
    first = TestReport(
        "t.py::a", Text("甲", "A"), 5, 0, "error", (Result("made", "error", Text("查", "Check"), busy, hint=busy),)
    )
    then = TestReport("t.py::b", Text("乙", "B"), 5, 0, "error", (), Text("要先通过「甲」", "'A' has to pass first"))

    def work(name: str, times: int) -> Report:
        whole = judged(name, times)
        return replace(whole, tests=(first, then)) if name == "s07" else whole

    grade(book, work)
    assert {row.student: row.problem for row in book.rows() if row.status != "graded"} == {"s07": busy}


def test_what_was_graded_is_kept_when_the_executor_breaks(book: Gradebook) -> None:
    left = iter(range(9))

    def work(name: str, times: int) -> Report:
        if next(left, None) is None:
            raise BrokenProcessPool("killed")
        return judged(name, times)

    with pytest.raises(MachineError) as caught:
        grade(book, work)
    assert caught.value.text.zh == "批改的进程都停了：BrokenProcessPool killed。请再运行一次，会接着批改。"
    assert caught.value.text.en == (
        "The processes that grade have stopped: BrokenProcessPool killed. "
        "Type the same command again: it goes on where it was."
    )
    statuses = Counter(row.status for row in book.rows())
    assert statuses["graded"] + statuses["waiting"] == len(JOBS)
    assert 0 < statuses["graded"] <= 9
    grade(book, judged)
    assert {row.status for row in book.rows()} == {"graded"}
