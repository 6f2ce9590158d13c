"""临时文件夹 | Folders for a while: gone at the end of a `with`, or, where their process was killed, at the next start.

<the system's temporary folder>/mmedu-<kind>-xxxxxxxx/.alive    locked as long as the process lives that made the folder
"""

from __future__ import annotations

import os
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

ALIVE = ".alive"
_PREFIX = "mmedu-"
_ABANDONED_AFTER = 60  # seconds: a lock that is just being taken is not looked at
_NEVER_USED_AFTER = 86400  # seconds, for an empty folder without a lock: its process was killed in between


@contextmanager
def temporary(kind: str) -> Iterator[Path]:
    """An empty folder of this process's own. Whatever is in it afterwards, it is removed."""
    import filelock

    _sweep(tempfile.gettempdir())
    root = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{kind}-")).resolve()
    try:
        with filelock.FileLock(root / ALIVE):
            yield root
    finally:
        remove(root)


def remove(root: Path) -> None:
    """Remove a folder although its owner took rights away or nested folders deeper than a path may be long.

    Folders in it are brought up to `root` one by one: no recursion, and no path longer than two steps.
    """
    number = 0
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        for path in _inside(folder):
            if not _is_folder(path):
                _unlink(path)
                continue
            number += 1
            up = root / f".removed-{number}"
            with suppress(OSError):
                path.chmod(stat.S_IRWXU)
                path.rename(up)
                waiting.append(up)
    for folder in (*(root / f".removed-{count}" for count in range(1, number + 1)), root):
        with suppress(OSError):
            folder.rmdir()


def _inside(folder: Path) -> list[Path]:
    with suppress(OSError):
        folder.chmod(stat.S_IRWXU)
        return list(folder.iterdir())
    return []


def _is_folder(path: Path) -> bool:
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except OSError:
        return False


def _unlink(path: Path) -> None:
    try:
        path.unlink()
    except PermissionError:  # Windows removes no file that is marked as read-only
        with suppress(OSError):
            path.chmod(stat.S_IRWXU)
            path.unlink()
    except OSError:
        return


@cache  # once in a process
def _sweep(place: str) -> None:
    """Folders of this user whose process was killed: nobody holds their lock any more."""
    with suppress(OSError):
        for old in Path(place).glob(f"{_PREFIX}*"):
            with suppress(OSError):
                _remove_if_abandoned(old)


def _remove_if_abandoned(old: Path) -> None:
    import filelock

    facts = old.lstat()
    if not stat.S_ISDIR(facts.st_mode) or not _own(facts):
        return
    alive = old / ALIVE
    if not alive.exists():
        if time.time() - facts.st_mtime > _NEVER_USED_AFTER:
            old.rmdir()  # empty, or it stays
        return
    if time.time() - alive.lstat().st_mtime > _ABANDONED_AFTER:
        try:
            with filelock.FileLock(alive, timeout=0):
                pass
        except filelock.Timeout:
            return
        remove(old)  # no longer locked: Windows removes nothing that is open


def _own(facts: os.stat_result) -> bool:
    """Windows has a temporary folder for each user."""
    return facts.st_uid == os.getuid() if hasattr(os, "getuid") else True
