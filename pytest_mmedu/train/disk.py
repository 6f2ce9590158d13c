"""磁盘空间 | Where a run is written: the folder, the room it needs, and a full disk said in a sentence."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pytest_mmedu.errors import OutputError
from pytest_mmedu.text import Text, printable

_MB = 1 << 20
_LOGS = _MB // 2  # log, console text, config
_FULL = (errno.ENOSPC, errno.EDQUOT)
_IN_THE_WAY = Text("那里有一个同名的文件", "a file of that name is in the way")
_FORBIDDEN = Text("那里不允许写入", "writing is not allowed there")
_WHY = {
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.EACCES: _FORBIDDEN,
    errno.EPERM: _FORBIDDEN,
    errno.EROFS: _FORBIDDEN,
    errno.ENOENT: Text("没有这个地方", "there is no such place"),
    errno.ENAMETOOLONG: Text("名字太长", "the name is too long"),
}
_MAKE_ROOM = Text("请清理磁盘，或换一个保存位置。", "Free some space, or save elsewhere.")


def ready_folder(folder: Path) -> Path:
    """The absolute path of a folder that exists and takes files.

    Raises:
        OutputError: it cannot be made or written to.
    """
    asked, folder = folder, folder.expanduser().absolute()
    probe = folder / ".probe"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except (OSError, ValueError) as error:  # ValueError: a zero byte in the path
        raise _cannot_write(asked, error) from error
    return folder


def refuse_full(folder: Path, needed: int) -> None:
    """Before a training starts: `needed` bytes of checkpoints and a little for the logs.

    Raises:
        OutputError: there is less room than that.
    """
    needed += _LOGS
    free = shutil.disk_usage(folder).free
    if free < needed:
        seen = Text(
            f"这次训练约需 {_mb(needed)} MB 磁盘空间，只剩 {_mb(free)} MB。",
            f"This training needs about {_mb(needed)} MB of disk space, {_mb(free)} MB are left.",
        )
        raise OutputError(seen, _MAKE_ROOM)


@contextmanager
def written_to(folder: Path) -> Iterator[None]:
    """Turns what the system says while a run is written into an OutputError."""
    try:
        yield
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _cannot_write(folder: Path, error: OSError | ValueError) -> OutputError:
    if isinstance(error, OSError) and error.errno in _FULL:
        return OutputError(Text("磁盘满了，没有写完。", "The disk is full; not everything was written."), _MAKE_ROOM)
    why = _WHY.get(getattr(error, "errno", None) or 0) or Text.same(
        getattr(error, "strerror", None) or type(error).__name__
    )
    shown = printable(str(folder))
    seen = Text(f"不能写入 {shown}：{why.zh}。", f"Cannot write to {shown}: {why.en}.")
    return OutputError(seen, Text("请换一个保存位置。", "Choose another place to save."))


def _mb(size: int) -> str:
    return f"{size / _MB:.1f}"
