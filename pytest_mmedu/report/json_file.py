"""报告文件 | A report in a file: there is the whole of it or nothing, also when the disk is full or the power goes."""

from __future__ import annotations

import errno
import os
import uuid
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from pytest_mmedu.errors import MachineError, OutputError
from pytest_mmedu.report.report import Report, dumps, loads
from pytest_mmedu.text import Text, printable

_FULL = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_LARGEST = 64 * 2**20


def write_report(report: Report, path: Path) -> None:
    """Write the report; its folder is made where it is missing.

    Raises:
        OutputError: says why the file cannot be written. An older file stays as it was.
    """
    write_whole(path, dumps(report))


def read_report(path: Path) -> Report:
    """The report in the file.

    Raises:
        MachineError: there is none, or it is not whole.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise MachineError(Text("成绩报告太大。", "The report is too large."), Text("请重新批改。", "Grade again."))
        return loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        seen = Text(f"读不了成绩报告：{reason}。", f"The report cannot be read: {reason}.")
        raise MachineError(seen, Text("请重新批改。", "Grade again."), place=str(path)) from None


def write_whole(path: Path, text: str | Iterable[str]) -> None:
    """Written beside the place, piece by piece where it is in pieces, brought to the disk, put in place in one step."""
    beside = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("x", encoding="utf-8", newline="\n") as file:
            file.writelines([text] if isinstance(text, str) else text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(beside, path)  # noqa: PTH105 - the one that replaces on Windows too
    except OSError as error:
        with suppress(OSError):
            beside.unlink()
        raise cannot_write(path, error) from None


def cannot_write(path: Path, error: OSError) -> OutputError:
    """Why, and what to do about it."""
    shown = printable(str(path))
    if error.errno in _FULL:
        seen = Text(f"磁盘满了，写不下 {shown}。", f"The disk is full: {shown} cannot be written.")
        todo = Text("请腾出空间，或换一个文件夹。", "Make room or choose another folder.")
    elif error.errno in _FORBIDDEN:
        seen = Text(f"没有权限写 {shown}。", f"There is no permission to write {shown}.")
        todo = Text("请换一个文件夹。", "Choose another folder.")
    else:
        reason = error.strerror or type(error).__name__
        seen = Text(f"写不了 {shown}：{reason}。", f"{shown} cannot be written: {reason}.")
        todo = Text("请核对路径。", "Check the path.")
    return OutputError(seen, todo)
