"""参数表的显示 | The table of parameters as `pytest-mmedu params` shows it."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.table import Table

from pytest_mmedu.params import PARAMETERS
from pytest_mmedu.text import Lang, Text

OWNERS = {
    "model": Text("模型（MMClassification）", "The model (MMClassification)"),
    "train": Text("训练（train()）", "The training (train())"),
}
HEADINGS = (Text("参数", "Parameter"), Text("默认值", "Default"), Text("含义与取值", "Meaning and values"))


def show_params(lang: Lang, console: Console | None = None) -> None:
    """One table for the model and one for train(), in the order of MMEdu's signature."""
    console = console or Console(highlight=False)
    for owner, title in OWNERS.items():
        table = Table(title=title.in_lang(lang), box=box.SIMPLE_HEAD, title_justify="left")
        for heading in HEADINGS:
            table.add_column(heading.in_lang(lang), overflow="fold")
        for row in PARAMETERS:
            if row.owner == owner:
                takes = Text("取值：", "Takes ").in_lang(lang) + row.allowed.in_lang(lang).strip()
                code = "" if row.code is None else f" (Error Code: {row.code})"
                table.add_row(row.name, repr(row.default), f"{row.meaning.in_lang(lang)}\n[dim]{takes}{code}[/dim]")
        console.print(table)
