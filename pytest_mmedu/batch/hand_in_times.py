"""交作业的时间 | When work was handed in, where somebody who knows has written it down.

handed_in.csv                beside the submissions: a line per student, folder or name, and time
Gradescope's own list        layouts.py reads it

Times of files are no such thing: copying, unpacking and cloning change them, and anybody can. A time that is not known
is "", and nothing is taken off for it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path

from pytest_mmedu.errors import ExerciseError, SubmissionError
from pytest_mmedu.gradebook.file_names import same_name
from pytest_mmedu.submission.archive_names import bare_name
from pytest_mmedu.submission.source import decode, read_bytes
from pytest_mmedu.text import Text, printable

TIMES_FILE = "handed_in.csv"
_LARGEST = 5_000_000
_PARTS = ("year", "month", "day", "hour", "minute", "second")
_HEADINGS = {"folder", "student", "name", "文件夹", "学生", "姓名"}
# ISO, as Gradescope writes it, and as Excel does after it has touched a table: 2026/11/20 9:05
_TIME = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)


def read_time(text: str, otherwise: tzinfo | None = None) -> str:
    """The time in ISO with its zone; `otherwise` is the zone of one without. "" where it is none, or without a zone."""
    match = _TIME.fullmatch(text.strip())
    if match is None:
        return ""
    year, month, day, hour, minute, second = (int(match[name] or 0) for name in _PARTS)
    try:
        zone = _zone(match["zone"]) if match["zone"] else otherwise
        return "" if zone is None else datetime(year, month, day, hour, minute, second, tzinfo=zone).isoformat()
    except ValueError:  # the 31st of February
        return ""


def read_times(folder: Path, otherwise: tzinfo | None) -> Mapping[str, str]:
    """Name of a folder or student, as `same_name` has it -> time; empty without a handed_in.csv.

    Raises:
        ExerciseError: it cannot be read, or a line of it cannot be understood.
    """
    path = folder / TIMES_FILE
    if not path.is_file():
        return {}
    try:
        text, _ = decode(read_bytes(path, _LARGEST), TIMES_FILE)
    except SubmissionError as error:
        raise ExerciseError(error.seen, _TWO_COLUMNS, place=TIMES_FILE) from None
    return dict(_rows(text, otherwise))


class HandInTimes:
    """What the lists say: the one in the folder where a submission lies, else those beside what is graded.

    `zone` is the zone of times that have none: the one in which the due time is told.
    """

    def __init__(self, graded: Iterable[Path], zone: tzinfo | None) -> None:
        self._zone = zone
        self._of_folder: dict[Path, Mapping[str, str]] = {}
        self._beside = [self._in(place if place.is_dir() else place.parent) for place in graded]

    def of(self, path: Path, student: str) -> str:
        """By the name of the folder or file, else by the student's; "" where nobody knows.

        Raises:
            ExerciseError: a list cannot be understood.
        """
        names = [same_name(name) for name in (path.name, bare_name(path), path.stem, student)]
        found = (times[name] for times in (self._in(path.parent), *self._beside) for name in names if name in times)
        return next(found, "")

    def _in(self, folder: Path) -> Mapping[str, str]:
        if folder not in self._of_folder:
            self._of_folder[folder] = read_times(folder, self._zone)
        return self._of_folder[folder]


def _rows(text: str, otherwise: tzinfo | None) -> Iterator[tuple[str, str]]:
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    for line, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (line == 1 and cells[0].casefold() in _HEADINGS):
            continue
        is_time = len(cells) > 1 and read_time(cells[1], otherwise or timezone.utc)
        if not cells[0] or not is_time:
            shown = printable(" ".join(cells), 60)
            seen = Text(f"{TIMES_FILE} 第 {line} 行读不懂：{shown}。", f"Line {line} of {TIMES_FILE} says {shown}.")
            raise ExerciseError(seen, _TWO_COLUMNS, place=f"{TIMES_FILE}:{line}")
        yield same_name(cells[0]), read_time(cells[1], otherwise)


def _zone(text: str) -> timezone:
    if text.upper() in ("Z", "UTC"):
        return timezone.utc
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


_TWO_COLUMNS = Text(
    "每行写文件夹（或学生）和时间，用逗号隔开，如 张三,2026-11-20 22:30。",
    "Each line takes a folder or student and a time with a comma between them, as in li,2026-11-20 22:30.",
)
