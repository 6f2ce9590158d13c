"""作业里有哪些文件 | The files of a submission: plain ones only, bounded in number and size.

Links, pipes, sockets and devices are never opened: a pipe would hang the reader, a link may lead anywhere.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pytest_mmedu.text import Text, printable

MOST_FILES = 20_000
MOST_NOTES = 20
LARGEST_FILE = 500_000_000
LARGEST_SUM = 2_000_000_000
_DEEPEST = 12
_MOST_CHILDREN = 10 * MOST_FILES  # of one folder are ever listed
_EXERCISE_FILES = {"conftest.py", "master.py"}
_LEFT_OUT = {"__pycache__", "__macosx", "node_modules", "site-packages", "$recycle.bin"}
# In a folder with one of these, the exercise's own files and its sample submissions lie beside the homework.
_EXERCISE_MARKS = ("exercise.toml", "submissions.toml")
_OF_EXERCISE = {"master.py", "variant.py", "conftest.py", "submissions", "hidden", *_EXERCISE_MARKS}
_ANSWER_KEY = "master_"
# Folders that are made and not handed in: a virtual environment, and whatever calls itself a cache.
_MADE_FOLDERS = ("pyvenv.cfg", "CACHEDIR.TAG")
_REPORT_BEGINS = b'{\n  "format": "pytest-mmedu report'


class Entry(NamedTuple):
    """A plain file; `path` is relative to the submission's folder."""

    path: PurePosixPath
    size: int


def belongs_to_exercise(path: PurePosixPath) -> bool:
    """`test_*.py`, `conftest.py`, `master.py`: never taken for a student's program."""
    name = path.name.lower()
    return name in _EXERCISE_FILES or (name.startswith("test_") and name.endswith(".py"))


def list_files(folder: Path) -> tuple[list[Entry], tuple[Text, ...]]:
    """All plain files below `folder` in a fixed order, with notes on what was left out."""
    found: list[Entry] = []
    notes: list[Text] = []
    total = 0
    for item in _walk(folder, PurePosixPath(), notes):
        total += item.size
        if len(found) >= MOST_FILES or total > LARGEST_SUM:
            notes.append(_too_much())
            break
        found.append(item)
    return found, _at_most(notes)


def _at_most(notes: list[Text]) -> tuple[Text, ...]:
    """The first of them: 10,000 links make no report that nobody can open. What was said last stays."""
    more = len(notes) - MOST_NOTES
    if more <= 0:
        return tuple(notes)
    left = Text(f"另有 {more} 处没有读，不一一列出。", f"{more} more were not read and are not listed.")
    return (*notes[: MOST_NOTES - 1], left, notes[-1])


def _walk(folder: Path, inside: PurePosixPath, notes: list[Text]) -> Iterator[Entry]:
    try:
        with os.scandir(folder) as scan:
            children = sorted(islice(scan, _MOST_CHILDREN), key=lambda child: child.name)
    except OSError:
        notes.append(_skipped(inside, Text("打不开", "cannot be opened")))
        return
    ours = _names_of_exercise({child.name for child in children}) if not inside.parts else set()
    for child in children:
        if child.name.startswith(".") or child.name.lower() in _LEFT_OUT or child.name in ours:
            continue
        yield from _one(child, inside / child.name, notes)


def _one(child: os.DirEntry[str], path: PurePosixPath, notes: list[Text]) -> Iterator[Entry]:
    facts = child.stat(follow_symlinks=False)
    wrong = _wrong_with(child, path, facts)
    if wrong is not None:
        if not _is_latest(child):
            notes.append(_skipped(path, wrong))
    elif not stat.S_ISDIR(facts.st_mode):
        if not _is_report(child):
            yield Entry(path, facts.st_size)
    elif len(path.parts) < _DEEPEST and not any(Path(child.path, name).exists() for name in _MADE_FOLDERS):
        yield from _walk(Path(child.path), path, notes)


def _is_report(child: os.DirEntry[str]) -> bool:
    """What grading itself wrote beside the homework: it must not make the next run look like another submission."""
    if not child.name.endswith(".json"):
        return False
    try:
        with Path(child.path).open("rb") as file:
            return file.read(len(_REPORT_BEGINS)) == _REPORT_BEGINS
    except OSError:
        return False


def _wrong_with(child: os.DirEntry[str], path: PurePosixPath, facts: os.stat_result) -> Text | None:
    """Why this entry is not read, None when it is."""
    if stat.S_ISLNK(facts.st_mode) or _is_junction(child):
        return Text("是链接", "is a link")
    if not stat.S_ISREG(facts.st_mode) and not stat.S_ISDIR(facts.st_mode):
        return Text("不是普通文件", "is not a plain file")
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return Text("文件名不是文字", "has a name that is not text")
    if stat.S_ISREG(facts.st_mode) and facts.st_size > LARGEST_FILE:
        return Text(f"超过 {LARGEST_FILE // 1_000_000} MB", f"is larger than {LARGEST_FILE // 1_000_000} MB")
    return None


def _is_latest(child: os.DirEntry[str]) -> bool:
    """What mmcv leaves beside the weights of each epoch, a second name of the last: there is nothing to tell of it."""
    if child.name != "latest.pth" or not child.is_symlink():
        return False
    target = Path(child.path).readlink()
    return len(target.parts) == 1 and target.suffix == ".pth"


def _is_junction(child: os.DirEntry[str]) -> bool:
    return getattr(child, "is_junction", lambda: False)()  # Windows, Python 3.12 and newer


def _names_of_exercise(names: set[str]) -> set[str]:
    """In the exercise's own folder the reference and the sample submissions are not part of the homework."""
    if not any(mark in names for mark in _EXERCISE_MARKS):
        return set()
    ours = (*_OF_EXERCISE, *(name for name in names if name.startswith(_ANSWER_KEY)))
    return {name for name in names if name in ours or belongs_to_exercise(PurePosixPath(name))}


def _skipped(path: PurePosixPath, why: Text) -> Text:
    name = printable(path.as_posix(), 80)
    return Text(f"没有读 {name}：{why.zh}。", f"{name} was not read: it {why.en}.")


def _too_much() -> Text:
    return Text(
        f"文件太多或太大：最多读 {MOST_FILES} 个文件、{LARGEST_SUM // 1_000_000} MB，其余没有读。",
        f"Too many or too large files: at most {MOST_FILES} files and {LARGEST_SUM // 1_000_000} MB are read.",
    )
