"""集群的选项 | The options with which a class is graded by other machines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pytest_mmedu.batch.cluster_executor import ClusterExecutor

Command = TypeVar("Command", bound=Callable[..., Any])


def _resources(_: click.Context, __: click.Parameter, value: str | None) -> Mapping[str, float]:
    """`GPU=1,SLOTS=2`, as `dask worker --resources` takes it."""
    if value is None:
        return {}
    try:
        pairs = [pair.split("=") for pair in value.replace(",", " ").split()]
        found = {name: float(number) for name, number in pairs}
    except ValueError:
        found = {}
    if not found or not all(0 < number < float("inf") for number in found.values()):
        raise click.BadParameter(str(Text("应写成 GPU=1。", "it takes the form GPU=1.")))
    return found


def on_cluster(command: Command) -> Command:
    """Both options."""
    where = click.option(
        "--cluster",
        metavar="tcp://HOST:8786|slurm|pbs",
        help="交给 Dask 集群批改；slurm、pbs 提交 --workers 个任务 | grade on a Dask cluster; slurm and pbs ask for "
        "--workers jobs",
    )
    needed = click.option(
        "--resources",
        metavar="GPU=1",
        callback=_resources,
        help="每份作业在集群里要用的资源 | what each needs of a worker's resources",
    )
    return where(needed(command))


def executor_of(
    cluster: str | None, resources: Mapping[str, float], exercise: Path, workers: int
) -> AbstractContextManager[ClusterExecutor | None]:
    """None without a cluster: this machine grades."""
    if cluster is None:
        if resources:
            raise click.UsageError(str(Text("--resources 要和 --cluster 一起用。", "--resources needs --cluster.")))
        return nullcontext()
    from pytest_mmedu.batch.cluster import open_cluster

    return open_cluster(cluster, exercise, workers=workers, resources=resources)
