"""并行批改 | Several submissions at once: threads that wait, each for a judging process that was started once.

    with WarmExecutor(workers=2) as executor:
        executor.submit(partial(grade_one, session=executor.session), exercise, submission)

Where a system cannot fork, each submission gets a fresh process, with the same report.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

from pytest_mmedu.batch.judge import Judge
from pytest_mmedu.exercise.session import Invocation, fresh_session
from pytest_mmedu.submission.warm.request import Broken
from pytest_mmedu.submission.warm.zygotes import can_be_warm
from pytest_mmedu.text import Text


class WarmExecutor(ThreadPoolExecutor):
    """`session` is for `grade_one`, and to be used while the executor is open."""

    def __init__(self, workers: int) -> None:
        super().__init__(workers)
        self._lock = threading.Lock()
        self._idle: list[Judge] = []
        self._open = True

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool | None:
        try:
            return super().__exit__(kind, error, trace)
        finally:
            self._close()

    def session(self, invocation: Invocation, folder: Path, limit: float) -> Text | None:
        """As `fresh_session`, by a judge that is idle or is started now; where it is lost, by a fresh process."""
        if not can_be_warm():
            return fresh_session(invocation, folder, limit)
        judge = self._take()
        try:
            happened = judge.session(invocation, folder, limit)
        except Broken:
            judge.close()
            return fresh_session(invocation, folder, limit)
        except BaseException:
            judge.close()
            raise
        self._give_back(judge)
        return happened

    def _take(self) -> Judge:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return Judge()

    def _give_back(self, judge: Judge) -> None:
        with self._lock:
            if self._open:
                self._idle.append(judge)
                return
        judge.close()

    def _close(self) -> None:
        with self._lock:
            self._open = False
            idle, self._idle = self._idle, []
        for judge in idle:
            judge.close()
