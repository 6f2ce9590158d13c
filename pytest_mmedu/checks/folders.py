"""保存位置检查 | Check of the save folder: will it be there on another computer too?"""

from __future__ import annotations

import posixpath
from typing import Any

from pytest_mmedu.asked import AskedValue
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.parameters import NOT_FILLED_IN, meant
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.one_computer import of_one_computer
from pytest_mmedu.text import Text


@check("asked")
def save_fold_inside(subject: Subject) -> Verdict:
    """保存位置 save_fold | Save folder save_fold

    Inside the student's own folder, whatever system it was written on: a drive letter counts on Linux too.
    """
    asked = subject.asked["save_fold"]
    if asked.state == "not filled in":
        return no(NOT_FILLED_IN, WANTED, hint=advice.FILL_IN, place=asked.place)
    if asked.state == "unreadable" and asked.differs is None:
        seen = Text("从源码里看不出它的值", "its value cannot be read from the source")
        return unknown(seen, WANTED, hint=IN_QUOTES, place=asked.place)
    for value in _values(asked):
        wrong = _wrong(value)
        if wrong is not None:
            what, hint = wrong
            hint, place = meant(subject, "save_fold") or (hint, asked.place)
            return no(_seen(value, what), WANTED, hint=hint, place=place)
    return yes(Text.same(shown(_values(asked)[0])), WANTED, place=asked.place)


def _values(asked: AskedValue) -> list[Any]:
    """What the source says and what the call received, where they differ."""
    written = [] if asked.state == "unreadable" else [asked.value]
    return written if asked.differs is None else [*written, asked.differs]


def _wrong(value: Any) -> tuple[Text, Text] | None:
    if value is None:
        return Text("没有写，会存到上一级文件夹", "not mentioned: the folder above is used"), CHOOSE
    if not isinstance(value, str) or not value.strip():
        return Text("不是文件夹的名字", "not the name of a folder"), IN_QUOTES
    if of_one_computer(value):
        return Text("别的电脑上没有这个位置", "other computers have no such place"), RELATIVE
    if posixpath.normpath(value.strip().replace("\\", "/")).split("/")[0] == "..":
        return Text("在作业文件夹外面", "outside your folder"), RELATIVE
    return None


def _seen(value: Any, what: Text) -> Text:
    if value is None:
        return what
    return Text(f"{shown(value)}，{what.zh}", f"{shown(value)}, {what.en}")


WANTED = Text("应在作业文件夹里面", "should lie inside your folder")
CHOOSE = Text(
    "给它起个文件夹的名字，结果就留在作业旁边。",
    "Give it the name of a folder: the results then stay beside your work.",
)
IN_QUOTES = Text("写一个文件夹的名字，加引号。", "Write the name of a folder, in quotes.")
RELATIVE = Text(
    "只写文件夹的名字，不写盘符、开头的 / 和 ..：它会建在作业旁边。",
    "Write the folder's name alone, without a drive, a leading / or ..: it is made beside your work.",
)
