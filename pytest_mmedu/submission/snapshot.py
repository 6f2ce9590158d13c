"""作业的快照 | The submission as it is now: its files by content, and a copy that is exactly these."""

from __future__ import annotations

import hashlib
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.find import Submission
from pytest_mmedu.submission.plain_files import Entry, list_files
from pytest_mmedu.text import Text, listing, printable

_BLOCK = 1 << 20
_IMPORTABLE = (".py", ".pyc", ".so", ".pyd")
_HEAVY = re.compile(rb"\b(MMEdu|mmcls|mmcv|torch|torchvision|pytest_mmedu)\b")
_LIBRARIES = {"torch", "torchvision", "mmcv", "mmcls", "mmengine", "MMEdu", "numpy", "cv2", "PIL", "pytest"}


class Snapshot(NamedTuple):
    """`digests`: sha256 of each file by its path. `heavy`: some program in it mentions the training libraries."""

    folder: Path
    digests: Mapping[str, str]
    heavy: bool
    notes: tuple[Text, ...] = ()

    def copy_to(self, target: Path) -> None:
        """A copy of exactly these files.

        Raises:
            SubmissionError: a file is no longer what it was.
        """
        for name, digest in self.digests.items():
            copied = target / name
            copied.parent.mkdir(parents=True, exist_ok=True)
            try:
                with _open(self.folder / name) as source, copied.open("xb") as out:
                    same = _digest(source, out) == digest
            except OSError:
                same = False
            if not same:
                raise _changed(name)


def take_snapshot(submission: Submission) -> Snapshot:
    """All files of the submission; of one handed-in file, this file alone."""
    files, notes = _files(submission)
    digests: dict[str, str] = {}
    heavy = False
    for entry in files:
        name = entry.path.as_posix()
        try:
            with _open(submission.folder / name) as file:
                digests[name] = _digest(file)
                heavy = heavy or _mentions_libraries(file, entry.path)
        except OSError:
            notes = (*notes, _unreadable(name))
    shadows = _shadows(submission, digests)
    return Snapshot(submission.folder, digests, heavy, (*notes, *shadows))


def _files(submission: Submission) -> tuple[Sequence[Entry], tuple[Text, ...]]:
    if not submission.alone or submission.source_file is None:
        return list_files(submission.folder)
    path = submission.source_file
    return [Entry(PurePosixPath(path.name), path.stat().st_size)], ()


def copy_file(source: Path, target: Path) -> None:
    """One plain file as it is; its folder is made.

    Raises:
        SubmissionError: it cannot be read any more.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with _open(source) as file, target.open("xb") as out:
            _digest(file, out)
    except OSError as error:
        raise _changed(source.name) from error


def _open(path: Path) -> BinaryIO:
    """For reading, never through a link: one may have been put there since the folder was listed."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    return os.fdopen(os.open(path, flags), "rb")


def _digest(file: BinaryIO, out: BinaryIO | None = None) -> str:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
        if out is not None:
            out.write(block)
    return digest.hexdigest()


def _mentions_libraries(file: BinaryIO, path: PurePosixPath) -> bool:
    if path.suffix.lower() not in (".py", ".ipynb"):
        return False
    file.seek(0)
    return _HEAVY.search(file.read().replace(b"\0", b"")) is not None  # UTF-16 has a zero beside every letter


def _shadows(submission: Submission, names: Iterable[str]) -> tuple[Text, ...]:
    """Files beside the program that are named like a library: they are not imported in its place."""
    if submission.source_file is None:
        return ()
    beside = submission.source_file.parent.relative_to(submission.folder)
    known = _LIBRARIES | set(sys.stdlib_module_names)
    inside = (PurePosixPath(name).relative_to(beside.as_posix()) for name in names if Path(name).is_relative_to(beside))
    tops = {path.parts[0] for path in inside if path.suffix in _IMPORTABLE}
    found = sorted(top for top in tops if top.partition(".")[0] in known)
    if not found:
        return ()
    shown = listing(printable(name, 40) for name in found[:5])
    return (
        Text(
            f"{shown.zh} 与 Python 或训练软件的模块同名；批改时不会代替它们，在自己的电脑上会，请改名。",
            f"{shown.en}: named like a module of Python or of the training software. "
            "Here it does not take that module's place; on your computer it does: rename it.",
        ),
    )


def _unreadable(name: str) -> Text:
    shown = printable(name, 80)
    return Text(f"没有读 {shown}：打不开。", f"{shown} was not read: it cannot be opened.")


def _changed(name: str) -> SubmissionError:
    shown = printable(name, 80)
    seen = Text(f"批改过程中 {shown} 被改动了。", f"{shown} was changed while it was being graded.")
    return SubmissionError(seen, Text("请等文件写完后再批改一次。", "Wait until it is complete and grade again."))
