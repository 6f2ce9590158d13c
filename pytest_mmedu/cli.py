"""命令行 | The command line: each command is a few lines that hand on to the part that does the work."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import click

from pytest_mmedu import __version__
from pytest_mmedu.errors import InputError, MMEduError
from pytest_mmedu.options import click_option
from pytest_mmedu.text import choose_lang

# 0: all well. 1: something was found wrong, as with pytest. 2: the command itself was wrong (click's own code).
WRONG, MACHINE = 1, 3

FOLDER = click.Path(exists=True, path_type=Path)


class Commands(click.Group):
    """Our own errors end a command with their sentence and an exit code, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MMEduError as error:
            click.echo(str(error), err=True)
            ctx.exit(WRONG if isinstance(error, InputError) else MACHINE)


_workers = click.option(
    "--workers", type=click.IntRange(1), default=os.cpu_count, help="同时批改几份 | how many at once"
)
_in_lang, _cached = click_option("lang"), click_option("cache")
_boxed, _owned = click_option("isolation"), click_option("student")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pytest-mmedu")
def main() -> None:
    """训练作业的批改工具 | Grade training homework done with MMEdu."""
    for stream in (sys.stdout, sys.stderr):  # a console of another encoding shows ? instead of failing
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]


@main.command()
@_in_lang
def params(lang: str | None) -> None:
    """显示 train() 的全部参数 | Show every parameter of train()."""
    from pytest_mmedu.report.params_view import show_params

    show_params(choose_lang(lang))


@main.command()
@click.argument("submission", type=FOLDER)
@click.option("--exercise", type=FOLDER, required=True, help="练习文件夹 | the exercise's folder")
@_cached
@_boxed
@_owned
@_in_lang
def check(
    submission: Path,
    exercise: Path,
    cache: Path | str | None,
    isolation: str | None,
    student: str | None,
    lang: str | None,
) -> None:
    """批改一份作业 | Grade one submission and show its card."""
    from pytest_mmedu.exercise.grade import grade_one
    from pytest_mmedu.report.terminal import show_card

    report = grade_one(exercise, submission, cache=cache, isolation=isolation, student=student)
    show_card(report, choose_lang(lang))
    raise SystemExit(0 if report.all_earned else WRONG)


@main.command()
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@click.option("--exercise", type=FOLDER, required=True, help="练习文件夹 | the exercise's folder")
@_workers
@click.option("--out", type=click.Path(path_type=Path), help="报告文件夹 | a folder for a JSON report per student")
@click.option("--show-cards", is_flag=True, help="显示每份成绩单 | show every student's card as well")
@_cached
@_boxed
@_in_lang
def grade(
    folders: tuple[Path, ...],
    exercise: Path,
    workers: int,
    out: Path | None,
    show_cards: bool,
    cache: Path | str | None,
    isolation: str | None,
    lang: str | None,
) -> None:
    """批改全班的作业 | Grade every submission in the folders and show the class."""
    from pytest_mmedu.batch.grading import grade_class

    language = choose_lang(lang)
    grade_class(
        folders,
        exercise,
        workers=workers,
        out=out,
        show_cards=show_cards,
        cache=cache,
        isolation=isolation,
        lang=language,
    )


@main.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@_workers
@_cached
@_boxed
@_in_lang
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


@main.command()
@click.argument("exercise", type=FOLDER)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="输出文件夹 | where the student's files go")
@click.option("--student", metavar="ID", default="", help="学号：生成这个学生自己的一份 | the variant of this student")
def release(exercise: Path, out: Path, student: str) -> None:
    """生成发给学生的文件 | Write the files that students get, without the solution."""
    from pytest_mmedu.exercise.release import release as release_exercise

    for path in release_exercise(exercise, out, student=student):
        click.echo(path)


@main.command()
@click.argument("exercise", type=FOLDER)
@click.option("--student", metavar="ID", required=True, help="学号；空的是公用的一份 | the student's id")
@_in_lang
def variant(exercise: Path, student: str, lang: str | None) -> None:
    """显示一个学生的正确答案 | Show the teacher what one student has to answer."""
    from pytest_mmedu.exercise.variant_view import show_variant

    show_variant(exercise, student, choose_lang(lang))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--title", metavar="'中文 | English'", default="", help="练习的题目 | the exercise's title")
def new(folder: Path, title: str) -> None:
    """新建一个练习 | Write a new exercise that works, to be changed into your own."""
    from pytest_mmedu.exercise.skeleton import write_skeleton

    for path in write_skeleton(folder, title):
        click.echo(path)


@main.command()
@click.argument("exercises", nargs=-1, required=True, type=FOLDER)
def starter(exercises: tuple[Path, ...]) -> None:
    """由母本重写起始文件 | Write the files that students fill in anew, after a change of the master."""
    from pytest_mmedu.exercise.release import write_starters

    for path in (path for exercise in exercises for path in write_starters(exercise)):
        click.echo(path)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plot", type=click.Path(path_type=Path), help="曲线图文件（.svg）| write the curves to this .svg file")
@_in_lang
def log(file: Path, plot: Path | None, lang: str | None) -> None:
    """显示训练日志 | Show a training log: a summary, a table per epoch, a plot."""
    from pytest_mmedu.report.log_view import show_log

    show_log(file, lang=choose_lang(lang), plot=plot)


@main.command()
@_in_lang
def doctor(lang: str | None) -> None:
    """检查这台电脑装了什么、缺什么 | Show what this machine has and what is missing."""
    from pytest_mmedu.doctor import show_machine
    from pytest_mmedu.report.levels_view import show_levels
    from pytest_mmedu.submission.isolation.boxes import Boxes

    complete = show_machine(choose_lang(lang))
    show_levels(choose_lang(lang), Boxes())
    raise SystemExit(0 if complete else MACHINE)
