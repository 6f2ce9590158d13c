"""不是日志的东西 | What is no log, named for what it is: a folder, a checkpoint, a picture, an empty file."""

from __future__ import annotations

import stat
from pathlib import Path

from pytest_mmedu.errors import LogError
from pytest_mmedu.text import Text, printable

_TODO = Text(
    "请给训练文件夹里的 *.log.json 或 *.log。",
    "Give the *.log.json or *.log from the training folder.",
)
_WANTED = Text(
    "应为 mmcv 或 mmengine 的训练日志（一行一条 JSON，或含 Epoch [1][10/838] 的文字）。",
    "It should be a training log of mmcv or mmengine (one JSON record per line, or text with Epoch [1][10/838]).",
)
_SIGNATURES = (
    (b"PK\x03\x04", Text("权重文件（.pth）或压缩包", "a checkpoint (.pth) or a zip archive")),
    (b"\x80\x02", Text("旧格式的权重文件（pickle）", "an old checkpoint (a pickle)")),
    (b"\x80\x04", Text(" pickle 文件", "a pickle")),
    (b"\x89PNG", Text(" PNG 图片", "a PNG picture")),
    (b"\xff\xd8\xff", Text(" JPEG 图片", "a JPEG picture")),
    (b"GIF8", Text(" GIF 图片", "a GIF picture")),
    (b"BM", Text(" BMP 图片", "a BMP picture")),
    (b"%PDF", Text(" PDF 文件", "a PDF file")),
    (b"\x1f\x8b", Text(" gzip 压缩文件", "a gzip file")),
    (b"Rar!", Text(" RAR 压缩包", "a RAR archive")),
    (b"7z\xbc\xaf", Text(" 7z 压缩包", "a 7z archive")),
    (b"\xd0\xcf\x11\xe0", Text("旧版 Office 文件", "an old Office file")),
    (b"MZ", Text(" Windows 程序", "a Windows program")),
    (b"\x7fELF", Text(" Linux 程序", "a Linux program")),
)


def check_file(path: Path) -> None:
    """Raises LogError unless `path` is a regular file with something in it; opens nothing."""
    try:
        found = path.stat()
    except (OSError, ValueError) as error:
        raise _refuse(path, _why(error)) from None
    if stat.S_ISDIR(found.st_mode):
        raise _refuse(path, Text("是文件夹，不是日志文件。", "is a folder, not a log file."), _logs_in(path))
    if not stat.S_ISREG(found.st_mode):
        raise _refuse(path, Text("不是普通文件。", "is not a regular file."))
    if not found.st_size:
        raise _refuse(path, Text("是空文件。", "is empty."))


def unreadable(path: Path, error: OSError) -> LogError:
    return _refuse(path, _why(error))


def binary(path: Path, head: bytes) -> LogError:
    """What a file that is no text is, by its first bytes."""
    kind = next((name for start, name in _SIGNATURES if head.startswith(start)), Text("二进制文件", "a binary file"))
    return _refuse(path, Text(f"是{kind.zh}，不是日志。", f"is {kind.en}, not a log."))


def no_log(path: Path, line: int, text: str) -> LogError:
    """A text without anything that a training writes."""
    shown = printable(text.strip(), 60)
    seen = Text(
        f"{path.name} 不像训练日志（第 {line} 行是“{shown}”）。",
        f'{path.name} does not look like a training log (line {line} is "{shown}").',
    )
    return LogError(seen, _TODO, allowed=_WANTED, place=f"{path.name}:{line}")


def no_list(value: object) -> LogError:
    """`from_records` was given something else than train() returns."""
    kind = type(value).__name__
    seen = Text(f"收到 {kind}，不是 train() 返回的列表。", f"Got {kind}, not the list that train() returns.")
    return LogError(seen, Text("请传入 train() 的返回值。", "Pass what train() returned."))


def _refuse(path: Path, why: Text, todo: Text = _TODO) -> LogError:
    name = printable(path.name or str(path), 80)
    return LogError(Text(f"{name} {why.zh}", f"{name} {why.en}"), todo, allowed=_WANTED, place=name)


def _why(error: Exception) -> Text:
    if isinstance(error, FileNotFoundError):
        return Text("不存在。", "does not exist.")
    if isinstance(error, PermissionError):
        return Text("没有读取权限。", "may not be read (no permission).")
    reason = printable(getattr(error, "strerror", None) or str(error), 80)
    return Text(f"打不开（{reason}）。", f"cannot be opened ({reason}).")


def _logs_in(folder: Path) -> Text:
    """The logs in a folder that was given in place of one."""
    try:
        names = sorted(path.name for path in folder.iterdir() if path.name.endswith((".log.json", ".log")))
    except OSError:
        names = []
    if not names:
        return _TODO
    shown = [printable(name, 60) for name in names[-3:]]
    return Text(f"里面的日志有：{'、'.join(shown)}。", f"Logs in it: {', '.join(shown)}.")
