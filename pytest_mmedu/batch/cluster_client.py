"""连上集群 | A connection to a Dask cluster that runs already, or the sentence that says why there is none."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client

from pytest_mmedu.errors import MachineError
from pytest_mmedu.text import Text, printable

_SECONDS = 30  # for a scheduler to answer, and for a first worker


@contextmanager
def at_address(where: str) -> Iterator[Client]:
    """A client of the cluster, which has a worker.

    Raises:
        MachineError: nobody answers, or there is no worker.
    """
    shown = printable(where, 80)
    try:
        client = _Client(where, timeout=_SECONDS)
    except (OSError, ValueError, asyncio.TimeoutError) as error:
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
            raise MachineError(
                Text(f"集群 {shown} 里没有 worker。", f"The cluster {shown} has no worker."),
                Text(f"请启动：dask worker {shown} --nthreads 1", f"Start one: dask worker {shown} --nthreads 1"),
            ) from error
        yield client


class _Client(Client):  # type: ignore[misc] # Dask's types are not looked at
    """One that does not come about is closed at once.

    Dask leaves that to Python's collector. Where it comes in the thread of the next client's loop, which has not begun,
    both wait for each other, and the next one fails after 10 seconds.
    """

    def __init__(self, where: str, **options: Any) -> None:
        try:
            super().__init__(where, **options)
        except BaseException:
            self.close()
            raise
