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
from pytest_mmedu.exercise.grade import JUDGING_SECONDS
from pytest_mmedu.exercise.session import Invocation, fresh_session
from pytest_mmedu.submission.warm.request import Broken, Late
from pytest_mmedu.submission.warm.zygotes import can_be_warm
from pytest_mmedu.text import Text, listing


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
        except Late:
            judge.close()
            return _not_collected(invocation)
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


def _not_collected(invocation: Invocation) -> Text:
    """What a test file does that pytest imports without an end. No submission has a part in it."""
    files = listing(Path(argument).name for argument in invocation.exercise if argument.endswith(".py"))
    return Text(
        f"{JUDGING_SECONDS:g} 秒内没有收集完 {files.zh}：文件开头有死循环，或者做了很慢的事？"
        "请运行 pytest --collect-only 看看。",
        f"Collecting {files.en} did not end within {JUDGING_SECONDS:g} seconds: is there an endless loop at its top, "
        "or something slow? Try pytest --collect-only.",
    )
