"""检查 variant.py | What can be wrong with an exercise's variants, before anybody gets one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.load import Exercise
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VARIANT_FILE, VariantFile
from pytest_mmedu.text import Text, listing, printable

_STUDENTS = ("", "1001", "1002", "王小红")


def variant_problems(exercise: Exercise) -> Iterator[tuple[str, Text]]:
    """File and sentence: it fails for somebody, it is no variant at all, or it disagrees with the answer key."""
    teachers = VariantFile(exercise.folder)
    if not teachers.exists:
        return
    try:
        made = [_made(teachers, exercise, student) for student in _STUDENTS]
    except ExerciseError as error:
        yield VARIANT_FILE, error.text
        return
    if all(one == made[0] for one in made):
        yield VARIANT_FILE, Text("每个学生得到的都一样。", "Every student gets the same.")
    if any(set(files) != set(made[0][0]) for files, _ in made):
        yield VARIANT_FILE, Text("学生得到的文件名不一样。", "Students get files of different names.")
    differing = _unlike_the_key(exercise, made[0][1])
    if differing:
        names = listing(printable(name, 40) for name in differing)
        yield (
            f"master_{exercise.answers}",
            Text(
                f"{names.zh} 与 variant.py 给空学号的答案不一致。",
                f"{names.en}: not the answer that variant.py gives for the empty id.",
            ),
        )


def _made(teachers: VariantFile, exercise: Exercise, student: str) -> tuple[dict[str, bytes], dict[str, Any]]:
    """Made twice: what differs then is no variant but chance."""
    variant = Variant(exercise.id, student)
    made, again = ((teachers.files(variant), teachers.answers(variant)) for _ in range(2))
    if made != again:
        seen = Text("同一个学号得到的两次不一样。", "The same id gives something else the second time.")
        todo = Text(
            "请只用 variant 来选，不用 random 和时间。", "Choose by variant alone, without random and the clock."
        )
        raise ExerciseError(seen, todo, place=f"{exercise.folder.name}/{VARIANT_FILE}")
    return made


def _unlike_the_key(exercise: Exercise, answers: dict[str, Any]) -> list[str]:
    """Names of the answers that stand differently in the key, which is for the empty id."""
    if exercise.answers is None:
        return []
    from pytest_mmedu.submission.answers_file import read_answers

    key = read_answers(exercise.folder / f"master_{exercise.answers}", exercise.answers, exercise.answers)
    found = {name: key.get(name) for name in answers}
    return [name for name, one in found.items() if one is not None and one.value != answers[name]]
