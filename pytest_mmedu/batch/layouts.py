"""一个班的作业怎么摆放 | How the submissions of a class lie in a folder: each with the name of its student.

Plain            张三/, 李四.py, 王五.zip
Moodle           张三_12345_assignsubmission_file_/, or the same as a zip
Gradescope       submission_123/ beside submission_metadata.yml, which has the names
GitHub Classroom assignment-username/, clones of repositories
All in one zip   any of these, packed
"""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from pytest_mmedu.batch.hand_in_times import read_time
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.gradebook.file_names import GRADEBOOK, same_name
from pytest_mmedu.submission.archive_names import bare_name, fit_name, is_archive
from pytest_mmedu.submission.archives import unpack
from pytest_mmedu.submission.plain_files import list_files
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Text

HANDED_IN = (".py", ".ipynb", ".toml")
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)_?.*", re.DOTALL)
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_METADATA = "submission_metadata.yml"
_LARGEST_METADATA = 5_000_000
_SUBMISSION_LINE = re.compile(r"^(submission_\d+):\s*$")
_TIME_LINE = re.compile(r"^\s+:created_at:\s*(?P<time>.+?)\s*$")
_NAME_LINE = re.compile(r"^\s+(?:- )?:?name:\s*(?P<name>.+?)\s*$")
_REPOSITORY = (".git", ".github")


@dataclass(frozen=True)
class Student:
    """`name` as it is shown; `id` is the system's own number, where there is one.

    handed_in  when, where the system's own list says it with a time zone: ISO
    """

    name: str
    path: Path
    id: str = ""
    handed_in: str = ""


@contextmanager
def students_in(places: Iterable[Path]) -> Iterator[list[Student]]:
    """`find_students`; what was unpacked for it is there until the end of the `with`."""
    with temporary("class") as folder:
        yield find_students(places, lambda: Path(tempfile.mkdtemp(dir=folder)))


def find_students(places: Iterable[Path], fresh: Callable[[], Path]) -> list[Student]:
    """The submissions in these class folders, or zips of a whole class, each folder's in order of name.

    `fresh` gives an empty folder to unpack a class to.

    Raises:
        SubmissionError: when there is none at all, or the zip of a class cannot be opened.
    """
    found = [student for place in places for student in _in_place(place, fresh)]
    if not found:
        seen = Text("这里没有作业。", "There are no submissions here.")
        todo = Text(
            "每个学生应有一个子文件夹、脚本或笔记本。", "Each student needs a sub-folder, a script or a notebook."
        )
        raise SubmissionError(seen, todo)
    return _told_apart(found)


def _in_place(place: Path, fresh: Callable[[], Path]) -> list[Student]:
    if not place.is_dir():
        return _in_class(_unpacked(place, fresh))
    entries = _entries(place)
    if len(entries) == 1 and is_archive(entries[0]) and not _MOODLE.fullmatch(entries[0].name):
        try:
            inside = _unpacked(entries[0], fresh)
        except SubmissionError:  # it may be one student's: then the report says what is wrong with it
            return _in_class(place)
        if _is_class(inside):
            return _in_class(inside)
    return _in_class(place)


def _unpacked(archive: Path, fresh: Callable[[], Path]) -> Path:
    """The class folder in an archive: what wraps it is passed by."""
    folder = fresh()
    unpack(archive, folder)
    while not _of_a_system(folder) and len(inside := _entries(folder)) == 1 and _is_class(inside[0]):
        folder = inside[0]
    return folder


def _is_class(folder: Path) -> bool:
    """Several that have programs, and none that lies beside them: that would be one student's own folder."""
    if not folder.is_dir():
        return False
    if _of_a_system(folder):
        return True
    entries = _entries(folder)
    if len(entries) == 1 and entries[0].is_dir():
        return _is_class(entries[0])
    return all(one.is_dir() or is_archive(one) for one in entries) and sum(map(_has_program, entries)) > 1


def _of_a_system(folder: Path) -> bool:
    """As Gradescope or Moodle write it."""
    return (folder / _METADATA).is_file() or any(_MOODLE.fullmatch(one.name) for one in _entries(folder))


def _has_program(path: Path) -> bool:
    return not path.is_dir() or any(one.path.suffix.lower() in HANDED_IN for one in list_files(path)[0])


def _entries(folder: Path) -> list[Path]:
    """What could be a submission, in order of name."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")) and _is_submission(path))


def _is_submission(path: Path) -> bool:
    if path.is_symlink() or (path / GRADEBOOK).is_file():  # what an earlier grading left here
        return False
    return path.is_dir() or is_archive(path) or path.suffix.lower() in HANDED_IN


def _in_class(folder: Path) -> list[Student]:
    entries = _entries(folder)
    if len(entries) == 1 and entries[0].is_dir() and _of_a_system(entries[0]):  # assignment_7_export/
        return _in_class(entries[0])
    if (folder / _METADATA).is_file():
        return list(_of_gradescope(entries, _listed(folder / _METADATA)))
    if any(_MOODLE.fullmatch(one.name) for one in entries):
        return list(_of_moodle(entries))
    prefix = _assignment(entries)
    return [Student(fit_name(_shown(one).removeprefix(prefix) or one.name), one) for one in entries]


def _shown(path: Path) -> str:
    return bare_name(path) if is_archive(path) else path.name


def _of_moodle(entries: Sequence[Path]) -> Iterator[Student]:
    """A student's text beside the files that the same student handed in is left out."""
    found = [(one, _MOODLE.fullmatch(one.name)) for one in entries]
    with_files = {match["id"] for _, match in found if match and match["kind"] == "file"}
    for path, match in found:
        if match is None:
            yield Student(fit_name(_shown(path)), path)
        elif match["kind"] == "file" or match["id"] not in with_files:
            yield Student(fit_name(match["name"]), path, match["id"])


def _of_gradescope(entries: Sequence[Path], listed: Mapping[str, _Listed]) -> Iterator[Student]:
    for path in entries:
        match = _GRADESCOPE.fullmatch(_shown(path))
        known = listed.get(_shown(path), _Listed())
        name = "、".join(known.names) or _shown(path)
        yield Student(fit_name(name), path, match["id"] if match else "", known.handed_in)


@dataclass
class _Listed:
    """What Gradescope's list says of one submission."""

    names: list[str] = field(default_factory=list)
    handed_in: str = ""


def _listed(metadata: Path) -> dict[str, _Listed]:
    """The submitters of each submission, and when: a narrow reading of the few lines of YAML that have them."""
    with metadata.open("rb") as file:
        text = file.read(_LARGEST_METADATA).decode("utf-8-sig", "replace")
    found: dict[str, _Listed] = {}
    current = _Listed()
    for line in text.splitlines():
        if match := _SUBMISSION_LINE.match(line):
            current = found.setdefault(match[1], _Listed())
        elif match := _NAME_LINE.match(line):
            current.names.append(match["name"].strip("'\""))
        elif not current.handed_in and (match := _TIME_LINE.match(line)):
            current.handed_in = read_time(match["time"].strip("'\""))
    return found


def _assignment(entries: Sequence[Path]) -> str:
    """`hw1-` of `hw1-alice` and `hw1-bob`, where they are clones; else nothing is cut from a name."""
    clones = [one for one in entries if any((one / name).is_dir() for name in _REPOSITORY)]
    if len(clones) < 2 or len(clones) < len(entries):
        return ""
    first, last = min(one.name for one in clones), max(one.name for one in clones)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: first.rfind("-", 0, same) + 1]


def _told_apart(students: Sequence[Student]) -> list[Student]:
    """Two of one name get their numbers beside it."""
    counts = Counter(same_name(student.name) for student in students)
    seen: Counter[str] = Counter()
    found = []
    for student in students:
        key = same_name(student.name)
        seen[key] += 1
        number = f" ({student.id or seen[key]})" if counts[key] > 1 else ""
        found.append(replace(student, name=student.name + number))
    return found
