"""成绩册 | The gradebook: a file that several graders write at once and that a power cut leaves whole.

    with Gradebook(Path("results/gradebook.sqlite")) as book:
        for row in book.rows():
            ...

Times of handing in and the late rule are facts of their own: a new rule costs no grading.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.cache import key_of
from pytest_mmedu.errors import OptionError
from pytest_mmedu.gradebook.connected import now
from pytest_mmedu.gradebook.database import transaction
from pytest_mmedu.gradebook.file_names import GRADEBOOK, same_name
from pytest_mmedu.gradebook.late import LateRule
from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.gradebook.stored import ROWS, row_of
from pytest_mmedu.gradebook.work import Work
from pytest_mmedu.text import Text, printable


@dataclass(frozen=True)
class LastSeen:
    """A submission as it lay there the last time."""

    student: str
    path: str
    sha256: str


class Gradebook(Work):
    """To be used inside `with`, by one thread."""

    @property
    def late_rule(self) -> LateRule | None:
        kept = self.fact("late")
        return None if kept is None else LateRule.from_json(kept)

    def rows(self) -> Iterator[Row]:
        """In order of name, one at a time: no two reports are in memory at once because of this."""
        rule = self.late_rule
        for (student,) in self._base.execute("SELECT student FROM students ORDER BY student").fetchall():
            yield self._row(student, rule)

    def row(self, student: str) -> Row:
        """Raises KeyError for a student that is not in the gradebook."""
        return self._row(student, self.late_rule)

    def students(self) -> list[str]:
        return [name for (name,) in self._base.execute("SELECT student FROM students ORDER BY student")]

    def find(self, student: str) -> str | None:
        """The name as it is kept, however its letters are spelt; None for nobody."""
        found = self._one("SELECT student FROM students WHERE same_name = ?", same_name(student))
        return None if found is None else str(found["student"])

    def last_seen(self, student: str) -> LastSeen | None:
        """What was known of the submission before; `path` is "" for one of whom there was none."""
        found = self._one("SELECT student, path, sha256 FROM students WHERE same_name = ?", same_name(student))
        return None if found is None else LastSeen(**found)

    def _row(self, student: str, rule: LateRule | None) -> Row:
        found = self._one(f"{ROWS} WHERE students.student = ?", student)
        if found is None:
            raise KeyError(student)
        return row_of(found, rule)

    def override(self, student: str, score: float | None, comment: str) -> None:
        """The teacher's score, a comment, or both; neither of them takes back what was said before."""
        with transaction(self._base) as base:
            if score is None and not comment:
                base.execute("DELETE FROM overrides WHERE student = ?", (student,))
            else:
                base.execute("INSERT OR REPLACE INTO overrides VALUES (?, ?, ?, ?)", (student, score, comment, now()))

    def stamp(self, student: str) -> tuple[str, str]:
        """What the student's files are to be written from now, and what they were last written from."""
        found = self._one(
            """SELECT attempt, due, handed_in, written, overrides.score, overrides.comment FROM students
               LEFT JOIN overrides ON overrides.student = students.student WHERE students.student = ?""",
            student,
        )
        if found is None:
            raise KeyError(student)
        attempt = None if found["due"] else found["attempt"]
        late = found["handed_in"] and self.fact("late")
        return key_of(attempt, found["handed_in"], late, found["score"], found["comment"]), str(found["written"])

    def wrote(self, student: str, stamp: str) -> None:
        with transaction(self._base) as base:
            base.execute("UPDATE students SET written = ? WHERE student = ?", (stamp, student))


def existing(folder: Path) -> Path:
    """The gradebook in the folder of `grade --out`.

    Raises:
        OptionError: there is none.
    """
    path = folder / GRADEBOOK
    if path.is_file():
        return path
    seen = Text(f"{printable(folder.name)} 里没有成绩册。", f"There is no gradebook in {printable(folder.name)}.")
    todo = Text("请写 grade --out 的文件夹。", "Give the folder of `grade --out`.")
    raise OptionError(seen, todo)
