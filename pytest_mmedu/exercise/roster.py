"""班级名单 | students.csv beside the students' folders: a line per student, folder and id."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pytest_mmedu.errors import ExerciseError, SubmissionError
from pytest_mmedu.exercise.student_id import is_id, same_id
from pytest_mmedu.submission.source import decode, read_bytes
from pytest_mmedu.text import Text, printable

ROSTER_FILE = "students.csv"
_LARGEST_ROSTER = 1_000_000
_HEADINGS = {"folder", "id", "student", "name", "文件夹", "学号", "姓名"}
_ID_HEADINGS = {"id", "学号"}
_SUFFIXES = (".zip", ".tar", ".gz", ".tgz", ".py", ".ipynb", ".toml", ".json")


class RosterLine(NamedTuple):
    """A line of the list: the folder as it is written there, and the student's id."""

    line: int
    folder: str
    id: str


def roster(folder: Path) -> Mapping[str, str]:
    """Folder, as `listed_name` has it -> id; empty without a students.csv.

    Raises:
        ExerciseError: it cannot be read, or binds one folder to two ids.
    """
    return {listed_name(Path(one.folder)): one.id for one in students_listed(folder)}


def students_listed(folder: Path) -> tuple[RosterLine, ...]:
    """What students.csv in `folder` says, line by line; nothing without one.

    Raises:
        ExerciseError: it cannot be read, or binds one folder to two ids.
    """
    path = folder / ROSTER_FILE
    if not path.is_file():
        return ()
    try:
        text, _ = decode(read_bytes(path, _LARGEST_ROSTER), ROSTER_FILE)
    except SubmissionError as error:
        raise ExerciseError(error.seen, _TWO_COLUMNS, place=ROSTER_FILE) from None
    found = tuple(_rows(text))
    bound: dict[str, str] = {}
    for one in found:
        if bound.setdefault(listed_name(Path(one.folder)), one.id) != one.id:
            name = printable(one.folder, 60)
            seen = Text(
                f"{ROSTER_FILE} 第 {one.line} 行：{name} 已经有另一个学号。",
                f"Line {one.line} of {ROSTER_FILE}: {name} has another id already.",
            )
            raise ExerciseError(seen, _TWO_COLUMNS, place=f"{ROSTER_FILE}:{one.line}")
    return found


def listed_name(path: Path) -> str:
    """A submission's name as the list has it: `王小红`, whether a folder, an archive or a single file."""
    return same_id(without_suffixes(path))


def without_suffixes(path: Path) -> str:
    """`作业` for `作业.tar.gz` and `作业.py`."""
    name = path.name
    while any(name.lower().endswith(suffix) for suffix in _SUFFIXES):
        name = name.rpartition(".")[0]
    return name


def _rows(text: str) -> Iterator[RosterLine]:
    """Whatever sign Excel put between folder and id."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    swapped = False  # the headings say that the id stands in front
    for line, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        cells = [cell.strip() for cell in row]
        titles = [cell.casefold() for cell in cells[:2]] if line == 1 else []
        if not any(cells) or (titles and set(titles) <= _HEADINGS):
            swapped = bool(titles) and titles[0] in _ID_HEADINGS and titles[-1] not in _ID_HEADINGS
            continue
        if swapped and len(cells) > 1:
            cells[:2] = cells[1::-1]
        if len(cells) < 2 or not cells[0] or not is_id(cells[1]):
            shown = printable(" ".join(cells), 60)
            seen = Text(f"{ROSTER_FILE} 第 {line} 行读不懂：{shown}。", f"Line {line} of {ROSTER_FILE} says {shown}.")
            raise ExerciseError(seen, _TWO_COLUMNS, place=f"{ROSTER_FILE}:{line}")
        yield RosterLine(line, cells[0], cells[1])


_TWO_COLUMNS = Text(
    "每行写文件夹和学号，用逗号隔开，每个文件夹一行。",
    "Each line takes a folder and an id with a comma between them, one line per folder.",
)
