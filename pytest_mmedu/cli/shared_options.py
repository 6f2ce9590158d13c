"""各命令共用的选项 | Options that several commands have, and how commands that grade end."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from pytest_mmedu.batch.exit_codes import BELOW, INTERRUPTED, MACHINE, USAGE
from pytest_mmedu.cli.setting_option import click_option
from pytest_mmedu.errors import InputError, MMEduError
from pytest_mmedu.text import Text, printable

# 1: something was found wrong, as with pytest.
WRONG = BELOW

FOLDER = click.Path(exists=True, path_type=Path)

workers = click.option(
    "--workers", type=click.IntRange(1), metavar="N", default=os.cpu_count, help="同时批改几份 | how many at once"
)


def _with_tests(_: click.Context, __: click.Parameter, folder: Path) -> Path:
    """A folder without a test grades nothing, which is not the student's fault."""
    if not any(folder.glob("*test*.py") if folder.is_dir() else ()):
        name = printable(folder.name)
        zh, en = f"{name} 里没有练习，缺少 test_*.py。", f"there is no exercise in {name}: test_*.py is missing."
        raise click.BadParameter(str(Text(zh, en)))
    return folder


exercise_folder = click.option(
    "--exercise", type=FOLDER, required=True, callback=_with_tests, help="练习文件夹 | the exercise's folder"
)
in_lang, cached = click_option("lang"), click_option("cache")
boxed, owned = click_option("isolation"), click_option("student")
in_python = click_option("python")
_STOPPED = Text("停了。再运行一次，会接着批改。", "Stopped. Type the same command again: it goes on where it was.")


class GradingCommand(click.Command):
    """A command for scripts: that it was wrong is not to be mistaken for a bad score."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except MMEduError as error:
            click.echo(str(error), err=True)
            ctx.exit(USAGE if isinstance(error, InputError) else MACHINE)
        except KeyboardInterrupt:
            click.echo(str(_STOPPED), err=True)
            ctx.exit(INTERRUPTED)
