"""A Slurm of one node, with a configuration of its own in a temporary folder: the real programs."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "sinfo")
PATIENCE = 120  # seconds until the node is there on a busy machine
_PLACES = os.pathsep.join((os.environ.get("PATH", ""), "/usr/local/sbin", "/usr/sbin", "/sbin"))
_SETTINGS = """
ClusterName=mmedu
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.sock
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=1 RealMemory=1000 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Why there can be no Slurm here, or nothing."""
    lacking = [name for name in PROGRAMS if shutil.which(name, path=_PLACES) is None]
    if lacking:
        return f"Slurm is not installed: no {', '.join(lacking)}"
    return "" if os.getuid() == 0 else "slurmd runs only as root"


def missing_qsub() -> str:
    """Why no job can be given to Slurm in the way of PBS, or nothing: Debian has a qsub for it, slurm-wlm-torque."""
    qsub = shutil.which("qsub")
    return "" if qsub and b"sbatch" in Path(qsub).read_bytes() else "there is no qsub of Slurm's"


@contextmanager
def slurm(folder: Path) -> Iterator[Path]:
    """The settings that SLURM_CONF is to name, once the node takes jobs."""
    host = socket.gethostname().partition(".")[0]
    settings = folder / "slurm.conf"
    settings.write_text(_SETTINGS.format(host=host, folder=folder, ports=_two_ports()), "utf-8")
    key = folder / "munge.key"
    key.write_bytes(os.urandom(1024))
    key.chmod(0o600)
    for name in ("state", "spool"):
        (folder / name).mkdir()
    munge = [f"--{name}={folder}/munge.{end}" for name, end in _MUNGE_FILES.items()]
    with ExitStack() as stack:
        stack.enter_context(_program(settings, "munged", "--foreground", "--force", *munge))
        stack.enter_context(_program(settings, "slurmctld", "-D", "-c"))
        stack.enter_context(_program(settings, "slurmd", "-D", "-c"))
        _wait_for_node(settings)
        yield settings


_MUNGE_FILES = {"key-file": "key", "socket": "sock", "pid-file": "pid", "log-file": "log", "seed-file": "seed"}


@contextmanager
def _program(settings: Path, name: str, *words: str) -> Iterator[None]:
    with (settings.parent / f"{name}.out").open("wb") as sink:
        process = subprocess.Popen(
            [str(shutil.which(name, path=_PLACES)), *words],
            env={**os.environ, "SLURM_CONF": str(settings)},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for_node(settings: Path) -> None:
    """Until it is idle; the last words of sinfo say why it is not."""
    end = time.monotonic() + PATIENCE
    state = ""
    while state != "idle":
        assert time.monotonic() < end, state
        shown = subprocess.run(
            ["sinfo", "--noheader", "--format=%t"],
            env={**os.environ, "SLURM_CONF": str(settings)},
            capture_output=True,
            text=True,
            check=False,
        )
        state = (shown.stdout or shown.stderr).strip()


def _two_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as two:
        for each in (one, two):
            each.bind(("127.0.0.1", 0))
        return one.getsockname()[1], two.getsockname()[1]
