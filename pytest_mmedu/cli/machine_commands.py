"""这台电脑 | Commands about the machine."""

from __future__ import annotations

import click

from pytest_mmedu.batch.exit_codes import MACHINE
from pytest_mmedu.cli.shared_options import in_lang
from pytest_mmedu.text import choose_lang


@click.command()
@click.option("--fix", is_flag=True, help="装上训练缺的软件 | install what training lacks into this Python")
@in_lang
def doctor(fix: bool, lang: str | None) -> None:
    """检查这台电脑装了什么、缺什么 | Show what this machine has and what is missing."""
    from pytest_mmedu.doctor import show_machine
    from pytest_mmedu.report.levels_view import show_kernel_limits, show_levels
    from pytest_mmedu.submission.isolation.boxes import Boxes
    from pytest_mmedu.submission.isolation.kernel_limits import own_groups

    if fix:
        from pytest_mmedu.doctor_fix import fix_machine

        if not fix_machine(choose_lang(lang)):
            raise SystemExit(MACHINE)
    complete = show_machine(choose_lang(lang))
    show_levels(choose_lang(lang), Boxes())
    show_kernel_limits(choose_lang(lang), own_groups())
    raise SystemExit(0 if complete else MACHINE)
