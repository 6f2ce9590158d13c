"""看一眼压缩包 | One small file out of an archive, without unpacking the rest."""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from pytest_mmedu.submission.archive_names import fit_path
from pytest_mmedu.submission.archive_streams import central_directory, plain_tar

_MOST_LOOKED_AT, _DEEPEST = 2000, 3
_LARGEST_DIRECTORY = 4_000_000
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, ValueError, RuntimeError, OSError)


def peek(archive: Path, name: str, largest: int) -> bytes | None:
    """The first file of this name near the top of the archive; None where there is none that can be read."""
    try:
        with archive.open("rb") as file:
            head = file.read(4)
            if head == b"PK\x03\x04":
                return _in_zip(file, archive.stat().st_size, name, largest)
            return _in_tar(file, head, name, largest)
    except _DAMAGED:
        return None


def _in_zip(file: IO[bytes], size: int, name: str, largest: int) -> bytes | None:
    if central_directory(file, size) > _LARGEST_DIRECTORY:
        return None
    with zipfile.ZipFile(file) as archive:
        for one in archive.infolist():
            if _is_it(one.filename, name) and one.file_size <= largest:
                return archive.read(one)
    return None


def _in_tar(file: IO[bytes], head: bytes, name: str, largest: int) -> bytes | None:
    with plain_tar(file, head) as stream, tarfile.TarFile(fileobj=stream, mode="r") as archive:
        for number, one in enumerate(archive):
            if number >= _MOST_LOOKED_AT:
                break
            if one.isreg() and one.size <= largest and _is_it(one.name, name):
                found = archive.extractfile(one)
                return found.read(largest) if found else None
    return None


def _is_it(path: str, name: str) -> bool:
    fit = fit_path(path)
    return fit is not None and fit.name == name and len(fit.parts) <= _DEEPEST
