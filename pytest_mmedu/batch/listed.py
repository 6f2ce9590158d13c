"""名单里的一行 | What a line of some list says of one student or submission."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_mmedu.exercise.student_id import same_id


@dataclass(frozen=True, slots=True)
class Listed:
    """`place` is the file and line.

    name       as the list has it
    names      all that the submission or its student may be called, `name` among them
    id         the number of the system that wrote the list: two with other numbers are two students
    owner      the student's id, as the teacher has it
    handed_in  ISO with its zone
    unread     what stands there for a time and cannot be read
    expected   of the list of a class: this student is to hand something in
    """

    place: str
    name: str
    names: tuple[str, ...]
    id: str = ""
    owner: str = ""
    handed_in: str = ""
    unread: str = ""
    expected: bool = False

    @property
    def keys(self) -> frozenset[str]:
        """Equal for two spellings of one name."""
        return frozenset(filter(None, map(same_id, self.names)))
