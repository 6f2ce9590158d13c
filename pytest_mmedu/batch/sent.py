"""寄出去的文件 | A file or folder as plain data, so that a machine without our disk can grade it.

Links stay links and are never followed; pipes, sockets and devices are not sent. The student.toml that lies beside a
single file goes with it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.exercise.personal import STUDENT_FILE
from pytest_mmedu.text import Text, printable

LARGEST = 300_000_000  # bytes that are sent for one submission or exercise
_LARGEST_CLAIM = 100_000  # what is larger is no student.toml


@dataclass(frozen=True, slots=True)
class Entry:
    """`place` is relative, "" for the file or folder itself. A folder has no content, a link has where it leads."""

    place: str
    kind: str
    content: bytes = b""
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """`name` is that of the file or folder; `beside` are files next to it, by name."""

    name: str
    entries: tuple[Entry, ...]
    beside: Mapping[str, bytes]


def pack(path: Path) -> Sent:
    """What lies at `path`, with the times at which its files were changed.

    Raises:
        SubmissionError: it is too large to be sent.
    """
    left = LARGEST
    entries = []
    for entry in _entries(path, path):
        entries.append(entry)
        left -= len(entry.content)
        if left < 0:
            raise _too_large(path.name)
    return Sent(path.name, tuple(entries), dict(_beside(path)))


def unpack(sent: Sent, folder: Path) -> Path:
    """Write it into `folder` under its own name; where it lies then."""
    for name, content in sent.beside.items():
        (folder / name).write_bytes(content)
    root = folder / sent.name
    for entry in sent.entries:
        place = root / entry.place if entry.place else root
        if entry.kind == "folder":
            place.mkdir()
        elif entry.kind == "link":
            place.symlink_to(os.fsdecode(entry.content))
        else:
            place.write_bytes(entry.content)
            os.utime(place, ns=(entry.changed, entry.changed))
    return root


def _beside(path: Path) -> Iterator[tuple[str, bytes]]:
    claim = path.parent / STUDENT_FILE
    if path.is_file() and claim.is_file() and not claim.is_symlink() and claim.stat().st_size <= _LARGEST_CLAIM:
        yield STUDENT_FILE, claim.read_bytes()


def _entries(path: Path, root: Path) -> Iterator[Entry]:
    """A folder before what lies in it."""
    facts = path.lstat()
    place = "" if path == root else path.relative_to(root).as_posix()
    if stat.S_ISDIR(facts.st_mode):
        yield Entry(place, "folder")
        for one in sorted(path.iterdir()):
            yield from _entries(one, root)
    elif stat.S_ISLNK(facts.st_mode):
        yield Entry(place, "link", os.fsencode(path.readlink()))
    elif stat.S_ISREG(facts.st_mode):
        if facts.st_size > LARGEST:
            raise _too_large(root.name)
        yield Entry(place, "file", path.read_bytes(), facts.st_mtime_ns)


def _too_large(name: str) -> SubmissionError:
    shown, megabytes = printable(name, 80), LARGEST // 1_000_000
    seen = Text(
        f"{shown} 超过 {megabytes} MB，没有寄给集群。",
        f"{shown} is larger than {megabytes} MB and was not sent to the cluster.",
    )
    todo = Text("请不用 --cluster，在本机批改这一份。", "Grade this one here, without --cluster.")
    return SubmissionError(seen, todo)
