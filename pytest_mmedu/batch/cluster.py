"""用集群批改 | Grade on a Dask cluster: the same `concurrent.futures.Executor`, with workers on other machines.

    with open_cluster("tcp://scheduler:8786", exercise) as executor:
        executor.submit(partial(grade_one, session=executor.session), exercise, submission)

No shared disk is needed. A path among the positional arguments of what is submitted is sent along and has another
place on the worker; the exercise is sent once to each. Keyword arguments stay as they are: `cache` is a place there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.errors import MachineError, MissingPackageError
from pytest_mmedu.text import Text, printable

if TYPE_CHECKING:
    from distributed import Client

    from pytest_mmedu.batch.cluster_executor import ClusterExecutor

QUEUES = ("slurm", "pbs")
_SECONDS = 30  # for a scheduler to answer, and for a first worker of a cluster that runs already


@contextmanager
def open_cluster(
    where: str, exercise: Path, *, workers: int = 1, resources: Mapping[str, float] | None = None
) -> Iterator[ClusterExecutor]:
    """An executor for `exercise` on the cluster at the address `where`, or on jobs of "slurm" or "pbs".

    `workers` is how many such jobs are asked for; a cluster at an address has its own. `resources` is what each
    submission needs of those that workers were started with: {"GPU": 1}.

    Raises:
        MachineError: nobody answers, there is no worker, or one has another version of this package; or the queue
            takes no job.
        MissingPackageError: Dask is not installed here.
    """
    try:
        from pytest_mmedu.batch.cluster_executor import ClusterExecutor
    except ImportError:
        raise _missing("dask[distributed]") from None
    if where not in QUEUES:
        with _at_address(where) as client, ClusterExecutor(client, exercise, resources) as executor:
            yield executor
        return
    from distributed import Client

    from pytest_mmedu.batch.queued import queued_cluster

    with (
        queued_cluster(where, workers, resources or {}) as jobs,
        Client(jobs.cluster) as client,
        ClusterExecutor(client, exercise, resources, expected=workers) as executor,
    ):
        jobs.tell = executor.stop
        yield executor


@contextmanager
def _at_address(where: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(where, timeout=_SECONDS)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
        shown = printable(where, 80)
        raise MachineError(
            Text(f"连不上集群 {shown}。", f"The cluster {shown} does not answer."),
            Text(
                "请核对地址；dask scheduler 启动时会显示它。",
                "Check the address: dask scheduler shows it when it starts.",
            ),
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_SECONDS)
        except asyncio.TimeoutError as error:
            shown = printable(where, 80)
            raise MachineError(
                Text(f"集群 {shown} 里没有 worker。", f"The cluster {shown} has no worker."),
                Text(f"请启动：dask worker {shown} --nthreads 1", f"Start one: dask worker {shown} --nthreads 1"),
            ) from error
        yield client


def _missing(package: str) -> MissingPackageError:
    return MissingPackageError(
        Text(f"没有安装 {package}。", f"{package} is not installed."),
        Text('请运行 pip install "pytest-mmedu[cluster]"。', 'Run pip install "pytest-mmedu[cluster]".'),
    )
