"""边写边看 | The command for students at work."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_mmedu.cli.shared_options import FOLDER, boxed, cached, in_lang
from pytest_mmedu.text import choose_lang


@click.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@cached
@boxed
@in_lang
def watch(folders: tuple[Path, ...], cache: Path | str | None, isolation: str | None, lang: str | None) -> None:
    """保存就批改 | Grade whenever you save, the first exercise that is not done first.

    不写文件夹就看当前文件夹 | Without FOLDERS: the exercise, or the exercises, in this folder.
    """
    from pytest_mmedu.exercise.watch import watch as watch_exercises

    watch_exercises(folders or (Path(),), cache=cache, isolation=isolation, lang=choose_lang(lang))


@click.command()
@click.argument("program", type=FOLDER)
def run(program: Path) -> None:
    """只运行程序，不批改 | Run a script or a notebook without grading it.

    和 python homework.py 一样；没有安装 MMEdu 的电脑也能用 | As python homework.py does, also where MMEdu is missing.
    """
    from pytest_mmedu.cli.plain_run import plain_run

    raise SystemExit(plain_run(program))
