"""A Dask scheduler and workers in processes of their own, on this machine's loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

PATIENCE = 120  # seconds that a process of Dask may take to start on a busy machine


@dataclass(frozen=True)
class Cluster:
    folder: Path
    address: str

    def wait_for(self, workers: int) -> None:
        from distributed import Client

        with Client(self.address) as client:
            client.wait_for_workers(workers, timeout=PATIENCE)

    @contextmanager
    def worker(self, *words: str, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """One process with one thread. A nanny starts it again when it dies, if it is not told otherwise."""
        command = ("worker", self.address, "--nthreads", "1", "--no-dashboard", "--memory-limit", "0")
        local = ("--local-directory", str(self.folder / "scratch"), "--host", "127.0.0.1")
        with dask(self.folder, *command, *local, *words, environment=environment) as process:
            yield process


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """Without any worker yet."""
    known = folder / "scheduler.json"
    where = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(known))
    with dask(folder, "scheduler", *where) as process:
        for _ in range(PATIENCE * 10):
            assert process.poll() is None, (folder / "scheduler.log").read_text("utf-8")
            try:
                address = json.loads(known.read_text("utf-8"))["address"]
                break
            except (OSError, ValueError):  # not there, or not whole yet
                try:
                    process.wait(0.1)
                except subprocess.TimeoutExpired:
                    continue
        yield Cluster(folder, address)


@contextmanager
def dask(folder: Path, *words: str, environment: Mapping[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A command of Dask; it and whatever it started is gone afterwards."""
    with (folder / f"{words[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *words],
            cwd=folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """As Ctrl-C in its terminal; what is left after that is killed."""
    family = []
    if process.poll() is None:
        family = psutil.Process(process.pid).children(recursive=True)
        process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    _, left = psutil.wait_procs(family, timeout=PATIENCE)
    for one in left:
        one.kill()
