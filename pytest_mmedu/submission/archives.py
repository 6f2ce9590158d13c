"""打开压缩包 | A .zip or .tar.gz unpacked under caps into a folder of its own; nothing is ever written beside it.

Every file is written here, under a name that was made here: links, devices, and whatever an archive says about rights,
owners and places are not taken over.
"""

from __future__ import annotations

import errno
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO

from pytest_mmedu.errors import OutputError, SubmissionError
from pytest_mmedu.submission.archive_names import FOREIGN_SUFFIXES, decoded, fit_path, is_made, twin_key
from pytest_mmedu.submission.archive_streams import central_directory, plain_tar
from pytest_mmedu.submission.plain_files import LARGEST_FILE, LARGEST_SUM, MOST_FILES
from pytest_mmedu.text import Text, listing, printable

_FOREIGN = {b"Rar!\x1a\x07": "RAR", b"7z\xbc\xaf\x27\x1c": "7z", b"\xfd7zXZ\x00": "xz"}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_BLOCK = 1 << 18
_BOMB_FROM, _BOMB_RATIO = 100_000_000, 100
_ENTRY = 400  # bytes that an entry of a zip's directory may take
_ENCRYPTED, _UTF_8 = 0x1, 0x800
_DAMAGED = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, ValueError, RuntimeError, OSError)

Open = Callable[[], "IO[bytes] | None"]


@dataclass
class Allowance:
    """How much all archives of one submission may still give."""

    files: int = MOST_FILES
    bytes: int = LARGEST_SUM


@dataclass
class _Target:
    """The folder that is written to; `taken` has what lies there, and whether it is a folder."""

    name: str
    folder: Path
    left: Allowance
    packed: int
    claimed: int = 0
    taken: dict[str, bool] = field(default_factory=dict)
    made: set[Path] = field(default_factory=set)
    left_out: list[tuple[str, Text]] = field(default_factory=list)

    def claim(self, size: int, files: int = 1) -> None:
        """Count what a member says of itself before a byte of it is read."""
        self.claimed += size
        self.left.files -= files
        self.left.bytes -= size
        if self.left.files < 0 or self.left.bytes < 0:
            raise _too_much(self.name)
        if self.claimed > _BOMB_FROM and self.claimed > _BOMB_RATIO * self.packed:
            raise _bomb(self.name)

    def leave_out(self, name: str, why: Text) -> None:
        self.left_out.append((printable(name, 60), why))


def unpack(archive: Path, folder: Path, left: Allowance | None = None) -> tuple[Text, ...]:
    """Write the files of `archive` into `folder`, which is made; notes say what was left out.

    Raises:
        SubmissionError: it is damaged, encrypted, too large, or of a kind that is not opened.
        OutputError: the disk is full.
    """
    shown = printable(archive.name, 80)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        target = _Target(shown, folder, left or Allowance(), archive.stat().st_size)
        with archive.open("rb") as file:
            _from(file, archive, target)
    except _DAMAGED as error:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _no_space(shown) from error
        raise _damaged(shown) from error
    return _notes(target)


def _from(file: IO[bytes], archive: Path, target: _Target) -> None:
    head = file.read(8)
    kind = next((kind for magic, kind in _FOREIGN.items() if head.startswith(magic)), None)
    if kind is not None:
        raise _foreign(target.name, kind)
    if head.startswith(_ZIP):
        _unzip(file, target)
    elif archive.name.lower().endswith((".zip", *FOREIGN_SUFFIXES)):
        raise _damaged(target.name)
    else:
        _untar(file, head, target)


def _unzip(file: IO[bytes], target: _Target) -> None:
    if central_directory(file, target.packed) > MOST_FILES * _ENTRY:
        raise _too_much(target.name)
    with zipfile.ZipFile(file) as archive:
        members = [one for one in archive.infolist() if not one.orig_filename.endswith(("/", "\\"))]
        if any(one.flag_bits & _ENCRYPTED for one in members):
            raise _encrypted(target.name)
        target.claim(sum(one.file_size for one in members), len(members))
        for one in members:
            kind = stat.S_IFMT(one.external_attr >> 16)
            odd = _LINK if kind == stat.S_IFLNK else None if kind in (0, stat.S_IFREG) else _SPECIAL
            _take(_zip_name(one), one.file_size, odd, partial(archive.open, one), target)


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Without the mark for UTF-8 a name was written in the code page of the machine that packed it."""
    name = info.orig_filename
    if info.flag_bits & _UTF_8 or name.isascii():
        return name
    try:
        return decoded(name.encode("cp437"))
    except UnicodeEncodeError:  # taken from an extra field by the reader
        return name


def _untar(file: IO[bytes], head: bytes, target: _Target) -> None:
    with (
        plain_tar(file, head) as stream,
        tarfile.TarFile(fileobj=stream, mode="r", errors="surrogateescape") as archive,
    ):
        for one in archive:
            target.claim(one.size)
            if not one.isdir():
                odd = _LINK if one.issym() or one.islnk() else None if one.isreg() else _SPECIAL
                name = decoded(one.name.encode("utf-8", "surrogateescape"))
                _take(name, one.size, odd, partial(archive.extractfile, one), target)


def _take(name: str, size: int, odd: Text | None, opened: Open, target: _Target) -> None:
    """One file of the archive: written, or left out with a reason."""
    path = fit_path(name)
    if path is not None and is_made(path):
        return
    why = odd or (_OUTSIDE if path is None else _LARGE if size > LARGEST_FILE else _place_taken(path, target))
    if why is not None or path is None:
        target.leave_out(name, why or _OUTSIDE)
        return
    source = opened()
    if source is None:
        target.leave_out(name, _SPECIAL)
        return
    written = target.folder / path
    if written.parent not in target.made:
        written.parent.mkdir(parents=True, exist_ok=True)
        target.made.add(written.parent)
    with source, written.open("xb") as out:
        _copy(source, out, size)


def _place_taken(path: PurePosixPath, target: _Target) -> Text | None:
    """Two names that are one on Windows, or a file where another has its folder: the first stays."""
    parents = [twin_key(parent) for parent in path.parents if parent.parts]
    key = twin_key(path)
    if key in target.taken or any(target.taken.get(parent) is False for parent in parents):
        return _TWIN
    target.taken.update(dict.fromkeys(parents, True))
    target.taken[key] = False
    return None


def _copy(source: IO[bytes], out: IO[bytes], size: int) -> None:
    """As many bytes as were claimed: a member that holds more, or less, is damaged."""
    left = size
    while block := source.read(_BLOCK):
        left -= len(block)
        if left < 0:
            raise EOFError
        out.write(block)
    if left:
        raise EOFError


def _notes(target: _Target) -> tuple[Text, ...]:
    if not target.left_out:
        return ()
    reasons = dict.fromkeys(why for _, why in target.left_out)
    return tuple(_left_out(target, why) for why in reasons)


def _left_out(target: _Target, why: Text) -> Text:
    names = [name for name, reason in target.left_out if reason == why]
    shown, more = listing(names[:3]), len(names) - 3
    and_more = Text(f" 等 {len(names)} 个", f" and {more} more") if more > 0 else Text("", "")
    return Text(
        f"没有解压 {target.name} 里的 {shown.zh}{and_more.zh}：{why.zh}。",
        f"Not unpacked from {target.name}: {shown.en}{and_more.en}: {why.en}.",
    )


_LINK = Text("是链接", "a link")
_SPECIAL = Text("不是普通文件", "not a plain file")
_OUTSIDE = Text("名字指向文件夹之外，或太长、太深", "the name leads out of the folder, or is too long or too deep")
_TWIN = Text("与另一个文件重名", "another file has this name")
_LARGE = Text(f"超过 {LARGEST_FILE // 1_000_000} MB", f"larger than {LARGEST_FILE // 1_000_000} MB")


def _foreign(shown: str, kind: str) -> SubmissionError:
    seen = Text(f"{shown} 是 {kind} 压缩包，打不开。", f"{shown} is a {kind} archive and cannot be opened.")
    return SubmissionError(seen, Text("请改用 .zip 格式压缩后再交。", "Pack it as a .zip and hand it in again."))


def _encrypted(shown: str) -> SubmissionError:
    seen = Text(f"{shown} 有密码，打不开。", f"{shown} has a password and cannot be opened.")
    return SubmissionError(seen, Text("请不设密码，重新压缩后再交。", "Pack it again without a password."))


def _damaged(shown: str) -> SubmissionError:
    seen = Text(f"{shown} 不是完整的压缩包。", f"{shown} is not a whole archive.")
    return SubmissionError(
        seen, Text("请重新压缩或上传，自己先打开看看。", "Pack or upload it again, and open it first.")
    )


def _too_much(shown: str) -> SubmissionError:
    seen = Text(f"{shown} 里的文件太多或太大。", f"{shown} holds too many or too large files.")
    megabytes = LARGEST_SUM // 1_000_000
    allowed = Text(
        f"最多 {MOST_FILES} 个文件、{megabytes} MB。", f"At most {MOST_FILES} files and {megabytes} MB are unpacked."
    )
    return SubmissionError(seen, Text("请只交作业本身。", "Hand in the homework alone."), allowed=allowed)


def _bomb(shown: str) -> SubmissionError:
    seen = Text(f"{shown} 解压后会变得异常大，没有打开。", f"{shown} would grow enormously and was not opened.")
    return SubmissionError(seen, Text("请只交作业本身。", "Hand in the homework alone."))


def _no_space(shown: str) -> OutputError:
    seen = Text(f"磁盘满了，{shown} 没有解压完。", f"The disk is full: {shown} was not unpacked.")
    return OutputError(seen, Text("请腾出空间后再批改一次。", "Make room and grade again."))
