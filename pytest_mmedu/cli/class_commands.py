"""批改全班 | Commands for a class: grade it, change a score, hand the scores on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click

from pytest_mmedu.cli.cluster_options import executor_of, on_cluster
from pytest_mmedu.cli.shared_options import (
    FOLDER,
    GradingCommand,
    boxed,
    cached,
    exercise_folder,
    in_lang,
    in_python,
    workers,
)
from pytest_mmedu.text import Text, choose_lang, printable


def _of_classes(_: click.Context, __: click.Parameter, folders: tuple[Path, ...]) -> tuple[Path, ...]:
    """One submission is no class; an archive may hold one."""
    for one in folders:
        if one.is_file() and one.suffix.lower() in (".py", ".ipynb"):
            name = printable(one.name)
            zh = f"{name} 是一份作业，不是全班的文件夹；一份作业请用 pytest-mmedu check 批改。"
            en = f"{name} is one submission, not the folder of a class: grade it with pytest-mmedu check."
            raise click.BadParameter(str(Text(zh, en)))
    return folders


@click.command(cls=GradingCommand)
@click.argument("folders", nargs=-1, required=True, type=FOLDER, callback=_of_classes)
@exercise_folder
@workers
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help="成绩册的文件夹，再次运行会接着批改 | the folder of the gradebook; the next run goes on with it",
)
@click.option(
    "--regrade",
    metavar="changed|failed|all|NAME",
    multiple=True,
    help="重新批改：有变化的（默认）、没批成的、全部，或某个学生 | grade anew: what has changed (default), what could "
    "not be graded, all, or one student; may be given several times",
)
@click.option(
    "--min-score",
    type=click.FloatRange(0),
    metavar="POINTS",
    help="有人低于这个分数时退出码为 1 | exit code 1 if anyone has fewer points than this",
)
@click.option("--show-cards", is_flag=True, help="显示每份成绩单 | show every student's card as well")
@on_cluster
@cached
@boxed
@in_python
@in_lang
def grade(
    folders: tuple[Path, ...],
    exercise: Path,
    workers: int,
    out: Path | None,
    regrade: tuple[str, ...],
    min_score: float | None,
    show_cards: bool,
    cluster: str | None,
    resources: Mapping[str, float],
    cache: Path | str | None,
    isolation: str | None,
    python: Path | None,
    lang: str | None,
) -> None:
    """批改全班的作业 | Grade every submission in the folders and show the class.

    \b
    退出码 | Exit codes
      0    全部批改完 | everything is graded
      1    有人低于 --min-score | somebody is below --min-score
      2    命令或练习不对 | the command or the exercise is wrong
      3    电脑的问题，如磁盘满了 | the machine's fault: a full disk, for example
      4    有的作业没批成 | some submissions could not be graded
      130  被中断，再运行一次会接着批改 | interrupted; the same command goes on
    """
    from pytest_mmedu.batch.grading import grade_class

    with executor_of(cluster, resources, exercise, workers) as executor:
        outcome = grade_class(
            folders,
            exercise,
            workers=executor.slots if executor else workers,
            executor=executor,
            out=out,
            regrade=regrade,
            min_score=min_score,
            show_cards=show_cards,
            cache=cache,
            isolation=isolation,
            python=python,
            lang=choose_lang(lang),
        )
    raise SystemExit(outcome.exit_code)


@click.command(cls=GradingCommand)
@click.argument("results", type=FOLDER)
@click.argument("name")
@click.option("--score", type=float, metavar="POINTS", help="老师给的最终得分 | the score that counts")
@click.option("--comment", help="评语，学生的网页上会显示 | shown on the student's page")
@click.option("--remove", is_flag=True, help="撤销老师的改分和评语 | take back the teacher's score and comment")
@in_lang
def override(
    results: Path, name: str, score: float | None, comment: str | None, remove: bool, lang: str | None
) -> None:
    """给一个学生改分、写评语 | Change a student's score, or add a comment.

    RESULTS 是 grade --out 的文件夹 | RESULTS is the folder of grade --out.
    """
    from pytest_mmedu.batch.overriding import override_score

    if remove == (score is not None or comment is not None):
        raise click.UsageError(
            "请写 --score 或 --comment，或者只写 --remove。 | Give --score or --comment, or --remove alone."
        )
    click.echo(override_score(results, name, score, comment, remove=remove, lang=choose_lang(lang)))


@click.command(cls=GradingCommand)
@click.argument("results", type=FOLDER)
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "jsonl", "markdown"]),
    default="csv",
    show_default=True,
    help="csv 给 Excel，jsonl 给程序，markdown 给网页 | csv for Excel, jsonl for programs, markdown for a wiki",
)
@click.option(
    "--to", type=click.Path(path_type=Path), help="写到这个文件，默认在 RESULTS 里 | the file; in RESULTS by default"
)
@in_lang
def export(results: Path, form: str, to: Path | None, lang: str | None) -> None:
    """导出成绩册 | Write the gradebook to a file.

    RESULTS 是 grade --out 的文件夹 | RESULTS is the folder of grade --out.
    """
    from pytest_mmedu.gradebook.book import Gradebook, existing
    from pytest_mmedu.gradebook.publish import write_export

    with Gradebook(existing(results)) as book:
        click.echo(write_export(book, form, choose_lang(lang), to))
