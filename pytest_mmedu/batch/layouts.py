"""一个班的作业怎么摆放 | How the submissions of a class lie in a folder: each with the name of its student.

Plain            张三/, 李四.py, 王五.zip
Moodle           张三_12345_assignsubmission_file_/, or the same as a zip
Gradescope       submission_123/ beside submission_metadata.yml, which has the names
GitHub Classroom assignment-username/, clones of repositories
All in one zip   any of these, packed
"""

from __future__ import annotations

import os
import re
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from pytest_mmedu.batch.gradescope_list import METADATA, Handed, read_metadata
from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.gradebook.file_names import GRADEBOOK, same_name
from pytest_mmedu.submission.archive_names import bare_name, fit_name, is_archive, is_made
from pytest_mmedu.submission.archives import unpack
from pytest_mmedu.submission.plain_files import list_files
from pytest_mmedu.temporary import temporary
from pytest_mmedu.text import Text

HANDED_IN = (".py", ".ipynb", ".toml")
_LISTS = (".csv", ".yml", ".yaml", ".xlsx", ".xls", ".md")
_MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<kind>[a-z]+)_?.*", re.DOTALL)
_GRADESCOPE = re.compile(r"submission_(?P<id>\d+)")
_REPOSITORY = (".git", ".github")


@dataclass(frozen=True)
class Student:
    """`name` as it is shown, another for each; `id` is the system's own number, where there is one.

    shared     the name that several have, "" for a name of one's own
    handed_in  when, where the system's own list says it with a time zone: ISO
    beside     the folder in which what is graded lies
    where      the path as a person knows it: also of what was unpacked to be graded
    """

    name: str
    path: Path
    id: str = ""
    shared: str = ""
    handed_in: str = ""
    beside: Path = Path()
    where: str = ""


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
    once = {place.resolve(): place for place in places}
    found = [student for place in once.values() for student in _in_place(place, fresh)]
    if not found:
        seen = Text("这里没有作业。", "There are no submissions here.")
        todo = Text(
            "每个学生应有一个子文件夹、脚本或笔记本。", "Each student needs a sub-folder, a script or a notebook."
        )
        raise SubmissionError(seen, todo)
    return _told_apart(found)


def _in_place(place: Path, fresh: Callable[[], Path]) -> list[Student]:
    if not place.is_dir():
        return _packed(place, _unpacked(place, fresh))
    entries = _entries(place)
    if len(entries) == 1 and is_archive(entries[0]) and not _MOODLE.fullmatch(entries[0].name):
        try:
            inside = _unpacked(entries[0], fresh)
        except SubmissionError:  # it may be one student's: then the report says what is wrong with it
            inside = place
        if inside is not place and _is_class(inside):
            return _packed(entries[0], inside)
    return [replace(one, beside=place, where=_in_words(one.path)) for one in _in_class(place)]


def _in_words(path: Path) -> str:
    """A name on a disk may be bytes that are no text, which no gradebook takes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _packed(archive: Path, inside: Path) -> list[Student]:
    """The students of the class that this archive holds."""
    return [
        replace(one, beside=archive.parent, where=_in_words(archive / one.path.relative_to(inside)))
        for one in _in_class(inside)
    ]


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
    return (folder / METADATA).is_file() or any(_MOODLE.fullmatch(one.name) for one in _entries(folder))


def _has_program(path: Path) -> bool:
    """Or an archive that may hold one."""
    files = list_files(path)[0] if path.is_dir() else []
    return not path.is_dir() or any(one.path.suffix.lower() in HANDED_IN or is_archive(one.path) for one in files)


def _entries(folder: Path) -> list[Path]:
    """What could be a submission, in order of name."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")) and _is_submission(path))


def left_out(students: Iterable[Student]) -> list[str]:
    """What lies beside submissions and was not taken for one, but for what systems put there, and lists."""
    folders = sorted({one.path.parent for one in students})
    beside = [path for folder in folders for path in sorted(set(folder.iterdir()) - set(_entries(folder)))]
    return [path.name for path in beside if not _is_known(path)]


def _is_known(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$", "__")) or is_made(PurePosixPath(path.name))
    return hidden or path.suffix.lower() in _LISTS or (path / GRADEBOOK).is_file()


def _is_submission(path: Path) -> bool:
    if path.is_symlink() or (path / GRADEBOOK).is_file():  # what an earlier grading left here
        return False
    return path.is_dir() or is_archive(path) or path.suffix.lower() in HANDED_IN


def _in_class(folder: Path) -> list[Student]:
    entries = _entries(folder)
    if len(entries) == 1 and _is_class(entries[0]):  # assignment_7_export/, or what Windows made when it unpacked
        return _in_class(entries[0])
    if (folder / METADATA).is_file():
        return list(_of_gradescope(entries, read_metadata(folder / METADATA)))
    if any(_MOODLE.fullmatch(one.name) for one in entries):
        return list(_of_moodle(entries))
    prefix = _assignment(entries)
    return [Student(fit_name(_shown(one).removeprefix(prefix) or one.name), one) for one in entries]


def _shown(path: Path) -> str:
    """Without what tells a file from a folder: the student's name."""
    if is_archive(path):
        return bare_name(path)
    return path.name if path.is_dir() or not path.stem.strip(". ") else path.stem


def _of_moodle(entries: Sequence[Path]) -> Iterator[Student]:
    """A student's text beside the files that the same student handed in is left out."""
    found = [(one, _MOODLE.fullmatch(one.name)) for one in entries]
    with_files = {match["id"] for _, match in found if match and match["kind"] == "file"}
    for path, match in found:
        if match is None:
            yield Student(fit_name(_shown(path)), path)
        elif match["kind"] == "file" or match["id"] not in with_files:
            yield Student(fit_name(match["name"]), path, match["id"])


def _of_gradescope(entries: Sequence[Path], listed: Mapping[str, Handed]) -> Iterator[Student]:
    for path in entries:
        match = _GRADESCOPE.fullmatch(_shown(path))
        known = listed.get(_shown(path), Handed())
        name = "、".join(known.names) or _shown(path)
        yield Student(fit_name(name), path, match["id"] if match else "", handed_in=known.handed_in)


def _assignment(entries: Sequence[Path]) -> str:
    """`hw1-` of `hw1-alice` and `hw1-bob`, where they are clones; else nothing is cut from a name."""
    clones = [one for one in entries if any((one / name).is_dir() for name in _REPOSITORY)]
    if len(clones) < 2 or len(clones) < len(entries):
        return ""
    first, last = min(one.name for one in clones), max(one.name for one in clones)
    same = next((at for at, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    return first[: first.rfind("-", 0, same) + 1]


def _told_apart(students: Sequence[Student]) -> list[Student]:
    """Several of one name get beside it what tells them apart."""
    groups: defaultdict[str, list[Student]] = defaultdict(list)
    for student in students:
        groups[same_name(student.name)].append(student)
    marks = {one.path: mark for group in groups.values() for one, mark in zip(group, _marks(group), strict=True)}
    return [
        replace(one, name=f"{one.name} ({marks[one.path]})", shared=one.name) if marks[one.path] else one
        for one in students
    ]


def _marks(group: Sequence[Student]) -> list[str]:
    """The system's numbers, the folders of their classes, the names of their files: the first that differ for all."""
    if len(group) == 1:
        return [""]
    kinds = ([one.id for one in group], [one.beside.name for one in group], [one.path.name for one in group])
    for marks in kinds:
        if len({same_name(mark) for mark in marks}) == len(group) and all(marks):
            return [fit_name(mark) for mark in marks]
    return [str(number) for number, _ in enumerate(group, 1)]
