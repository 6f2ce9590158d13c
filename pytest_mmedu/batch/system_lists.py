"""教学平台导出的表格 | Tables that course systems let a teacher download, known by their headings.

Moodle              the grading worksheet: every participant, and when a submission was last changed
GitHub Classroom    the grades (a username, a repository, the time of the submission) and the roster

The system wrote them, not a student: their times can be trusted. Dates inside a repository cannot, since whoever
commits writes whatever date he likes.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import tzinfo
from itertools import islice
from pathlib import Path

from pytest_mmedu.batch.hand_in_times import TIMES_FILE, read_time
from pytest_mmedu.batch.listed import Listed
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.exercise.roster import ROSTER_FILE
from pytest_mmedu.submission.source import decode, read_bytes

_LARGEST, _MOST_FILES = 20_000_000, 50
Row = Mapping[str, str]  # by heading


def system_lists(folder: Path, zone: tzinfo | None) -> Iterator[Listed]:
    """What the tables in `folder` say; any other .csv is left alone."""
    tables = (path for path in sorted(folder.glob("*.csv")) if path.name not in (TIMES_FILE, ROSTER_FILE))
    for path in islice(tables, _MOST_FILES):
        for line, row in _rows(path):
            if "github_username" in row:
                yield from _of_github(f"{path.name}:{line}", row)
            elif (time := next(filter(_is_time_of_moodle, row), None)) is not None:
                yield from _of_moodle(f"{path.name}:{line}", row, time, zone)


def _of_moodle(place: str, row: Row, time: str, zone: tzinfo | None) -> Iterator[Listed]:
    """The first column has a word and the number that the folder of the submission has as well."""
    identifier, *_ = row.values()
    number = "".join(char for char in identifier if char.isdecimal())
    name = next((row[one] for one in ("fullname", "全名", "姓名") if row.get(one)), identifier)
    told = row[time].strip("- ")
    handed_in = read_time(told, zone) if told else ""
    if number:
        yield Listed(
            *(place, name, (name,), number),
            handed_in=handed_in,
            unread=told if zone and not handed_in else "",
            expected=True,
        )


def _of_github(place: str, row: Row) -> Iterator[Listed]:
    username = row["github_username"]
    person = row.get("roster_identifier") or row.get("identifier") or ""
    repository = row.get("student_repository_name", "").rpartition("/")[2]
    told = row.get("submission_timestamp", "")
    handed_in = read_time(told)
    names = tuple(filter(None, (username, repository, person)))
    if names:
        unread = told if told and not handed_in else ""
        yield Listed(place, username or person, names, handed_in=handed_in, unread=unread, expected=True)


def _is_time_of_moodle(heading: str) -> bool:
    """`Last modified (submission)` beside `Last modified (grade)`; 最后修改（学生）, later 最后修改（提交）."""
    return heading == "lastmodified(submission)" or (
        heading.startswith("最后修改(") and not any(word in heading for word in ("教师", "成绩", "评分"))
    )


def _rows(path: Path) -> Iterator[tuple[int, Row]]:
    """Each row with its line, by headings without spaces and capitals; nothing of what is no table."""
    try:
        text, _ = decode(read_bytes(path, _LARGEST), path.name)
        lines = csv.reader(io.StringIO(text, newline=""))
        headings = [_plain(cell) for cell in next(lines, [])]
        for cells in lines:
            if any(cells) and len(cells) >= len(headings):
                yield lines.line_num, {heading: cell.strip() for heading, cell in zip(headings, cells, strict=False)}
    except (SubmissionError, OSError, csv.Error):
        return


def _plain(heading: str) -> str:
    return "".join(unicodedata.normalize("NFKC", heading).casefold().replace("\ufeff", "").split())
