"""用集群批改 | Grade on a Dask cluster: the same `concurrent.futures.Executor`, with workers on other machines.

    with open_cluster("tcp://scheduler:8786", exercise) as executor:
        executor.submit(partial(grade_one, session=executor.session), exercise, submission)

No shared disk is needed. A path among the positional arguments of what is submitted is sent along and has another
place on the worker; the exercise is sent once to each. Keyword arguments stay as they are: `cache` is a place there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_mmedu.errors import MissingPackageError
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.batch.cluster_executor import ClusterExecutor

QUEUES = ("slurm", "pbs")


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
        from pytest_mmedu.batch.cluster_client import at_address
        from pytest_mmedu.batch.cluster_executor import ClusterExecutor
    except ImportError:
        raise _missing("dask[distributed]") from None
    if where not in QUEUES:
        with at_address(where) as client, ClusterExecutor(client, exercise, resources) as executor:
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


def _missing(package: str) -> MissingPackageError:
    return MissingPackageError(
        Text(f"没有安装 {package}。", f"{package} is not installed."),
        Text('请运行 pip install "pytest-mmedu[cluster]"。', 'Run pip install "pytest-mmedu[cluster]".'),
    )
