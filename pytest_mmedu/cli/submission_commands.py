"""批改一份作业 | Commands for one submission."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_mmedu.batch.exit_codes import BELOW, MACHINE, NOT_GRADED, WELL
from pytest_mmedu.cli.setting_option import click_option
from pytest_mmedu.cli.shared_options import (
    FOLDER,
    GradingCommand,
    boxed,
    cached,
    exercise_folder,
    in_lang,
    in_python,
    owned,
)
from pytest_mmedu.report.report import Report
from pytest_mmedu.report.writers import ReportFile
from pytest_mmedu.text import choose_lang


@click.command(cls=GradingCommand)
@click.argument("submission", type=FOLDER)
@exercise_folder
@cached
@boxed
@in_python
@owned
@click_option("report")
@click.option(
    "--min-score",
    type=click.FloatRange(0),
    metavar="POINTS",
    help="够这么多分就行，默认要满分 | points that are enough; all by default",
)
@in_lang
def check(
    submission: Path,
    exercise: Path,
    cache: Path | str | None,
    isolation: str | None,
    python: Path | None,
    student: str | None,
    report: tuple[ReportFile, ...],
    min_score: float | None,
    lang: str | None,
) -> None:
    """批改一份作业 | Grade one submission and show its card.

    \b
    退出码 | Exit codes
      0    够了 | enough was earned
      1    没有满分，或低于 --min-score | not everything was earned, or less
      2    命令或练习不对 | the command or the exercise is wrong
      3    电脑的问题 | the machine's fault
      4    没批成 | it could not be graded
    """
    from pytest_mmedu.exercise.grade import grade_one
    from pytest_mmedu.report.repository_path import finder
    from pytest_mmedu.report.terminal import show_card
    from pytest_mmedu.report.writers import View, write_all

    language = choose_lang(lang)
    graded = grade_one(exercise, submission, cache=cache, isolation=isolation, student=student, python=python)
    show_card(graded, language)
    problems = list(write_all(report, graded, View(language, finder(submission))))
    for problem in problems:
        click.echo(problem.in_lang(language), err=True)
    raise SystemExit(MACHINE if problems else _code(graded, min_score))


def _code(report: Report, min_score: float | None) -> int:
    if report.has_errors:
        return NOT_GRADED
    enough = report.all_earned if min_score is None else report.score >= min_score
    return WELL if enough else BELOW
