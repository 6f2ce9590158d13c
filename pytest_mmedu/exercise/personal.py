"""这是谁的作业 | Whose work this is: by the teacher's word, by the list of the class, or by what the work itself says.

--mmedu-student 2024001      the teacher's word
students.csv                 beside the students' folders: a line per student, folder and id
student.toml                 in the submission, written there by `release --student`: a claim and no proof
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from pytest_mmedu import toml_text
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.exercise.roster import listed_name, roster
from pytest_mmedu.exercise.student_id import is_id, same_id
from pytest_mmedu.submission.archive_names import is_archive
from pytest_mmedu.submission.source import decode, read_bytes
from pytest_mmedu.text import Text, listing, printable

STUDENT_FILE = "student.toml"
_LARGEST_CLAIM = 4_000
_MOST_FOLDERS = 50  # right below the submission's own, which are looked into: an archive often holds one folder


class Student(NamedTuple):
    """`id` is "" for nobody. `claimed`: only the submission says so. `notes` are for the report."""

    id: str = ""
    claimed: bool = False
    notes: tuple[Text, ...] = ()


def student_file(student: str) -> str:
    """The content of student.toml."""
    quoted = student.replace("\\", "\\\\").replace('"', '\\"')
    return (
        "# 这份练习是谁的。请不要改动，和作业一起交。 | Whose exercise this is: leave it as it is, and hand it in.\n"
        f'student = "{quoted}"\n'
    )


def student_of(submission: Path, given: str = "") -> Student:
    """The student of `submission`, a file or folder; `given` is the teacher's word.

    Raises:
        ExerciseError: students.csv beside the submission cannot be read, or contradicts itself.
    """
    listed = given or roster(submission.parent).get(listed_name(submission), "")
    claim = claim_of(submission)
    if not listed:
        return claim
    if claim.id and same_id(claim.id) != same_id(listed):
        said, true = printable(claim.id), printable(listed)
        note = Text(
            f"{STUDENT_FILE} 里写的是 {said}，这份作业按 {true} 批改。",
            f"{STUDENT_FILE} says {said}; the work was graded as that of {true}.",
        )
        return Student(listed, notes=(note,))
    return Student(listed)


def same_students(owners: Iterable[tuple[str, str]]) -> tuple[Text, ...]:
    """A remark for the teacher on each id that more than one of these (submission, id) have. It changes no points."""
    folders: dict[str, list[str]] = {}
    for name, student in owners:
        if student:
            folders.setdefault(same_id(student), []).append(name)
    return tuple(_twice(student, names) for student, names in folders.items() if len(names) > 1)


def _twice(student: str, names: Sequence[str]) -> Text:
    who, where = printable(student), listing(printable(name) for name in names)
    return Text(
        f"{where.zh} 都写着学号 {who}，请核对是谁的作业。",
        f"{where.en} have the same id {who}: find out whose work it is.",
    )


def claim_of(submission: Path) -> Student:
    """What student.toml of the submission says; nobody, with a note, where it cannot be understood."""
    try:
        claimed = _claimed(submission)
        if claimed is None:
            return Student()
        text, _ = decode(claimed, STUDENT_FILE)
        student = str(toml_text.parse(text)["student"]).strip()
    except (SubmissionError, ValueError, KeyError):
        student = ""
    if not is_id(student):
        return Student(notes=(_UNREADABLE,))
    shown = printable(student)
    note = Text(
        f"{STUDENT_FILE} 里写着学号 {shown}，没有核实。",
        f"{STUDENT_FILE} says that the student is {shown}: not verified.",
    )
    return Student(student, claimed=True, notes=(note,))


def _claimed(submission: Path) -> bytes | None:
    """student.toml in the folder or the archive; of a single file, the one beside it."""
    if submission.is_file() and is_archive(submission):
        from pytest_mmedu.submission.archive_peek import peek

        return peek(submission, STUDENT_FILE, _LARGEST_CLAIM)
    places = _places(submission) if submission.is_dir() else iter([submission.parent / STUDENT_FILE])
    path = next(filter(_is_plain, places), None)
    return None if path is None else read_bytes(path, _LARGEST_CLAIM)


def _places(folder: Path) -> Iterator[Path]:
    yield folder / STUDENT_FILE
    try:
        inside = sorted((path for path in folder.iterdir() if path.is_dir()), key=lambda path: path.name)
    except OSError:
        return
    yield from (path / STUDENT_FILE for path in inside[:_MOST_FOLDERS] if not path.is_symlink())


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()


_UNREADABLE = Text(
    f'{STUDENT_FILE} 读不懂，按没有学号批改；应为 student = "学号"。',
    f'{STUDENT_FILE} cannot be understood, so there is no id; it takes student = "ID".',
)
