"""这台电脑能隔离到哪一级 | The levels of isolation on this machine: what each was seen to hold, what is missing."""

from __future__ import annotations

import click

from pytest_mmedu.submission.isolation.boxes import Boxes, Tried
from pytest_mmedu.submission.isolation.levels import RUNNING, told
from pytest_mmedu.text import Lang, Text, pad

HEADING = Text("\n运行学生程序时的隔离（强的在前）：", "\nIsolation of students' programs (the strongest first):")


def show_levels(lang: Lang, boxes: Boxes) -> None:
    """Each level is tried by breaking out of it, as before a submission is run."""
    click.echo(HEADING.in_lang(lang))
    for level in RUNNING:
        tried = boxes.tried(level)
        mark = "[v]" if tried.box is not None else "[ ]"
        click.echo(f"{mark} {pad(level, 13)} {_says(tried).in_lang(lang)}")


def _says(tried: Tried) -> Text:
    if tried.missing is None:
        held = told(tried.guarantees)
        return Text(_after(tried.tool, held.zh), _after(tried.tool, held.en))
    zh, en = (words.rstrip("。. ") for words in (tried.missing.zh, tried.missing.en))  # another program's own words
    missing = Text(f"{zh}。", f"{en[0].upper()}{en[1:]}.")
    return missing + tried.remedy if tried.remedy is not None else missing


def _after(tool: str, words: str) -> str:
    return f"{tool} · {words}" if tool else words
