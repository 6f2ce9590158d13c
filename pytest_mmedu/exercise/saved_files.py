"""保存了没有 | Which folders somebody saves files in: looked at several times a second, which every system can do."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path

PAUSE = 0.3  # seconds between two looks
_REST = 10  # times as long as a look took: a large folder on a slow disk must not keep the computer busy
_MOST_FILES = 20_000  # of one folder: data sets have thousands of pictures
_NOT_WORK = ("__pycache__", "submissions")
_OF_EDITORS = ("~", ".swp", ".tmp")

State = Mapping[str, tuple[int, int]]  # of each file its time and size


class SavedFiles:
    """Remembers what the files below the folders were like; a file that is new or gone counts as saved."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self.pause = PAUSE
        self._known = self._look()

    def since(self) -> bool:
        """Whether something was saved since the last `wait`."""
        return self._look() != self._known

    def wait(self) -> list[Path]:
        """The folders in which something was saved since the last call, when the saving has come to its end.

        Editors save in several steps: nothing is over until two looks are the same.
        """
        while (now := self._look()) == self._known:
            time.sleep(self.pause)
        before: Mapping[Path, State] = {}
        while now != before:
            time.sleep(self.pause)
            before, now = now, self._look()
        changed = [folder for folder in self._folders if now[folder] != self._known[folder]]
        self._known = now
        return changed

    def _look(self) -> Mapping[Path, State]:
        began = time.monotonic()
        seen = {folder: dict(islice(_files(folder), _MOST_FILES)) for folder in self._folders}
        self.pause = max(PAUSE, _REST * (time.monotonic() - began))
        return seen


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Without hidden ones and what editors and Python leave; what goes while it is looked at is not there."""
    waiting = [str(folder)]
    while waiting:
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name in _NOT_WORK or entry.name.endswith(_OF_EDITORS):
                    continue
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        facts = entry.stat(follow_symlinks=False)
                        yield entry.path, (facts.st_mtime_ns, facts.st_size)
