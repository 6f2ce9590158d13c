"""越狱尝试 | Tries to break out of the box that it runs in. Never imported by the judging process.

Harmless attempts, one of each kind; what succeeded is written down for the judge, who also looks for himself.
"""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from pytest_mmedu.submission._resources import set_limits
from pytest_mmedu.submission._supervise import supervise

_SECONDS = 0.5  # for a connection on the own machine
_DAEMON_SECONDS = 30
MORE_THAN_ALLOWED = 12  # processes beyond the limit


def main(talk_folder: str) -> None:
    talk = Path(talk_folder)
    job = json.loads((talk / "job.json").read_text("utf-8"))
    set_limits(job["limits"])
    supervise()
    (talk / "started").touch()  # a process that ends without this has not begun
    for path in job["untouchable"]:
        _succeeds(_write, path)  # the judge looks what came of it: a box may have such a folder of its own
    found = {
        "versions": versions(job["site_folders"]),
        "reached": sorted(name for name, reach in _WAYS_OUT.items() if _succeeds(reach, job)),
        "read": [path for path in job["secrets"] if _succeeds(_read, path)],
        "seen": _sees(job["judge"], job["pid_space"]),
    }
    _leave_a_daemon(job["daemon"])
    found["forks"] = _forks(job["limits"].get("NPROC", 0) + MORE_THAN_ALLOWED) if "NPROC" in job["limits"] else None
    (talk / "found.json").write_text(json.dumps(found), "utf-8")


def versions(site_folders: list[str]) -> list[str]:
    """Of Python and of torch, without importing torch: that takes seconds."""
    found = [sys.version]
    for folder in site_folders:
        with suppress(OSError):
            found.append((Path(folder) / "torch" / "version.py").read_text("utf-8"))
    return found


def pid_space() -> str:
    """Names the set of processes that this one belongs to; empty where the system does not say."""
    try:
        return os.readlink("/proc/self/ns/pid")  # noqa: PTH115 - no file, a name
    except OSError:
        return ""


@contextmanager
def short_path(path: Path) -> Iterator[str]:
    """The same file under a name that fits into the 107 bytes that a socket's may have."""
    folder = os.open(path.parent, os.O_PATH)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def _succeeds(attempt: Callable[[Any], object], given: Any) -> bool:
    try:
        attempt(given)
    except OSError:
        return False
    return True


def _tcp(job: dict[str, Any]) -> None:
    socket.create_connection(("127.0.0.1", job["tcp"]), _SECONDS).close()


def _udp(job: dict[str, Any]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(b"out", ("127.0.0.1", job["udp"]))
    raise OSError  # a datagram is sent also where nobody is: whether it arrived the judge can tell


def _abstract(job: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as out:
        out.connect("\0" + job["abstract"])


def _socket_file(job: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as out, short_path(Path(job["socket_file"])) as path:
        out.connect(path)


_WAYS_OUT = {"tcp": _tcp, "udp": _udp, "abstract": _abstract, "socket_file": _socket_file}


def _read(path: str) -> None:
    Path(path).read_bytes()


def _write(path: str) -> None:
    with Path(path).open("ab") as file:
        file.write(b"x")


def _sees(judge: int, space: str) -> bool:
    """Whether the judge's process can be signalled or read; in a space of its own the number is another process."""
    if space and pid_space() not in ("", space):
        return False
    return _succeeds(lambda pid: os.kill(pid, 0), judge) or _succeeds(_read, f"/proc/{judge}/environ")


def _leave_a_daemon(lock: str) -> None:
    """A grandchild in a session of its own, which holds a lock as long as it lives."""
    import fcntl

    ready, say = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            held = os.open(lock, os.O_RDWR | os.O_CREAT)
            fcntl.flock(held, fcntl.LOCK_EX)
            os.write(say, b"1")
            for number in (0, 1, 2, ready, say):
                os.close(number)
            time.sleep(_DAEMON_SECONDS)
        os._exit(0)
    os.wait()
    os.read(ready, 1)


def _forks(most: int) -> int:
    """How many children the system lets this process have, up to `most`."""
    children: list[int] = []
    with suppress(OSError):
        while len(children) < most:
            child = os.fork()
            if child == 0:
                time.sleep(_DAEMON_SECONDS)
                os._exit(0)
            children.append(child)
    for child in children:
        os.kill(child, 9)
        os.waitpid(child, 0)
    return len(children)
