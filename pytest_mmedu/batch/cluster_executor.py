"""集群的执行器 | Whatever is submitted runs on a Dask worker; the future that is given back is a plain one."""

from __future__ import annotations

import concurrent.futures
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any

from distributed import Client, KilledWorker
from distributed import Future as Task

from pytest_mmedu.batch.cluster_worker import PACKAGE, Exercise, Kit, other_versions, warm_session, work
from pytest_mmedu.batch.sent import pack
from pytest_mmedu.errors import MachineError, MMEduError
from pytest_mmedu.text import Text

_MOST_SENDS = 5  # of one submission, each after Dask has given it up


class ClusterExecutor(Executor):
    """Whatever is submitted runs on some worker; what a lost worker had is done by another."""

    session = staticmethod(warm_session)

    def __init__(
        self, client: Client, exercise: Path, resources: Mapping[str, float] | None = None, expected: int = 0
    ) -> None:
        self._client, self._resources, self._expected = client, dict(resources or {}), expected
        self._exercise = exercise.resolve()
        self._name = f"mmedu-{uuid.uuid4().hex}"
        self._lock = threading.Lock()
        self._tasks: dict[Future[Any], Task] = {}
        self._open = True
        self._stopped: BrokenExecutor | None = None
        self._equip()

    @property
    def slots(self) -> int:
        """How many submissions can be graded at once by the workers that are there now or are expected."""
        there: Mapping[str, int] = self._client.nthreads()
        return max(self._expected, sum(there.values()))

    def submit(self, call: Callable[..., Any], /, *given: Any, **named: Any) -> Future[Any]:
        """As every executor's. What cannot be read or sent is told by the future."""
        if not self._open:
            raise RuntimeError("after the end nothing is taken any more")
        if isinstance(call, partial):
            return self.submit(call.func, *call.args, *given, **{**call.keywords, **named})
        outcome: Future[Any] = Future()
        if self._stopped is not None:
            outcome.set_exception(self._stopped)
            return outcome
        try:
            sent = tuple(map(self._packed, given))
        except (MMEduError, OSError) as error:
            outcome.set_exception(error)
            return outcome
        outcome.add_done_callback(self._forget)
        self._send(outcome, (self._name, f"{self._name}-{uuid.uuid4().hex}", call, sent, named), 1)
        return outcome

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._open = False
        with self._lock:
            waiting = list(self._tasks)
        if cancel_futures:
            for outcome in waiting:
                outcome.cancel()
        if wait:
            concurrent.futures.wait(waiting)
            with suppress(OSError, ValueError, KeyError):  # the scheduler is gone, and the plugin with it
                self._client.unregister_worker_plugin(self._name)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.shutdown(cancel_futures=kind is not None)

    def stop(self, why: MMEduError) -> None:
        """Nobody will ever do what waits: it ends with this."""
        self._stopped = BrokenExecutor(str(why))
        with self._lock:
            waiting = list(self._tasks)
        for outcome in waiting:
            if not outcome.done() and outcome.set_running_or_notify_cancel():
                outcome.set_exception(self._stopped)

    def _equip(self) -> None:
        """Every worker, also one that comes later, gets the exercise and shows that it has our version."""
        ours = version(PACKAGE)
        said = self._client.run(version, PACKAGE, on_error="return")
        other = {where: one if isinstance(one, str) else None for where, one in said.items() if one != ours}
        if other:
            raise other_versions(other, ours)
        self._client.register_plugin(Kit(self._name, pack(self._exercise), ours))

    def _packed(self, one: Any) -> Any:
        if not isinstance(one, Path):
            return one
        if one.resolve() == self._exercise:
            return Exercise()
        return pack(one)

    def _send(self, outcome: Future[Any], job: Sequence[Any], times: int) -> None:
        try:
            task = self._client.submit(work, *job, pure=False, resources=self._resources or None)
        except Exception as error:  # noqa: BLE001 - there is no connection any more
            outcome.set_exception(_gone(error))
            return
        with self._lock:
            self._tasks[outcome] = task
        task.add_done_callback(lambda done: self._take(outcome, done, job, times))

    def _take(self, outcome: Future[Any], task: Task, job: Sequence[Any], times: int) -> None:
        """What Dask says becomes what the caller's future says."""
        error: BaseException | None = None
        value = None
        try:
            value = task.result()
        except KilledWorker:
            if times < _MOST_SENDS and not outcome.done():
                self._send(outcome, job, times + 1)
                return
            error = _unlucky()
        except BaseException as raised:  # noqa: BLE001 - handed on to whoever waits for it
            error = raised if task.status == "error" else _gone(raised)
        if outcome.done() or not outcome.set_running_or_notify_cancel():
            return
        if error is None:
            outcome.set_result(value)
        else:
            outcome.set_exception(error)

    def _forget(self, outcome: Future[Any]) -> None:
        with self._lock:
            task = self._tasks.pop(outcome, None)
        if task is not None and outcome.cancelled():
            task.cancel()


def _unlucky() -> MachineError:
    return MachineError(
        Text("批改这份作业的 worker 一再中断。", "The workers that were to grade this died again and again."),
        Text("请看 worker 的日志，再批改一次。", "Look at the workers' logs, and grade again."),
    )


def _gone(error: BaseException) -> BrokenExecutor:
    """Dask's word for it: scheduler-connection-lost, for example."""
    return BrokenExecutor(f"Dask {getattr(error, 'reason', None) or type(error).__name__}")
