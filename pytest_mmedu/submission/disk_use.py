"""占了多少磁盘 | How much a program has written, seen from outside, with an end also where it wrote without end."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

_MB = 1 << 20
_BLOCK = 512  # what st_blocks counts in, whatever the file system's own blocks are


def used_part(folders: Iterable[Path], most_mb: int, most_files: int) -> float:
    """The part of what is allowed that is used, of files or of bytes really taken. It stops counting above 1."""
    taken, used = 0, 0.0
    for number, bytes_ in enumerate(_sizes(folders), 1):
        taken += bytes_
        used = max(number / most_files, taken / (most_mb * _MB))
        if used > 1:
            break
    return used


def _sizes(folders: Iterable[Path]) -> Iterator[int]:
    waiting = [str(folder) for folder in folders]
    while waiting:
        # The program may remove, under our eyes, what was there a moment ago.
        with suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                with suppress(OSError):
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    yield _taken(entry.stat(follow_symlinks=False))


def _taken(facts: os.stat_result) -> int:
    """A file with holes takes less than it is long; Windows does not tell."""
    blocks = getattr(facts, "st_blocks", None)
    return facts.st_size if blocks is None else blocks * _BLOCK
