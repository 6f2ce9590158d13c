"""冻结的文件夹 | The files of a run as they were when the program had ended: any later change is noticed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pytest_mmedu.cache import sha256_of

Stamp = tuple[int, int, int, int]


class Frozen:
    """`digests`: sha256 of each file by its name within `folder`; no other file may be there."""

    def __init__(self, folder: Path, digests: Mapping[str, str]) -> None:
        self._folder, self._digests = folder, dict(digests)
        self._stamps: dict[str, Stamp] = {}
        self._changed: str | None = None

    def changed(self) -> str | None:
        """A file that is no longer what it was, is gone, or is new; None where all is as it was.

        Files are read the first time; later the system tells whether anybody has touched them. Once changed is changed:
        what was read meanwhile cannot be trusted, even if somebody has put the file back.
        """
        self._changed = self._changed or next(self._differing(), None)
        return self._changed

    def _differing(self) -> Iterator[str]:
        try:
            there = dict(_files(self._folder))
            yield from sorted(there.keys() ^ self._digests.keys())
            for name, entry in there.items():
                if self._is_other(name, entry):
                    yield name
        except OSError as error:
            yield Path(str(error.filename or self._folder)).name

    def _is_other(self, name: str, entry: os.DirEntry[str]) -> bool:
        stamp = _stamp(entry)
        if name in self._stamps:
            return stamp != self._stamps[name]
        if entry.is_symlink() or sha256_of(Path(entry.path)) != self._digests[name]:
            return True
        self._stamps[name] = stamp
        return False


def _files(folder: str | Path, inner: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Whatever is no folder, links to folders included, by its name from `folder` on."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _files(entry.path, f"{inner}{entry.name}/")
            else:
                yield inner + entry.name, entry


def _stamp(entry: os.DirEntry[str]) -> Stamp:
    """On Linux and macOS the last of them cannot be set by a program: it is the time of the last change of any kind."""
    facts = os.lstat(entry.path)  # Windows keeps less in the entry itself
    return facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
