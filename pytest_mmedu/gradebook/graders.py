"""谁在批哪一份 | Who is grading what, so that two graders on one gradebook never do the same work, and lose none.

<gradebook>.graders/<id>.lock    locked as long as that grader lives: the system lets go of it, however it ends

A claim whose grader is gone is free for everyone. A process id would not do: after a restart it may be another's.
"""

from __future__ import annotations

import time
import uuid
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import filelock

_ABANDONED_AFTER = 60  # seconds


class Grader:
    """This one. It is alive inside its `with`."""

    def __init__(self, gradebook: Path) -> None:
        self.id = uuid.uuid4().hex
        self._folder = gradebook.with_name(f"{gradebook.name}.graders")
        self._lock = filelock.FileLock(self._file(self.id))

    def __enter__(self) -> Grader:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        self._sweep()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        self._forget(self.id)

    def lives(self, other: str) -> bool:
        """Whether that grader still works. One without a lock file has ended."""
        if other == self.id:
            return True
        if not self._file(other).exists():
            return False
        try:
            with filelock.FileLock(self._file(other), timeout=0):
                return False
        except filelock.Timeout:
            return True

    def _sweep(self) -> None:
        """The files of those that were killed."""
        for path in self._folder.glob("*.lock"):
            with suppress(OSError):
                # A lock that is just being taken is not looked at.
                if time.time() - path.stat().st_mtime > _ABANDONED_AFTER and not self.lives(path.stem):
                    self._forget(path.stem)

    def _file(self, grader: str) -> Path:
        return self._folder / f"{grader}.lock"

    def _forget(self, grader: str) -> None:
        with suppress(OSError):
            self._file(grader).unlink()
