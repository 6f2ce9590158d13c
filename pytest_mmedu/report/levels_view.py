"""这台电脑能隔离到哪一级 | The levels of isolation on this machine: what each was seen to hold, what is missing."""

from __future__ import annotations

import click

from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
from pytest_mmedu.submission.isolation.levels import RUNNING, told
from pytest_mmedu.submission.isolation.own_cgroup import NotLimited
from pytest_mmedu.text import Lang, Text, pad

HEADING = Text("\n运行学生程序时的隔离（强的在前）：", "\nIsolation of students' programs (the strongest first):")
LIMITED = Text("内核限制每个程序的内存和进程数。", "The kernel limits the memory and the processes of each program.")
NO_CGROUP = Text(
    "没有能限制内存和进程数的 cgroup v2；内存和进程数由批改程序监视。",
    "There is no cgroup v2 that limits memory and processes; the grader watches both.",
)
MAY_NOT = Text(
    "不能用自己的 cgroup，内存和进程数由批改程序监视。要让内核来限制，请在命令前加上："
    "systemd-run --user --scope -p Delegate=yes",
    "This process may not use its own cgroup; the grader watches memory and processes. "
    "To have the kernel limit both, put before your command: systemd-run --user --scope -p Delegate=yes",
)


def show_levels(lang: Lang, boxes: Boxes) -> None:
    """Each level is tried by breaking out of it, as before a submission is run."""
    click.echo(HEADING.in_lang(lang))
    for level in RUNNING:
        tried = boxes.tried(level)
        mark = "[v]" if tried.box is not None else "[ ]"
        click.echo(f"{mark} {pad(level, 13)} {_says(tried).in_lang(lang)}")


def show_kernel_limits(lang: Lang, groups: object) -> None:
    """`groups` are what this process was found to have, or why it has none."""
    mark, says = "[v]", LIMITED
    if isinstance(groups, NotLimited):
        mark, says = "[ ]", MAY_NOT if groups.may_not else NO_CGROUP
    click.echo(f"{mark} {pad('cgroup v2', 13)} {says.in_lang(lang)}")


def _says(tried: Tried) -> Text:
    if tried.missing is None:
        held = told(tried.guarantees)
        return Text(_after(tried.tool, held.zh), _after(tried.tool, held.en))
    zh, en = (words.rstrip("。. ") for words in (tried.missing.zh, tried.missing.en))  # another program's own words
    missing = Text(f"{zh}。", f"{en[0].upper()}{en[1:]}.")
    return missing + tried.remedy if tried.remedy is not None else missing


def _after(tool: str, words: str) -> str:
    return f"{tool} · {words}" if tool else words
