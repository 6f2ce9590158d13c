"""设置作为命令的选项 | A setting of the table as an option of a command: `--lang`, with its environment variable."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from pytest_mmedu.options import BY_NAME, SEPARATOR


def click_option(name: str) -> Callable[[Any], Any]:
    """The decorator that adds it; the command gets the value as it is read, None or `()` where none is given."""
    row = BY_NAME[name]
    many = row.repeatable

    def read(_: Any, __: Any, value: Any) -> Any:
        if many and not value:  # click would cut the variable at spaces, which paths have
            value = [one for one in os.environ.get(row.variable, "").split(SEPARATOR) if one.strip()]
        if not value:
            return tuple(value) if many else value
        values = [row.read(one, Path.cwd(), f"--{name}") for one in ([value] if isinstance(value, str) else value)]
        return tuple(values) if many else values[0]

    variable, shown = None if many else row.variable, str(row.meaning)
    return click.option(f"--{name}", metavar=row.metavar, envvar=variable, multiple=many, callback=read, help=shown)
