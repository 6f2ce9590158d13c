"""成绩册旁边的文件 | The files beside a gradebook, written from it: they can be lost, the gradebook cannot.

    results/gradebook.sqlite      this is the gradebook
            gradebook.csv         for Excel
            index.html            the page of the class, for the teacher
            students/NAME.html    a page for each student
            reports/NAME.json     the report behind it
            alike.json            submissions that are very alike, for the teacher's page

A student's files are written anew when the report, the comment or the score has changed, and when one is missing.
"""

from __future__ import annotations

import io
import time
from contextlib import suppress
from pathlib import Path

from pytest_mmedu import __version__
from pytest_mmedu.alike import read_alike
from pytest_mmedu.alike.findings import FILE as ALIKE
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.export import FORMATS
from pytest_mmedu.gradebook.file_names import file_name
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.json_file import write_report, write_whole
from pytest_mmedu.report.layout import number
from pytest_mmedu.text import Lang, Text

REPORTS, STUDENTS, CLASS_PAGE = "reports", "students", "index.html"
_ABANDONED_AFTER = 3600  # seconds: half a file of a grader that was killed


def publish_student(book: Gradebook, student: str, lang: Lang) -> None:
    """The report and the page of one student, where they are not what they should be.

    Raises:
        OutputError: they cannot be written.
    """
    now, before = book.stamp(student)
    stamp = f"{now} {lang} {__version__}"
    files = _files(book, student)
    if stamp == before and all(path.exists() for path in files):
        return
    row = book.row(student)
    _write(row, *files, lang)
    if row.report is not None:  # without one the next look is cheap
        book.wrote(student, stamp)


def publish_class(book: Gradebook, title: Text, lang: Lang) -> None:
    """The page of the class and the table for Excel, and whatever of the students' files is missing.

    Raises:
        OutputError: they cannot be written.
    """
    from pytest_mmedu.report.pages.class_page import write_class_page

    folder = book.path.parent
    _sweep(folder)
    for student in book.students():
        publish_student(book, student, lang)
    write_export(book, "csv", lang)
    write_class_page(folder / CLASS_PAGE, title, book.rows(), lang=lang, alike=read_alike(folder / ALIKE))


def write_export(book: Gradebook, form: str, lang: Lang, path: Path | None = None) -> Path:
    """The gradebook in one of the FORMATS; where it was written to.

    Raises:
        OutputError: it cannot be written.
    """
    name, encoding, lines = FORMATS[form]
    target = path or book.path.parent / name
    text = io.StringIO(newline="")
    text.writelines(lines(book.rows(), lang))
    mark = "\ufeff" if encoding == "utf-8-sig" else ""
    write_whole(target, mark + text.getvalue())
    return target


def _files(book: Gradebook, student: str) -> tuple[Path, Path]:
    folder, name = book.path.parent, file_name(student)
    return folder / REPORTS / f"{name}.json", folder / STUDENTS / f"{name}.html"


def _write(row: Row, report: Path, page: Path, lang: Lang) -> None:
    """Of a submission that waits to be graded again nothing old stays behind."""
    from pytest_mmedu.report.pages.student_page import student_page

    if row.report is None:
        for path in (report, page):
            path.unlink(missing_ok=True)
        return
    write_report(row.report, report)
    write_whole(page, student_page(row.report, lang=lang, student=row.student, comment=_comment(row)))


def _comment(row: Row) -> str:
    """What the teacher says, and why another score counts than the one on the page."""
    lines = [row.comment] if row.comment else []
    if row.override is not None:
        score = number(row.override)
        lines.append(str(Text(f"老师给的得分：{score} 分。", f"The teacher's score: {score} points.")))
    elif row.penalty:
        hours, taken, final = (number(one or 0.0) for one in (row.hours_late, row.penalty, row.final))
        zh = f"迟交 {hours} 小时，扣 {taken} 分，最终 {final} 分。"
        lines.append(str(Text(zh, f"{hours} hours late: {taken} points off, {final} points count.")))
    return "\n".join(lines)


def _sweep(folder: Path) -> None:
    for path in (*folder.glob(".*.tmp"), *folder.glob("*/.*.tmp")):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _ABANDONED_AFTER:
                path.unlink()
