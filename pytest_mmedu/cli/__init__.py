"""命令行 | The command line: each command is a few lines that hand on to the part that does the work.

One file for each group of commands; a new command is written there and named in `main` here.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from pytest_mmedu import __version__
from pytest_mmedu.batch.exit_codes import MACHINE, USAGE
from pytest_mmedu.cli.class_commands import export, grade, override
from pytest_mmedu.cli.course_commands import new, release, starter, variant, verify
from pytest_mmedu.cli.machine_commands import doctor
from pytest_mmedu.cli.reading_commands import log, params
from pytest_mmedu.cli.sentences import Context, told
from pytest_mmedu.cli.shared_options import WRONG
from pytest_mmedu.cli.submission_commands import check
from pytest_mmedu.cli.watch_command import run, watch
from pytest_mmedu.errors import InputError, MMEduError, OptionError


class Commands(click.Group):
    """Errors end a command with a sentence in both languages and an exit code, never with a traceback."""

    context_class = Context

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        cmd.context_class = Context
        super().add_command(cmd, name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with told():
            return super().parse_args(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Whole sentences: click would cut them off, and with them the second language."""
        rows = [(name, (self.commands[name].help or "").partition("\n")[0]) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            with told():
                return super().invoke(ctx)
        except OptionError as error:
            click.echo(str(error), err=True)
            ctx.exit(USAGE)
        except MMEduError as error:
            click.echo(str(error), err=True)
            ctx.exit(WRONG if isinstance(error, InputError) else MACHINE)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pytest-mmedu", help="显示版本 | show the version")
def main() -> None:
    """训练作业的批改工具 | Grade training homework done with MMEdu."""
    for stream in (sys.stdout, sys.stderr):  # a console of another encoding shows ? instead of failing
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]


for _command in (
    *(check, run, watch),
    *(grade, override, export),
    *(new, release, starter, variant, verify),
    *(doctor, log, params),
):
    main.add_command(_command)
