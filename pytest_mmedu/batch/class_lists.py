"""班级的名单和表格 | Lists beside the submissions of a class: who is in it, whose work is whose, and when it came.

students.csv     folder and id of each student
handed_in.csv    student, folder or name, and time
Moodle's grading worksheet, GitHub Classroom's grades and roster: as they are downloaded, whatever the file's name

Each is read once. The one in the folder where a submission lies counts more than the one beside what is graded, and
what a teacher has written more than what a system has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pytest_mmedu.batch.hand_in_times import read_times
from pytest_mmedu.batch.layouts import Student
from pytest_mmedu.batch.listed import Listed
from pytest_mmedu.batch.system_lists import system_lists
from pytest_mmedu.exercise.roster import ROSTER_FILE, students_listed, without_suffixes
from pytest_mmedu.exercise.student_id import same_id
from pytest_mmedu.submission.archive_names import bare_name


@dataclass(frozen=True, slots=True)
class Known:
    """What the lists say of one submission; "" where they say nothing."""

    owner: str = ""
    handed_in: str = ""


class ClassLists:
    """The lists that are met while the students go by; what is left over is told at the end.

    `zone` is the zone of times that have none: the one in which the due time is told.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._folders: dict[Path, _Lists] = {}
        self._found: set[Listed] = set()
        self._nameless: list[str] = []

    def of(self, student: Student) -> Known:
        """By the name of its folder or file, by its student's, or by the system's own number.

        Raises:
            ExerciseError: a list cannot be understood.
        """
        lines = [line for folder in _places(student) for line in self._in(folder).about(student)]
        self._found.update(lines)
        owner = next((line.owner for line in lines if line.owner), "")
        if not owner:
            self._nameless.append(student.name)
        return Known(owner, next((line.handed_in for line in lines if line.handed_in), ""))

    @property
    def missing(self) -> list[str]:
        """Students of the class of whom there is no submission."""
        found = {key for line in self._found for key in line.keys}
        lines = (line for line in self._lines() if line.expected and not found & line.keys)
        return list({same_id(line.name): line.name for line in lines}.values())

    @property
    def strangers(self) -> list[Listed]:
        """Lines about something handed in that is not there."""
        return [line for line in self._lines() if not line.expected and line not in self._found]

    @property
    def without_owner(self) -> list[str]:
        """Students whom students.csv leaves out, where there is one."""
        return self._nameless if any(line.owner for line in self._lines()) else []

    @property
    def unread(self) -> list[Listed]:
        """Lines that tell a time nobody can read."""
        return [line for line in self._lines() if line.unread]

    def _in(self, folder: Path) -> _Lists:
        if folder not in self._folders:
            self._folders[folder] = _Lists(_read(folder, self._zone))
        return self._folders[folder]

    def _lines(self) -> Iterator[Listed]:
        return (line for lists in self._folders.values() for line in lists.lines)


class _Lists:
    """Those of one folder, to be asked by name."""

    def __init__(self, lines: Iterable[Listed]) -> None:
        self.lines = tuple(lines)
        self._places: defaultdict[str, set[int]] = defaultdict(set)
        for at, line in enumerate(self.lines):
            for key in line.keys:
                self._places[key].add(at)

    def about(self, student: Student) -> list[Listed]:
        """In the order in which they were read."""
        places = {at for key in _names(student) for at in self._places.get(key, ())}
        lines = (self.lines[at] for at in sorted(places))
        return [line for line in lines if not line.id or not student.id or line.id == student.id]


def _read(folder: Path, zone: tzinfo | None) -> Iterator[Listed]:
    yield from read_times(folder, zone)
    for one in students_listed(folder):
        name = without_suffixes(Path(one.folder))
        yield Listed(f"{ROSTER_FILE}:{one.line}", name, (one.folder, name), owner=one.id, expected=True)
    yield from system_lists(folder, zone)


def _places(student: Student) -> Iterable[Path]:
    return dict.fromkeys((student.path.parent, student.beside))


def _names(student: Student) -> set[str]:
    path = student.path
    return {same_id(one) for one in (path.name, bare_name(path), path.stem, without_suffixes(path), student.name)}
