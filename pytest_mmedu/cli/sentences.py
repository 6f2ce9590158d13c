"""命令行说的话 | What click says by itself, in both languages, and help texts that fit a terminal.

click counts characters, where a Chinese one takes two columns, and speaks English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import IO, Any

import click
from click.exceptions import NoArgsIsHelpError

from pytest_mmedu.report.layout import wrap
from pytest_mmedu.text import Text, pad, width

_HEADINGS = {"Options": "选项 | Options", "Commands": "命令 | Commands"}
_HELP_OPTION = "显示这些说明 | show this message"
_PARAGRAPHS = re.compile(r"\n\s*\n")
_AS_IT_STANDS = "\b"  # click's mark for a paragraph whose lines stay lines

_OURS = re.compile(r"(?:Invalid value for '(.+?)': )?(.+) \| (.+)")  # written in both languages
# click's words, and the same in Chinese. The first that fits counts.
_SENTENCES: tuple[tuple[str, str], ...] = (
    (r"No such command '(.+?)'\. Did you mean '(.+?)'\?", "没有命令 {0}。是不是 {1}？"),
    (r"No such command '(.+?)'", "没有命令 {0}。"),
    (
        r"No such option:? '?(.+?)'?\.? \(?(?:Did you mean|Possible options:) '?(.+?)'?[?)]+$",
        "没有选项 {0}。是不是 {1}？",
    ),
    (r"No such option:? '?(-[^'\s]*?)'?\.?$", "没有选项 {0}。"),
    (r"Missing (?:argument|parameter:?) '?(.+?)'?\.", "还要写 {0}。"),
    (r"Missing option '(.+?)'", "还要写选项 {0}。"),
    (r"Got unexpected extra arguments? \((.+)\)", "多写了 {0}。"),
    (r"Option '(.+?)' requires (?:an argument|\d+ arguments)", "选项 {0} 后面要写一个值。"),
    (r"Option '(.+?)' does not take a value", "选项 {0} 后面不写值。"),
    (r"Invalid value for '(.+?)': (?:Path|File|Directory) '(.*)' does not exist", "{0} 是 {1}：没有这个文件或文件夹。"),
    (r"Invalid value for '(.+?)': (?:Path|Directory) '(.*)' is a file", "{0} 是 {1}：它是文件，这里要文件夹。"),
    (r"Invalid value for '(.+?)': (?:Path|File) '(.*)' is a directory", "{0} 是 {1}：它是文件夹，这里要文件。"),
    (r"Invalid value for '(.+?)': .+ '(.*)' is not (?:readable|writable)", "{0} 是 {1}：没有权限打开。"),
    (r"Invalid value for '(.+?)': '(.*)' is not a valid integer", "{0} 是 {1}：应为整数。"),
    (r"Invalid value for '(.+?)': '(.*)' is not a valid (?:float|number)", "{0} 是 {1}：应为数字。"),
    (r"Invalid value for '(.+?)': (\S+) is not in the range x>=(\S+?)\.?$", "{0} 是 {1}：不能小于 {2}。"),
    (r"Invalid value for '(.+?)': '(.*)' is not one of (.+?)\.?$", "{0} 是 {1}：应为 {2} 之一。"),
)


def in_both_languages(error: click.UsageError) -> Text:
    """What was wrong with a command, and where to look; a message of our own has both languages already."""
    words = error.format_message()
    how = Text("", "")
    if error.ctx is not None:
        command = f"{error.ctx.command_path} --help"
        how = Text(f"运行 {command} 查看用法。", f"Type {command} to see how it is used.")
    return _translated(words) + how


def _translated(words: str) -> Text:
    own = _OURS.fullmatch(words)
    if own:
        name, zh, en = own.groups()
        return Text(f"{name}：{zh}" if name else zh, f"{name}: {en}" if name else en)
    en = words if words.endswith((".", "?")) else f"{words}."
    for pattern, zh in _SENTENCES:
        found = re.match(pattern, words)
        if found:
            names = (group.removeprefix("[").removesuffix("...").removesuffix("]") for group in found.groups())
            return Text(zh.format(*names), en)
    return Text(en, en)


class Told(click.UsageError):
    """A wrong command, in a sentence of two languages."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file, err=file is None)


@contextmanager
def told() -> Iterator[None]:
    """A wrong command ends with our sentence instead of click's; that of no arguments at all stays the help text."""
    try:
        yield
    except (Told, NoArgsIsHelpError):
        raise
    except click.UsageError as error:
        raise Told(str(in_both_languages(error)), error.ctx) from error


class Formatter(click.HelpFormatter):
    """Help in columns of a terminal, headings in both languages."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, prefix or "用法 | Usage: ")

    def write_heading(self, heading: str) -> None:
        super().write_heading(_HEADINGS.get(heading, heading))

    def write_text(self, text: str) -> None:
        margin = " " * self.current_indent
        blocks = [
            paragraph.split("\n")[1:]
            if paragraph.startswith(_AS_IT_STANDS)
            else wrap(" ".join(paragraph.split()), self.width - self.current_indent)
            for paragraph in _PARAGRAPHS.split(text)
        ]
        self.write("\n".join("".join(f"{margin}{line}\n" for line in block) for block in blocks))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        margin = " " * self.current_indent
        rows = list(rows)
        column = min(max(width(name) for name, _ in rows), col_max) + col_spacing
        for name, text in rows:
            said = _HELP_OPTION if name.endswith("--help") else text
            first, *more = wrap(said, self.width - self.current_indent - column) if said else [""]
            if width(name) > column - col_spacing:  # too long to have anything beside it
                more, first = [first, *more], ""
            self.write(f"{margin}{pad(name, column)}{first}".rstrip() + "\n")
            self.write("".join(f"{margin}{' ' * column}{line}\n" for line in more))


class Context(click.Context):
    """Of every command."""

    formatter_class = Formatter
