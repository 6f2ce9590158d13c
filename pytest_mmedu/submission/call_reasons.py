"""为什么没有调用 | Why a function could not be called, in a sentence for the student."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.submission.reasons import error_place, error_text
from pytest_mmedu.submission.script import Written
from pytest_mmedu.submission.source import Source
from pytest_mmedu.submission.stubs import Def, open_line
from pytest_mmedu.text import Text, printable

NO_ANSWER = NoRun(
    "failed",
    Text("没有收到返回值。", "No answer came back."),
    Text("在自己的电脑上用这些参数调用一次，看看会怎样。", "Call it with these arguments on your own computer."),
)


def missing(name: str, there: Mapping[str, Def], source: Source) -> NoRun:
    """There is no such function; perhaps one with nearly its name."""
    seen = Text(f"程序里没有函数 {name}。", f"The program has no function {name}.")
    near = difflib.get_close_matches(name.lower(), [each.lower() for each in there], n=1, cutoff=0.7)
    if near:
        found = next(each for each in there.values() if each.name.lower() == near[0])
        shown = printable(found.name, 60)
        todo = Text(f"{shown} 是你写的函数吗？请把名字改对。", f"Is {shown} the one you wrote? Correct its name.")
        return NoRun("failed", seen, todo, source.place(found.lineno))
    todo = Text(
        f"函数要写在最外层，以 def {name}( 开头，名字一个字母也不能差。",
        f"Write it at the outermost level, beginning with def {name}( and not one letter different.",
    )
    return NoRun("failed", seen, todo)


def not_a_function(name: str, kind: str) -> NoRun:
    """Something else has the function's name."""
    shown = printable(kind, 40)
    seen = Text(f"{name} 是 {shown}，不是函数。", f"{name} is of type {shown}, not a function.")
    todo = Text("用 def 定义它，后面不要再给这个名字赋值。", "Define it with def, and do not assign to its name later.")
    return NoRun("failed", seen, todo)


def not_written(function: Def | None, source: Source) -> NoRun | None:
    """`...` or nothing but `pass` stands where the student is to write."""
    line = open_line(function) if function is not None else None
    if function is None or line is None:
        return None
    seen = Text(f"函数 {function.name} 还没有填写。", f"Function {function.name} is not filled in.")
    return NoRun("failed", seen, Text("把 ... 换成你的代码。", "Put your code for the dots."), source.place(line))


def error_beside(error: Mapping[str, Any], program: Written) -> Text:
    """The program failed outside of the function, which is judged all the same."""
    place, text = error_place(error, program), error_text(error)
    where = Text("", "") if place is None else Text(f"（{place}）", f" ({place})")
    return Text(f"函数之外{where.zh}：{text.zh}", f"Outside of the function{where.en}: {text.en}")


def exited(code: int) -> NoRun:
    """sys.exit() before the function could be called."""
    seen = Text(
        f"程序提前退出了（sys.exit，退出码 {code}），函数没有机会被调用。",
        f"The program ended itself (sys.exit, code {code}) before its function could be called.",
    )
    return NoRun("failed", seen, Text("删掉让程序提前退出的语句。", "Remove the statement that ends it early."))
