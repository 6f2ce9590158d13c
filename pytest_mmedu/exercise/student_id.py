"""学号 | What can be the id of a student, and when two are the same."""

from __future__ import annotations

import unicodedata

_LONGEST = 80


def is_id(student: str) -> bool:
    """Something that can be a student's id: a line of printable characters, not too long."""
    return 0 < len(student.strip()) <= _LONGEST and student.isprintable()


def same_id(student: str) -> str:
    """The form in which two spellings of one id are the same: width and case of the letters, spaces around it.

    A name typed on a Mac comes in another form of Unicode than one typed on Windows, "２０２４" is 2024.
    """
    return " ".join(unicodedata.normalize("NFKC", student).casefold().split())
