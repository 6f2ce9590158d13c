"""参数表的显示 | The table of parameters as `pytest-mmedu params` shows it."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pytest_mmedu.params import PARAMETERS, Parameter
from pytest_mmedu.report.layout import wrap
from pytest_mmedu.text import Lang, Text

OWNERS = {
    "model": Text("模型（MMClassification）", "The model (MMClassification)"),
    "train": Text("训练（train()）", "The training (train())"),
}
HEADINGS = (Text("参数", "Parameter"), Text("默认值", "Default"), Text("含义与取值", "Meaning and values"))

_OTHERS, _NARROW = 33, 20  # columns that name, default and margins take; what remains at least


def show_params(lang: Lang, console: Console | None = None) -> None:
    """One table for the model and one for train(), in the order of MMEdu's signature."""
    console = console or Console(highlight=False)
    for owner, title in OWNERS.items():
        table = Table(title=title.in_lang(lang), box=box.SIMPLE_HEAD, title_justify="left")
        for heading in HEADINGS:
            table.add_column(heading.in_lang(lang), overflow="fold")
        for row in PARAMETERS:
            if row.owner == owner:
                means, takes = _lines(row.meaning, lang, console), _lines(_takes(row), lang, console)
                table.add_row(row.name, repr(row.default), f"{means}\n[dim]{takes}[/dim]")
        console.print(table)


def _takes(row: Parameter) -> Text:
    code = Text("", "") if row.code is None else Text(f"（Error Code: {row.code}）", f" (Error Code: {row.code})")
    return Text(f"取值：{row.allowed.zh.strip()}{code.zh}", f"Takes {row.allowed.en}{code.en}")


def _lines(text: Text, lang: Lang, console: Console) -> str:
    """rich breaks Chinese at spaces alone, and words where the column ends."""
    return escape("\n".join(wrap(text.in_lang(lang), max(_NARROW, console.width - _OTHERS))))
