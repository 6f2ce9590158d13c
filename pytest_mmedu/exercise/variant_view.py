"""显示正确答案 | What a student has to answer, for the teacher's eyes."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.variant import Variant
from pytest_mmedu.exercise.variant_file import VARIANT_FILE, VariantFile
from pytest_mmedu.text import Lang, Text, pad, printable, width


def show_variant(folder: Path, student: str, lang: Lang) -> None:
    """A line per answer, then the names of the student's own files.

    Raises:
        ExerciseError: the exercise has no variants.
    """
    exercise = load_exercise(folder)
    teachers = VariantFile(exercise.folder)
    if not teachers.exists:
        seen = Text(f"{exercise.id} 没有变式：人人都一样。", f"{exercise.id} has no variants: it is the same for all.")
        todo = Text(
            f"变式由 {VARIANT_FILE} 生成，exercises/README.md 里有写法。",
            f"Variants are made by {VARIANT_FILE}: exercises/README.md tells how.",
        )
        raise ExerciseError(seen, todo, place=exercise.folder.name)
    variant = Variant(exercise.id, student)
    who = Text("公用的一份", "the neutral variant") if variant.is_neutral else Text.same(printable(student))
    click.echo(f"{exercise.title.in_lang(lang)} · {who.in_lang(lang)}")
    rows = {name: repr(value) for name, value in teachers.answers(variant).items()}
    column = max(map(width, rows), default=0)
    for name, value in rows.items():
        click.echo(f"  {pad(name, column)}  {value}")
    files = ", ".join(teachers.files(variant))
    if files:
        label = Text("自己的文件：", "own files: ")
        click.echo(f"  {label.in_lang(lang)}{files}")
