"""这是谁的作业 | Whose work this is: by the teacher's word, by the list of the class, or by what the work itself says.

--mmedu-student 2024001      the teacher's word
students.csv                 beside the students' folders: a line per student, folder and id
student.toml                 in the submission, written there by `release --student`: a claim and no proof
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu import toml_text
from pytest_mmedu.errors import ExerciseError, SubmissionError
from pytest_mmedu.exercise.variant import same_id
from pytest_mmedu.submission.archive_names import is_archive
from pytest_mmedu.submission.source import decode, read_bytes
from pytest_mmedu.text import Text, listing, printable

STUDENT_FILE = "student.toml"
ROSTER_FILE = "students.csv"
_LARGEST_CLAIM, _LARGEST_ROSTER, _LONGEST_ID = 4_000, 1_000_000, 80
_MOST_FOLDERS = 50  # right below the submission's own, which are looked into: an archive often holds one folder
_HEADINGS = {"folder", "id", "student", "name", "文件夹", "学号", "姓名"}


@dataclass(frozen=True)
class Student:
    """`id` is "" for nobody. `claimed`: only the submission says so. `notes` are for the report."""

    id: str = ""
    claimed: bool = False
    notes: tuple[Text, ...] = ()


def is_id(student: str) -> bool:
    """Something that can be a student's id: a line of printable characters, not too long."""
    return 0 < len(student.strip()) <= _LONGEST_ID and student.isprintable()


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
    claim = _claim(submission)
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


def roster(folder: Path) -> Mapping[str, str]:
    """Folder -> id, as students.csv in `folder` says; empty without one.

    Raises:
        ExerciseError: it cannot be read, or binds one folder to two ids.
    """
    path = folder / ROSTER_FILE
    if not path.is_file():
        return {}
    try:
        text, _ = decode(read_bytes(path, _LARGEST_ROSTER), ROSTER_FILE)
    except SubmissionError as error:
        raise ExerciseError(error.seen, _TWO_COLUMNS, place=ROSTER_FILE) from None
    bound: dict[str, str] = {}
    for line, name, student in _rows(text):
        if bound.setdefault(name, student) != student:
            seen = Text(
                f"{ROSTER_FILE} 第 {line} 行：{name} 已经有另一个学号。",
                f"Line {line} of {ROSTER_FILE}: {name} has another id already.",
            )
            raise ExerciseError(seen, _TWO_COLUMNS, place=f"{ROSTER_FILE}:{line}")
    return bound


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


def _claim(submission: Path) -> Student:
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


def _rows(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, folder and id, whatever sign Excel put between them."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    for line, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (line == 1 and set(map(str.casefold, cells[:2])) <= _HEADINGS):
            continue
        if len(cells) < 2 or not cells[0] or not is_id(cells[1]):
            shown = printable(" ".join(cells), 60)
            seen = Text(f"{ROSTER_FILE} 第 {line} 行读不懂：{shown}。", f"Line {line} of {ROSTER_FILE} says {shown}.")
            raise ExerciseError(seen, _TWO_COLUMNS, place=f"{ROSTER_FILE}:{line}")
        yield line, listed_name(Path(cells[0])), cells[1]


def listed_name(path: Path) -> str:
    """A submission's name as the list has it: `王小红`, whether a folder, an archive or a single file."""
    suffixes = (".zip", ".tar", ".gz", ".tgz", ".py", ".ipynb", ".toml", ".json")
    name = path.name
    while any(name.lower().endswith(suffix) for suffix in suffixes):
        name = name.rpartition(".")[0]
    return same_id(name)


_TWO_COLUMNS = Text(
    "每行写文件夹和学号，用逗号隔开，每个文件夹一行。",
    "Each line takes a folder and an id with a comma between them, one line per folder.",
)
_UNREADABLE = Text(
    f'{STUDENT_FILE} 读不懂，按没有学号批改；应为 student = "学号"。',
    f'{STUDENT_FILE} cannot be understood, so there is no id; it takes student = "ID".',
)
