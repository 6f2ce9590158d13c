"""排队系统的作业 | Dask workers as jobs of Slurm or PBS, one process with one thread each.

What a site needs (queue, account, memory, a job's GPU, lines before the worker starts) stands in dask-jobqueue's own
settings, `~/.config/dask/jobqueue.yaml`; only what it must have and does not find there is given here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import MachineError, MissingPackageError
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from distributed import SpecCluster

# A judge, its zygotes and a student's program within its budget.
_NEEDED: Mapping[str, Any] = {"cores": 1, "processes": 1, "memory": "4GB"}


@contextmanager
def queued_cluster(system: str, jobs: int, resources: Mapping[str, float]) -> Iterator[SpecCluster]:
    """So many jobs are asked for; whoever waits for a first one may wait long.

    Raises:
        MachineError: the command of the system is not there.
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
    with kind(**_settings(system, resources)) as cluster:
        cluster.adapt(minimum_jobs=jobs, maximum_jobs=jobs)  # a job that came to its time limit is asked for anew
        yield cluster


def _settings(system: str, resources: Mapping[str, float]) -> dict[str, Any]:
    import dask

    given = dask.config.get(f"jobqueue.{system}", {})
    settings = {name: value for name, value in _NEEDED.items() if given.get(name) is None}
    settings["scheduler_options"] = {"dashboard": False, **(given.get("scheduler-options") or {})}
    if resources:
        words = " ".join(f"{name}={number:g}" for name, number in resources.items())
        settings["worker_extra_args"] = [*(given.get("worker-extra-args") or ()), "--resources", f"'{words}'"]
    return settings


def _no_command(system: str, command: str) -> MachineError:
    return MachineError(
        Text(f"这台机器上没有 {system} 的命令 {command}。", f"This machine has no {command}, the command of {system}."),
        Text("请在能提交作业的机器上运行。", "Run this where jobs can be submitted."),
    )
