"""排队系统的任务 | Dask workers as jobs of Slurm or PBS, one process with one thread each.

What a site needs (queue, account, memory, a job's GPU, lines before the worker starts) stands in dask-jobqueue's own
settings, `~/.config/dask/jobqueue.yaml`; only what it must have and does not find there is given here.
"""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import click

from pytest_mmedu.errors import MachineError, MissingPackageError
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from distributed import SpecCluster

# A judge, its zygotes and a student's program within its budget.
_NEEDED: Mapping[str, Any] = {"cores": 1, "processes": 1, "memory": "4GB"}
_LOOK_AGAIN, _ASK_AGAIN = 0.2, 5.0  # seconds: whether a worker is there, whether a job is
_ASKING_SECONDS = 60


@dataclass
class Jobs:
    """What became of the jobs that were asked for. `tell` hears of it when one is refused and nobody is at work."""

    system: str
    cluster: SpecCluster | None = None
    taken: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    tell: Callable[[MachineError], None] = lambda _: None

    def refuse(self, error: Exception) -> None:
        self.refused.append(_said(error))
        if not self._anybody():
            self.tell(self.refusal())

    def refusal(self) -> MachineError:
        said = printable(self.refused[-1], 300)
        return MachineError(
            Text(f"{self.system} 不接受任务：{said}", f"{self.system} refuses the job: {said}"),
            Text(
                "请在 ~/.config/dask/jobqueue.yaml 里写明队列、账号、内存和时间，或减少 --workers。",
                "Give queue, account, memory and time in ~/.config/dask/jobqueue.yaml, or ask for fewer --workers.",
            ),
        )

    def wait_for_one(self, asked: int) -> None:
        """Until a worker has come.

        Raises:
            MachineError: no job was taken, or all have ended without a worker.
        """
        look = time.monotonic() + _ASK_AGAIN
        while not self._anybody():
            if len(self.refused) >= asked:
                raise self.refusal()
            time.sleep(_LOOK_AGAIN)
            if time.monotonic() > look:
                if self.taken and self._all_ended():
                    raise _ended(self.system, self.taken)
                look = time.monotonic() + _ASK_AGAIN

    def _anybody(self) -> bool:
        return self.cluster is not None and bool(self.cluster.scheduler.workers)

    def _all_ended(self) -> bool:
        """Only Slurm is asked; a controller that does not answer says nothing."""
        if self.system != "slurm":
            return False
        with suppress(OSError, subprocess.SubprocessError):
            words = ["squeue", "--noheader", "--format=%i"]
            shown = subprocess.run(words, capture_output=True, check=True, timeout=_ASKING_SECONDS).stdout
            return not set(self.taken) & set(shown.decode("ascii", "replace").split())
        return False


@contextmanager
def queued_cluster(system: str, jobs: int, resources: Mapping[str, float]) -> Iterator[Jobs]:
    """So many jobs are asked for; it begins with the first that runs, which may take long.

    Raises:
        MachineError: the command of the system is not there, or it takes no job, or none of them has started a worker.
        MissingPackageError: dask-jobqueue is not installed here.
    """
    try:
        import dask_jobqueue
    except ImportError:
        raise MissingPackageError(
            Text("没有安装 dask-jobqueue。", "dask-jobqueue is not installed."),
            Text('请运行 pip install "pytest-mmedu[cluster]"。', 'Run pip install "pytest-mmedu[cluster]".'),
        ) from None
    kind, command = {"slurm": (dask_jobqueue.SLURMCluster, "sbatch"), "pbs": (dask_jobqueue.PBSCluster, "qsub")}[system]
    if shutil.which(command) is None:
        raise _no_command(system, command)
    asked = Jobs(system)
    with kind(job_cls=_noting(kind.job_cls, asked), **_settings(system, resources)) as cluster:
        asked.cluster = cluster
        cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)  # a job that came to its time limit is asked for anew
        click.echo(str(_asked_for(system, jobs)), err=True)
        asked.wait_for_one(jobs)
        yield asked


def _noting(kind: Any, asked: Jobs) -> Any:
    """Jobs that say whether they were taken. One that was not ends nothing by itself: others may have been."""

    from distributed.deploy.spec import ProcessInterface

    class Noting(kind):  # type: ignore[misc] # the class of a library without types
        async def start(self) -> None:
            try:
                await super().start()
            except (OSError, RuntimeError, ValueError) as error:
                await ProcessInterface.start(self)
                asked.refuse(error)
            else:
                asked.taken.append(str(self.job_id))

    return Noting


def _said(error: Exception) -> str:
    """The words of sbatch or qsub, out of all that dask-jobqueue tells."""
    whole = str(error)
    before, _, complaint = whole.rpartition("stderr:")
    words = (complaint, before.rpartition("stdout:")[2], whole, type(error).__name__)
    return next(" ".join(one.split()) for one in words if one.strip())


def _settings(system: str, resources: Mapping[str, float]) -> dict[str, Any]:
    import dask

    given = dask.config.get(f"jobqueue.{system}", {})
    settings = {name: value for name, value in _NEEDED.items() if given.get(name) is None}
    settings["scheduler_options"] = {
        "dashboard": False,
        "dashboard_address": ":0",
        **(given.get("scheduler-options") or {}),
    }
    if resources:
        words = " ".join(f"{name}={number:g}" for name, number in resources.items())
        settings["worker_extra_args"] = [*(given.get("worker-extra-args") or ()), "--resources", f"'{words}'"]
    return settings


def _no_command(system: str, command: str) -> MachineError:
    return MachineError(
        Text(f"这台机器上没有 {system} 的命令 {command}。", f"This machine has no {command}, the command of {system}."),
        Text("请在能提交任务的机器上运行。", "Run this where jobs can be submitted."),
    )


def _asked_for(system: str, jobs: int) -> Text:
    return Text(
        f"向 {system} 申请了 {jobs} 个任务，等第一个开始。",
        f"Jobs asked of {system}: {jobs}. Waiting for the first to begin.",
    )


def _ended(system: str, taken: list[str]) -> MachineError:
    names = printable(", ".join(taken), 80)
    return MachineError(
        Text(
            f"{system} 的任务 {names} 都已结束，却没有启动 worker。",
            f"The jobs {names} of {system} have all ended, and none started a worker.",
        ),
        Text(
            "请看任务的输出（jobqueue.yaml 的 log-directory），核对任务能找到这个 Python。",
            "Look at their output (log-directory in jobqueue.yaml): can they find this Python?",
        ),
    )
