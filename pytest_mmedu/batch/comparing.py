"""找出相似的作业 | Compare the submissions of a class, and keep what is alike for the teacher's page.

This is apart from grading: it changes no score, and what goes wrong here leaves the grades as they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_mmedu.alike import Alike, alike_in, write_alike
from pytest_mmedu.alike.findings import FILE
from pytest_mmedu.batch.layouts import Student
from pytest_mmedu.exercise.load import Exercise


def compare(students: Iterable[Student], exercise: Exercise, out: Path) -> tuple[Alike, ...]:
    """What submissions have in common, kept beside the gradebook in `out`.

    The exercise's own folder has what everybody got, and in its sample submissions the usual ways to do it.

    Raises:
        OutputError: it cannot be written.
    """
    found = alike_in(((one.name, one.path) for one in students), handed_out=[exercise.folder])
    write_alike(found, out / FILE)
    return found
