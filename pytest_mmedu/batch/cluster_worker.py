"""集群里的批改 | What a Dask worker keeps and does while a class is graded: its own judges, and a count of deaths.

A submission that ends its worker is tried once more, alone in a worker's process. Both beginnings are noted with the
scheduler, which outlives the worker: a third never comes, whatever `allowed-failures` says.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from distributed import Reschedule, Worker, WorkerPlugin, get_client, get_worker

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.batch.sent import Sent, unpack
from pytest_mmedu.errors import MachineError
from pytest_mmedu.exercise.session import Invocation
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Text, printable

PACKAGE = "pytest-mmedu"
MOST_DEATHS = 2
_BEGAN, _ENDED = "began", "ended"
_here = threading.local()  # `kit` of the work that this thread does


class Kit(WorkerPlugin):  # type: ignore[misc] # Dask's types are not looked at
    """One per worker and class: the exercise on the worker's own disk, and judges that stay warm."""

    def __init__(self, name: str, exercise: Sent, of_version: str) -> None:
        self.name, self._exercise, self._version = name, exercise, of_version

    def setup(self, worker: Worker) -> None:
        """A worker that comes while a class is graded and has another version says so and goes again."""
        self._stack = ExitStack()
        self.fits = version(PACKAGE) == self._version
        if not self.fits:
            worker.loop.add_callback(worker.close_gracefully, restart=False)
            raise other_versions({worker.address: version(PACKAGE)}, self._version)
        self.exercise = unpack(self._exercise, self._stack.enter_context(temporary("cluster")))
        self.warm = self._stack.enter_context(WarmExecutor(1))
        self.door = Door()

    def teardown(self, worker: Worker) -> None:
        self._stack.close()


class Door:
    """Lets several into the process at once, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._closed = False

    @contextmanager
    def passed(self, *, alone: bool) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._closed and not (alone and self._inside))
            self._inside += 1
            self._closed = alone
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._closed = False
                self._changed.notify_all()


class Exercise:
    """Stands for the exercise among what is sent: each worker has it already."""


def work(
    kit_name: str, submission: str, call: Callable[..., Any], given: Sequence[Any], named: Mapping[str, Any]
) -> Any:
    """`call` with what was sent, on the worker's own disk. `submission` tells this one from all others.

    Raises:
        MachineError: it has ended as many workers as any may.
    """
    kit = _here.kit = _kit(kit_name)
    if not kit.fits:
        raise Reschedule
    scheduler = get_client()
    noted = [word for _, word in scheduler.get_events(submission)]
    deaths = noted.count(_BEGAN) - noted.count(_ENDED)
    if deaths >= MOST_DEATHS:
        raise _poisonous(given)
    with kit.door.passed(alone=deaths > 0), temporary("sent") as folder:
        scheduler.log_event(submission, _BEGAN)
        try:
            return call(*(_placed(one, kit, folder) for one in given), **named)
        finally:
            scheduler.log_event(submission, _ENDED)


def warm_session(invocation: Invocation, folder: Path, limit: float) -> Text | None:
    """A `Session` by the judges of the worker that this runs on."""
    happened: Text | None = _here.kit.warm.session(invocation, folder, limit)
    return happened


def other_versions(found: Mapping[str, str | None], ours: str) -> MachineError:
    """A sentence about workers that cannot grade as we do; None is for one without the package."""
    zh = "，".join(f"{where} 是 {there}" if there else f"{where} 没有安装" for where, there in found.items())
    en = ", ".join(f"{where} has {there or 'none'}" for where, there in found.items())
    seen = Text(
        f"这里的 {PACKAGE} 是 {ours}，集群里：{zh}。",
        f"{PACKAGE} is {ours} here, and in the cluster {en}.",
    )
    todo = Text(
        "版本不同，分数可能不同：请在所有 worker 上安装同一版本。",
        "Other versions may give other scores: install the same one on all workers.",
    )
    return MachineError(seen, todo)


def _kit(name: str) -> Kit:
    found = get_worker().plugins[name]
    assert isinstance(found, Kit)
    return found


def _placed(one: Any, kit: Kit, folder: Path) -> Any:
    if isinstance(one, Exercise):
        return kit.exercise
    return unpack(one, folder) if isinstance(one, Sent) else one


def _poisonous(given: Sequence[Any]) -> MachineError:
    name = next((printable(one.name, 80) for one in given if isinstance(one, Sent)), "?")
    seen = Text(
        f"批改 {name} 时 worker 两次中断，不再重试。",
        f"Two workers died while they graded {name}: it is not tried again.",
    )
    todo = Text(
        "请看 worker 的日志，并在本机单独批改这一份。",
        "Look at the workers' logs, and grade this one alone on your own machine.",
    )
    return MachineError(seen, todo)
