"""交作业的时间 | When work was handed in, where somebody who knows has written it down.

Times of files, and the dates inside a repository, are no such thing: copying, unpacking and cloning change the first,
and anybody can write both. A time that is not known is "", and nothing is taken off for it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from pathlib import Path

from pytest_mmedu.batch.listed import Listed
from pytest_mmedu.errors import ExerciseError, SubmissionError
from pytest_mmedu.exercise.student_id import same_id
from pytest_mmedu.submission.source import decode, read_bytes
from pytest_mmedu.text import Text, printable

TIMES_FILE = "handed_in.csv"  # beside the submissions: a line per student, folder or name, and time
_LARGEST = 5_000_000
_HEADINGS = {"folder", "student", "name", "文件夹", "学生", "姓名"}
_CLOCK = r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_NAMED = r"(?P<name>" + "|".join(_MONTHS) + r")[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})"
_TIMES = [
    re.compile(form, re.IGNORECASE)
    for form in (
        # ISO, as Gradescope writes it, and as Excel does after it has touched a table: 2026/11/20 9:05
        rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.]{_DAY}(?:T|\s+){_CLOCK}"
        r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?",
        # Moodle in China: 2026年11月20日 星期五 22:30, 2026年11月20日 星期五 下午 10:30
        rf"(?P<year>\d{{4}})年\s*(?P<month>\d{{1,2}})月\s*{_DAY}日[\s,，]*(?:(?:星期|周).)?[\s,，]*"
        rf"(?P<half>上午|下午)?\s*{_CLOCK}",
        # Moodle in English: Friday, 20 November 2026, 10:30 PM, and the American Friday, November 20, 2026, 10:30 PM
        rf"(?:[a-z]+,\s*)?{_DAY}\s+{_NAMED},?\s+(?P<year>\d{{4}}),?\s+{_CLOCK}\s*(?P<half>[ap]m)?",
        rf"(?:[a-z]+,\s*)?{_NAMED}\s+{_DAY},?\s+(?P<year>\d{{4}}),?\s+{_CLOCK}\s*(?P<half>[ap]m)?",
    )
]


def read_time(text: str, otherwise: tzinfo | None = None) -> str:
    """The time in ISO with its zone; `otherwise` is the zone of one without. "" where it is none, or without a zone."""
    found = (form.fullmatch(text.strip()) for form in _TIMES)
    told = next((match.groupdict() for match in found if match is not None), None)
    if told is None:
        return ""
    try:
        zone = _zone(told["zone"]) if told.get("zone") else otherwise
        return "" if zone is None else _moment(told, zone).isoformat()
    except ValueError:  # the 31st of February
        return ""


def read_times(folder: Path, otherwise: tzinfo | None) -> list[Listed]:
    """What handed_in.csv in `folder` says; nothing without one. Of two lines for one name the later counts.

    Raises:
        ExerciseError: it cannot be read, or a line of it cannot be understood.
    """
    path = folder / TIMES_FILE
    if not path.is_file():
        return []
    try:
        text, _ = decode(read_bytes(path, _LARGEST), TIMES_FILE)
    except SubmissionError as error:
        raise ExerciseError(error.seen, _TWO_COLUMNS, place=TIMES_FILE) from None
    return list({same_id(one.name): one for one in _rows(text, otherwise)}.values())


def _rows(text: str, otherwise: tzinfo | None) -> Iterator[Listed]:
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
        yield Listed(f"{TIMES_FILE}:{line}", cells[0], (cells[0],), handed_in=read_time(cells[1], otherwise))


def _moment(told: dict[str, str | None], zone: tzinfo) -> datetime:
    year, day, hour, minute, second = (int(told.get(part) or 0) for part in ("year", "day", "hour", "minute", "second"))
    month = _MONTHS.index(str(told["name"])[:3].lower()) + 1 if told.get("name") else int(told["month"] or 0)
    half = (told.get("half") or "").lower()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half in ("pm", "下午") else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=zone)


def _zone(text: str) -> timezone:
    if text.upper() in ("Z", "UTC"):
        return timezone.utc
    sign = -1 if text[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(text[1:3]), minutes=int(text[-2:])))


_TWO_COLUMNS = Text(
    "每行写文件夹（或学生）和时间，用逗号隔开，如 张三,2026-11-20 22:30。",
    "Each line takes a folder or student and a time with a comma between them, as in li,2026-11-20 22:30.",
)
