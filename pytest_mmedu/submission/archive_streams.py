"""压缩包的字节 | The bytes of an archive, guarded: no header of it can fill the memory."""

from __future__ import annotations

import bz2
import gzip
import os
import struct
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

_END_OF_ZIP = b"PK\x05\x06"
_LONGEST_COMMENT = 1 << 16
_LARGEST_HEADER = 1 << 20
_GZIP, _BZIP2 = b"\x1f\x8b", b"BZh"


def central_directory(file: IO[bytes], size: int) -> int:
    """How many bytes the directory of a zip says it has; all of them are read into memory by whoever opens it."""
    file.seek(max(0, size - _LONGEST_COMMENT - 22), os.SEEK_SET)
    tail = file.read()
    at = tail.rfind(_END_OF_ZIP)
    file.seek(0)
    return struct.unpack_from("<I", tail, at + 12)[0] if 0 <= at <= len(tail) - 22 else 0


class _Guarded:
    """A stream of which nobody reads more at once than a file's block or a header of sensible size."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        self.seek, self.tell = stream.seek, stream.tell

    def read(self, size: int) -> bytes:
        if not 0 <= size <= _LARGEST_HEADER:
            raise tarfile.ReadError("a header that is too large")
        return bytes(self._stream.read(size))


@contextmanager
def plain_tar(file: IO[bytes], head: bytes) -> Iterator[Any]:
    """The tar itself, out of gzip or bzip2 where it is packed."""
    file.seek(0)
    if head.startswith(_GZIP):
        with gzip.GzipFile(fileobj=file) as stream:
            yield _Guarded(stream)
    elif head.startswith(_BZIP2):
        with bz2.BZ2File(file) as stream:
            yield _Guarded(stream)
    else:
        yield _Guarded(file)
