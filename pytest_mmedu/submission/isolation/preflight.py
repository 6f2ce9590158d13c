"""试飞 | Whether a box holds, found by trying to break out of it: a program that is installed proves nothing.

Once per session and level. Whatever cannot be told counts as a box that does not hold.
"""

from __future__ import annotations

import importlib
import json
import os
import secrets
import socket
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from pytest_mmedu.strict_json import parse, plain_bytes
from pytest_mmedu.submission.area import Area, fresh_area
from pytest_mmedu.submission.isolation.levels import Word
from pytest_mmedu.submission.isolation.places import site_folders
from pytest_mmedu.submission.process import Confinement, Limits, python
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Text, printable

_PROBE = "pytest_mmedu.submission.isolation._probe"
_PACKAGE = Path(__file__).resolve().parents[2]
_SECONDS = 30.0
_DYING_SECONDS = 5.0  # the probe's daemon would live for 30
_FORKS = 24  # a smaller limit than a homework's: found in a few milliseconds
_LARGEST = 1 << 16

OPEN: Mapping[str, Text] = {
    "versions": Text("Python 或 torch 的版本不一样", "Python or torch is another one in it"),
    "network": Text("能连出去", "connections get out of it"),
    "read": Text("能读到外面的文件", "files outside can be read"),
    "written": Text("能改外面的文件", "files outside can be changed"),
    "seen": Text("能碰到外面的进程", "processes outside can be signalled"),
    "daemon": Text("有进程留了下来", "a process stayed behind"),
}


@dataclass(frozen=True)
class Flight:
    """`broken`: what the box does not hold; None where it holds. `guarantees` are those of a box that holds."""

    broken: Text | None = None
    guarantees: Mapping[str, Word] = field(default_factory=dict)


def fly(box: Confinement) -> Flight:
    """Run the probe in the box, and judge what it found together with what is seen from here."""
    with _outside() as outside, fresh_area() as area:
        job = _job(box, area, outside)
        (area.talk / "job.json").write_text(json.dumps(job), "utf-8")
        command = python(_PROBE, str(area.talk))
        ended = box.run(command, area, Limits(_SECONDS, start_seconds=_SECONDS), started=area.talk / "started")
        found = _found(area.talk / "found.json")
        if found is None or ended.code != 0:
            return Flight(does_not_start(" ".join(ended.output.split())[-200:] or ended.how))
        found["daemon"] = _held(job["daemon"])
        found["network"] = bool(found["reached"]) or outside.reached()
        found["written"] = outside.written()
    return _judged(found)


def does_not_start(words: str) -> Text:
    """In the words of who should have started it."""
    shown = printable(words, 200)
    return Text(f"启动不了：{shown}", f"it does not start: {shown}")


def _judged(found: Mapping[str, Any]) -> Flight:
    wrong = [name for name in OPEN if name != "versions" and found[name]]
    if found["versions"] != _probe().versions(site_folders()):
        wrong.append("versions")
    if wrong:
        broken = [OPEN[name] for name in wrong]
        return Flight(Text("、".join(one.zh for one in broken), ", ".join(one.en for one in broken)))
    forks = found["forks"]
    counted: Word = "verified" if forks is not None and forks < _FORKS else "watched"
    return Flight(
        None,
        {"files": "verified", "network": "verified", "processes": counted, "memory": "watched", "disk": "watched"},
    )


class _Outside:
    """What the probe must not come to: ears on the network, secrets, this process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, f"mmedu-{secrets.token_hex(8)}"
        self.tcp, self.udp = socket.socket(), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.abstract, self.file = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        self.tcp.bind(("127.0.0.1", 0))
        self.udp.bind(("127.0.0.1", 0))
        self.abstract.bind(f"\0{self.name}")
        with _probe().short_path(folder / "ear") as path:
            self.file.bind(path)
        for ear in (self.tcp, self.abstract, self.file):
            ear.listen(1)
        self.ears = (self.tcp, self.udp, self.abstract, self.file)
        self.secret = folder / "secret"
        self.secret.write_text(self.name, "utf-8")

    def reached(self) -> bool:
        """Whether anything has come in, whatever the probe says."""
        return any(_hears(ear) for ear in self.ears)

    @property
    def untouchable(self) -> list[Path]:
        """The secret, and files that are not there."""
        folders = (self.folder, _PACKAGE, Path(sys.prefix), Path.home())
        return [self.secret, *(folder / self.name for folder in folders)]

    def written(self) -> bool:
        """Whether one of them was changed or made; nothing of it stays."""
        made = [path for path in self.untouchable[1:] if path.exists()]
        for path in made:
            path.unlink()
        return bool(made) or self.secret.read_text("utf-8") != self.name


@contextmanager
def _outside() -> Iterator[_Outside]:
    with temporary("outside") as folder:
        outside = _Outside(folder)
        try:
            yield outside
        finally:
            for ear in outside.ears:
                ear.close()


def _hears(ear: socket.socket) -> bool:
    ear.setblocking(False)
    try:
        if ear.type == socket.SOCK_DGRAM:
            ear.recv(1)
        else:
            ear.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def _job(box: Confinement, area: Area, outside: _Outside) -> dict[str, Any]:
    return {
        "site_folders": site_folders(),
        "limits": {"NPROC": _FORKS} if box.counts_own_processes else {},
        "tcp": outside.tcp.getsockname()[1],
        "udp": outside.udp.getsockname()[1],
        "abstract": outside.name,
        "socket_file": str(outside.folder / "ear"),
        "secrets": [str(outside.secret)],
        "untouchable": [str(path) for path in outside.untouchable],
        "judge": os.getpid(),
        "pid_space": _probe().pid_space(),
        "daemon": str(area.work / "daemon"),
    }


def _found(path: Path) -> dict[str, Any] | None:
    """All that the probe was to find, or None."""
    with suppress(OSError, ValueError):
        found = parse(plain_bytes(path, _LARGEST))
        if isinstance(found, dict) and {"versions", "reached", "read", "seen", "forks"} <= set(found):
            return found
    return None


def _held(lock: str) -> bool:
    """Whether somebody still holds the daemon's lock.

    The kernel ends the processes of a box one after the other: a box may be reported as ended while the last is dying.
    A daemon that lives on outlives this wait.
    """
    import fcntl

    latest = time.monotonic() + _DYING_SECONDS
    with Path(lock).open("rb+") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return False
            except OSError:
                if time.monotonic() > latest:
                    return True
                time.sleep(0.01)


def _probe() -> ModuleType:
    """The probe's own functions, for what judge and probe must see alike."""
    return importlib.import_module(_PROBE)
