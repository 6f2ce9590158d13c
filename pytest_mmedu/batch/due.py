"""批改要批的 | Grade what is due: a few at a time, each result kept at once, together with other graders.

The loop knows no more of the executor than `concurrent.futures.Executor` says, and holds no more reports and futures
than `window`, however large the class is.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, CancelledError, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_mmedu.errors import MachineError, MMEduError
from pytest_mmedu.exercise.grade import JUDGING_SECONDS
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.work import Attempt
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.text import Text, printable

_LOOK_AGAIN = 0.5  # seconds, while only others are still at work


@dataclass(frozen=True)
class Job:
    """A submission of this class; `path` is where this grader finds it.

    owner  the student's id, as the list of the class has it; "" where the submission is asked
    """

    student: str
    path: Path
    sha256: str
    key: str
    owner: str = ""
    again: bool = False  # its process was lost once


Submit = Callable[[Job], "Future[Report]"]


def grade_due(book: Gradebook, grader: Grader, jobs: Sequence[Job], submit: Submit, window: int) -> Iterator[str]:
    """The students whose grading has ended, here or in another grader, each as soon as it has.

    A submission that a living grader is at is left to it; should it be killed, this one takes over. One whose process
    was lost is tried once more.

    Raises:
        MachineError: the executor is gone. What was graded is kept.
    """
    waiting = deque(jobs)
    pending: dict[Future[Report], Job] = {}
    try:
        while waiting or pending:
            held: list[Job] = []
            while waiting and len(pending) < window:
                job = waiting.popleft()
                claimed = book.claim(job.student, grader)
                if claimed:
                    pending[submit(job)] = job
                elif claimed is None:
                    yield job.student
                else:
                    held.append(job)
            waiting.extend(held)
            if not pending:
                time.sleep(_LOOK_AGAIN if waiting else 0)
            for future in wait(pending, return_when=FIRST_COMPLETED).done:
                job = pending.pop(future)
                attempt = _attempt(job, future)
                if not job.again and _lost(attempt):
                    job = replace(job, again=True)
                    pending[submit(job)] = job
                    continue
                book.put(attempt)
                yield job.student
    finally:
        for future in pending:
            future.cancel()


def _attempt(job: Job, future: Future[Report]) -> Attempt:
    try:
        found = future.result()
    except (BrokenExecutor, CancelledError) as error:
        raise _stopped(error) from error
    except MMEduError as error:
        return Attempt(job.student, job.sha256, job.key, None, error.text)
    except Exception as error:  # noqa: BLE001 - one submission must not cost the others theirs
        return Attempt(job.student, job.sha256, job.key, None, _unknown(error))
    report = replace(found, submission=replace(found.submission, name=job.student))
    return Attempt(job.student, job.sha256, job.key, report, _problem(report))


def _lost(attempt: Attempt) -> bool:
    """Nothing has judged it, and not because it took too long: its process was killed, perhaps by mistake."""
    report = attempt.report
    return report is not None and not report.versions and report.seconds < JUDGING_SECONDS


def _problem(report: Report) -> Text | None:
    """Why this report does not count: something of ours went wrong."""
    if not report.has_errors:
        return None
    said = [text for test in report.tests if test.outcome == "error" for text in _reasons(test)]
    return next(iter([*filter(None, [report.refused]), *said, *report.notes]), _NO_REASON)


def _reasons(test: TestReport) -> list[Text]:
    """Its checks first: what the test says itself may be no more than that an earlier one has to pass."""
    seen = [result.seen for result in test.results if result.outcome == "error"]
    return list(filter(None, [*seen, test.message]))


def _unknown(error: Exception) -> Text:
    what = printable(f"{type(error).__name__}: {' '.join(str(error).split())}", 300)
    return Text(f"批改时出错：{what}。", f"Grading failed: {what}.")


def _stopped(error: Exception) -> MachineError:
    what = printable(f"{type(error).__name__} {' '.join(str(error).split())}".strip(), 300)
    seen = Text(f"批改的进程都停了：{what}。", f"The processes that grade have stopped: {what}.")
    todo = Text("请再运行一次，会接着批改。", "Type the same command again: it goes on where it was.")
    return MachineError(seen, todo)


_NO_REASON = Text("批改时出错，没有说明原因。", "Grading failed without a reason.")
