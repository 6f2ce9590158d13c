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


_in_lang, _cached, _boxed = click_option("lang"), click_option("cache"), click_option("isolation")


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
@_in_lang
def check(submission: Path, exercise: Path, cache: Path | str | None, isolation: str | None, lang: str | None) -> None:
    """批改一份作业 | Grade one submission and show its card."""
    from pytest_mmedu.exercise.grade import grade_one
    from pytest_mmedu.report.terminal import show_card

    report = grade_one(exercise, submission, cache=cache, isolation=isolation)
    show_card(report, choose_lang(lang))
    raise SystemExit(0 if report.all_earned else WRONG)


@main.command()
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@click.option("--exercise", type=FOLDER, required=True, help="练习文件夹 | the exercise's folder")
@click.option("--workers", type=click.IntRange(1), default=os.cpu_count, help="同时批改几份 | how many at once")
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
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@_cached
@_in_lang
def verify(folders: tuple[Path, ...], cache: Path | str | None, lang: str | None) -> None:
    """检查练习本身是否正确 | Check exercises: references earn all, known mistakes fail where they should."""
    from pytest_mmedu.exercise.verify import verify_all

    raise SystemExit(0 if verify_all(folders, lang=choose_lang(lang), cache=cache) else WRONG)


@main.command()
@click.argument("exercise", type=FOLDER)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="输出文件夹 | where the student's files go")
def release(exercise: Path, out: Path) -> None:
    """生成发给学生的文件 | Write the files that students get, without the solution."""
    from pytest_mmedu.exercise.release import release as release_exercise

    for path in release_exercise(exercise, out):
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
