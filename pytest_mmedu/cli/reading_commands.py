"""查看 | Commands that only show something."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_mmedu.cli.shared_options import in_lang
from pytest_mmedu.text import choose_lang


@click.command()
@in_lang
def params(lang: str | None) -> None:
    """显示 train() 的全部参数 | Show every parameter of train()."""
    from pytest_mmedu.report.params_view import show_params

    show_params(choose_lang(lang))


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plot", type=click.Path(path_type=Path), help="曲线图文件（.svg） | write the curves to this .svg file")
@in_lang
def log(file: Path, plot: Path | None, lang: str | None) -> None:
    """显示训练日志 | Show a training log: a summary, a table per epoch, a plot."""
    from pytest_mmedu.report.log_view import show_log

    show_log(file, lang=choose_lang(lang), plot=plot)
