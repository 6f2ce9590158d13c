"""权重文件的外壳 | The shell of a checkpoint: torch's zip, or the older row of pickles; opened without torch.

    archive/data.pkl     the pickle: names, shapes, which storage
    archive/data/0 ...   the storages, stored as they are: torch.save never compresses

A zip that torch did not write may be read in two ways (two entries of one name, say), or grow when it is read.
So whatever torch.save never writes is refused.
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from pytest_mmedu.checkpoint.restricted import read_pickle
from pytest_mmedu.checkpoint.stand_ins import Storage
from pytest_mmedu.checkpoint.suspects import SAVE_WEIGHTS, UPLOAD_FILE, broken
from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.text import printable

LARGEST_PICKLE = 32 * 2**20
LARGEST_DIRECTORY = 8 * 2**20
CHUNK = 2**20
_LEGACY_MAGIC = 0x1950A86A20F9469CFC6C
# What zipfile raises beside its own error for a file that is no longer what it was.
_DAMAGE = (ArithmeticError, EOFError, LookupError, RuntimeError, ValueError, struct.error)
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")


class ZipShell:
    """torch's own format since 1.6."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path, self._storages = path, dict[str, Storage]()
        _check_end(path, file, size)
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, *_DAMAGE) as error:
            raise _cut_off(path) from error
        self._members = {info.filename: info for info in self._zip.infolist()}
        if len(self._members) != len(self._zip.infolist()):
            raise broken(path, "里有两个同名的文件，不是 torch 存的", "has two entries of one name: not torch's work")
        self._prefix = _prefix(path, list(self._members))
        self._check_members(size)

    def _check_members(self, size: int) -> None:
        total = 0
        for name, info in self._members.items():
            shown = printable(name, 60)
            total += info.file_size
            if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size or info.flag_bits & 1:
                zh, en = f"里的 {shown} 是压缩过的，torch 不会这样存", f"has {shown} compressed, which torch never does"
                raise broken(self._path, zh, en, UPLOAD_FILE)
        if total > size:
            zh, en = "声明的内容比文件本身还大", "declares more content than the file holds"
            raise broken(self._path, zh, en)

    def root(self) -> Any:
        """What the pickle holds, with tensors and stand-ins."""
        info = self._members[f"{self._prefix}data.pkl"]
        if info.file_size > LARGEST_PICKLE:
            raise broken(self._path, "里的 data.pkl 太大", "has a data.pkl that is too large")
        return read_pickle(io.BytesIO(b"".join(self._chunks(info))), self._storages)

    @property
    def storages(self) -> dict[str, Storage]:
        return self._storages

    def check_sizes(self) -> None:
        for storage in self._storages.values():
            info = self._members.get(f"{self._prefix}data/{storage.key}")
            held = -1 if info is None else info.file_size
            if held < storage.bytes:
                raise declares_more(self._path, storage.bytes, max(held, 0))

    def read(self, storage: Storage) -> Iterator[bytes]:
        """The bytes of a storage, piece by piece; the zip's check sum is checked at the end."""
        left = storage.bytes
        for piece in self._chunks(self._members[f"{self._prefix}data/{storage.key}"]):
            yield piece[:left]
            left -= min(left, len(piece))

    def _chunks(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        try:
            with self._zip.open(info) as member:
                while piece := member.read(CHUNK):
                    yield piece
        except (zipfile.BadZipFile, *_DAMAGE) as error:
            zh, en = f"里的 {printable(info.filename, 60)} 已损坏", f"is damaged at {printable(info.filename, 60)}"
            raise broken(self._path, zh, en) from error


class LegacyShell:
    """torch up to 1.5, and `_use_new_zipfile_serialization=False`: five pickles, then the storages."""

    def __init__(self, path: Path, file: BinaryIO, size: int) -> None:
        self._path, self._file, self._size = path, file, size
        self._storages: dict[str, Storage] = {}
        self._starts: dict[str, int] = {}
        file.seek(0)
        self._head = io.BytesIO(file.read(LARGEST_PICKLE))

    def root(self) -> Any:
        if read_pickle(self._head, {}) != _LEGACY_MAGIC:
            raise broken(self._path, "是 pickle，但不是 torch 存的权重", "is a pickle, but not weights", SAVE_WEIGHTS)
        read_pickle(self._head, {})  # the protocol's number
        read_pickle(self._head, {})  # about the machine
        root = read_pickle(self._head, self._storages)
        self._find_storages(read_pickle(self._head, {}))
        return root

    @property
    def storages(self) -> dict[str, Storage]:
        return self._storages

    def _find_storages(self, keys: Any) -> None:
        at = self._head.tell()
        for key in keys:
            storage = self._storages[str(key)]
            self._file.seek(at)
            count = int.from_bytes(self._file.read(8), "little", signed=True)
            if count != storage.count or at + 8 + storage.bytes > self._size:
                raise declares_more(self._path, storage.bytes, max(0, self._size - at - 8))
            self._starts[storage.key] = at + 8
            at += 8 + storage.bytes

    def check_sizes(self) -> None:
        for key, storage in self._storages.items():
            if key not in self._starts:
                raise declares_more(self._path, storage.bytes, 0)

    def read(self, storage: Storage) -> Iterator[bytes]:
        self._file.seek(self._starts[storage.key])
        left = storage.bytes
        while left:
            piece = self._file.read(min(CHUNK, left))
            if not piece:
                raise _cut_off(self._path)
            left -= len(piece)
            yield piece


def declares_more(path: Path, declared: int, held: int) -> CheckpointError:
    return broken(
        path,
        f"声明有 {declared} 字节的权重，实际只有 {held} 字节",
        f"declares {declared} bytes of weights and holds {held}",
    )


def _cut_off(path: Path) -> CheckpointError:
    return broken(path, "不完整：后半截丢了", "is incomplete: its end is missing")


def _check_end(path: Path, file: BinaryIO, size: int) -> None:
    """torch's zip ends with its directory and no comment; a directory of millions of entries is not read at all."""
    if size < _END.size:
        raise _cut_off(path)
    tail = _read_at(file, max(0, size - _END.size - _LOCATOR.size - _END64.size), size)
    mark, *_, length, _, comment = _END.unpack(tail[-_END.size :])
    if mark != b"PK\5\6" or comment:
        raise _cut_off(path)
    if len(tail) == _END.size + _LOCATOR.size + _END64.size and tail[_END64.size :].startswith(b"PK\6\7"):
        length = _END64.unpack(tail[: _END64.size])[8]
    if length > LARGEST_DIRECTORY:
        raise broken(path, "里的文件太多，不是 torch 存的", "has too many entries: not torch's work")


def _read_at(file: BinaryIO, start: int, stop: int) -> bytes:
    file.seek(start)
    return file.read(stop - start)


def _prefix(path: Path, names: list[str]) -> str:
    """`archive/`: the one folder in which everything of a checkpoint lies."""
    pickles = [name for name in names if name.rpartition("/")[2] == "data.pkl"]
    if not pickles:
        zh, en = "是普通压缩包，里面没有 torch 存的权重", "is a plain zip without weights of torch"
        raise broken(path, zh, en, UPLOAD_FILE)
    prefix = pickles[0][: -len("data.pkl")]
    outside = [name for name in names if not name.startswith(prefix) or ".." in name.split("/")]
    if len(pickles) > 1 or outside or prefix.count("/") > 1:
        raise broken(path, "里的文件摆放方式不是 torch 的", "is laid out as torch never does")
    if any(name.startswith((f"{prefix}code/", f"{prefix}constants.pkl")) for name in names):
        zh, en = "存的是 TorchScript 模型，不是权重", "holds a TorchScript model, not weights"
        raise broken(path, zh, en, SAVE_WEIGHTS)
    return prefix
