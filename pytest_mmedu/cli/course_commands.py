"""练习 | Commands for the author of exercises."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from pytest_mmedu.cli.shared_options import FOLDER, WRONG, boxed, cached, in_lang, workers
from pytest_mmedu.text import choose_lang


@click.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@workers
@cached
@boxed
@in_lang
def verify(
    folders: tuple[Path, ...], workers: int, cache: Path | str | None, isolation: str | None, lang: str | None
) -> None:
    """检查练习本身是否正确 | Check exercises: references earn all, known mistakes fail where they should.

    不写文件夹就检查 exercises 里的全部练习 | Without FOLDERS: all exercises in the folder exercises.
    """
    from pytest_mmedu.exercise.verify import verify_all

    chosen = folders or (Path("exercises"),)
    language = choose_lang(lang)
    well = verify_all(chosen, lang=language, workers=workers, cache=cache, isolation=isolation)
    raise SystemExit(0 if well else WRONG)


@click.command()
@click.argument("exercise", type=FOLDER)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="输出文件夹 | where the student's files go")
@click.option("--student", metavar="ID", default="", help="学号：生成这个学生自己的一份 | the variant of this student")
def release(exercise: Path, out: Path, student: str) -> None:
    """生成发给学生的文件 | Write the files that students get, without the solution."""
    from pytest_mmedu.exercise.release import release as release_exercise

    with _writing():
        files = release_exercise(exercise, out, student=student)
    for top, count in Counter(out / path.relative_to(out).parts[0] for path in files).items():
        click.echo(f"{top}{os.sep} ({count})" if top.is_dir() else top)  # a data set has hundreds of pictures


@click.command()
@click.argument("exercise", type=FOLDER)
@click.option("--student", metavar="ID", required=True, help="学号；空的是公用的一份 | the student's id")
@in_lang
def variant(exercise: Path, student: str, lang: str | None) -> None:
    """显示一个学生的正确答案 | Show the teacher what one student has to answer."""
    from pytest_mmedu.exercise.variant_view import show_variant

    show_variant(exercise, student, choose_lang(lang))


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", metavar="'中文 | English'", default="", help="练习的题目 | the exercise's title")
def new(folder: Path, title: str) -> None:
    """新建一个练习 | Write a new exercise that works, to be changed into your own."""
    from pytest_mmedu.exercise.skeleton import write_skeleton

    with _writing():
        files = write_skeleton(folder, title)
    for path in files:
        click.echo(path)


@click.command()
@click.argument("exercises", nargs=-1, required=True, type=FOLDER)
def starter(exercises: tuple[Path, ...]) -> None:
    """由母本重写起始文件 | Write the files that students fill in anew, after a change of the master."""
    from pytest_mmedu.exercise.release import write_starters

    with _writing():
        files = [path for exercise in exercises for path in write_starters(exercise)]
    for path in files:
        click.echo(path)


@contextmanager
def _writing() -> Iterator[None]:
    """A place that cannot be written is said in a sentence."""
    try:
        yield
    except OSError as error:
        from pytest_mmedu.report.json_file import cannot_write

        raise cannot_write(Path(error.filename or "."), error) from None
