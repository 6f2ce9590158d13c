"""Functions: what a student wrote -> the exact sentences. Each row is a program, called in a process of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.submission import find_submission
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.functions import Called, Calls, call_function, not_called
from pytest_mmedu.text import Text
from tests.checks.idle_machine import OnAnIdleMachine
from tests.checks.made import Make, Row

ONE = ([[0.2, 0.8]], [1], 1)
EXAMPLES = [ONE, ([[0.9, 0.1], [0.2, 0.8]], [1, 1], 1), ([[0.9, 0.1]], [1], 2)]
FIRST = "topk_accuracy([[0.2, 0.8]], [1], 1)"
SECOND = "topk_accuracy([[0.9, 0.1], [0.2, 0.8]], [1, 1], 1)"
DEF = "def topk_accuracy(scores, labels, k):\n"
RIGHT = (
    DEF + "    best = [sorted(range(len(row)), key=lambda at: -row[at])[:k] for row in scores]\n"
    "    return sum(label in top for label, top in zip(labels, best)) / len(labels)\n"
)
ALL = ("3 个例子都对", "right for all 3 examples")
WANTED = ("3 个例子都要对", "right for all 3 examples")
BY_HAND = (
    "拿纸笔按这个例子算一遍，看看你的函数在哪一步不一样。",
    "Work this example out on paper, and see at which step your function differs.",
)
TASK = ("再读一遍题目：函数应当返回什么？", "Read the task again: what is the function to return?")
PLAIN = (
    "返回普通的数（int 或 float）、文字或列表，不要返回别的对象。",
    "Return a plain number (int or float), a text or a list, and no other object.",
)
LOOK = ("看看所指的那一行，在自己的电脑上改好再交。", "Look at that line, and mend it on your own computer.")
FILL = ("把 ... 换成你的代码。", "Put your code for the dots.")
NOT_WRITTEN = ("函数 topk_accuracy 还没有填写。", "Function topk_accuracy is not filled in.")
LOOP = ("检查有没有停不下来的循环、等待或窗口。", "Look for a loop, a wait or a window that never comes to an end.")
EXIT = ("删掉让程序提前退出的语句。", "Remove the statement that ends the program early.")
WHOLE = Text("k 等于类别数时是 100%", "k = number of classes gives 100 %")
UP_TO_ONE = Text("结果不超过 1", "the result is at most 1")


def reference(scores: list[list[float]], labels: list[int], k: int) -> float:
    """The share of rows whose label is among the k highest."""
    names: dict[str, Any] = {}
    exec(RIGHT, names)
    return float(names["topk_accuracy"](scores, labels, k))


def program(text: str, seconds: float = 20.0) -> Make:
    def make(folder: Path) -> Subject:
        if "import numpy" in text:
            pytest.importorskip("numpy", reason="this student's program uses numpy, which is not installed here")
        handed_in = folder / "handed in"
        handed_in.mkdir()
        (handed_in / "homework.py").write_text(text, encoding="utf-8")
        found, cache = find_submission(handed_in), RunCache(folder / "cache")

        def call(calls: Calls) -> Called:
            return call_function(found, calls, budget=Budget(seconds=seconds), cache=cache, confinement=OnAnIdleMachine)

        return Subject(call=call)

    return make


def row(outcome: str, text: str, seen: tuple[str, str], *, place: int | None = 1, **more: Any) -> Row:
    given = {"name": "topk_accuracy", "examples": EXAMPLES, "reference": reference} | more.pop("given", {})
    subject = program(text, more.pop("seconds", 20.0))
    where = None if place is None else f"homework.py:{place}"
    return Row("function", outcome, subject, seen, place=where, given=given, **more)


def right(text: str, **more: Any) -> Row:
    return row("passed", text, ALL, **more)


def wrong(text: str, zh: str, en: str, hint: tuple[str, str], **more: Any) -> Row:
    return row("failed", text, (zh, en), hint=hint, **{"wanted": WANTED, **more})


def never_called(text: str, zh: str, en: str, hint: tuple[str, str], **more: Any) -> Row:
    return row("failed", text, (zh, en), hint=hint, **more)


def gives(value: str) -> str:
    return f"{DEF}    return {value}\n"


def _rules(*rules: Any) -> dict[str, Any]:
    return {"properties": rules}


def _refused(folder: Path) -> Subject:
    why = NoRun("failed", Text("按设置没有运行学生的程序。", "The program was not run."), Text("。", "."))
    return Subject(call=lambda _: not_called(why, None, "artefacts"))


ONLY_UP_TO_ONE = (UP_TO_ONE, lambda _, result: 0 <= result <= 1)
ALL_CLASSES = (WHOLE, lambda args, result: args[2] < len(args[0][0]) or result == 1)
ROWS: Sequence[Row] = (
    # -- right --------------------------------------------------------------------------------------------------------
    right(RIGHT),
    right("print('hello')\n" + RIGHT, place=2),
    right(RIGHT + "assert topk_accuracy([], [], 1) == 0\n"),  # what goes wrong beside it is a note
    right("import numpy\n" + RIGHT.replace("range(len(row))", "range(len(numpy.array(row)[..., None]))"), place=2),
    right("class Counter:\n    ...\n\n" + RIGHT, place=4),
    right("if True:\n    " + RIGHT.replace("\n    ", "\n        "), place=2),
    right(RIGHT.replace("topk_accuracy", "share") + "topk_accuracy = share\n"),
    right("import numpy\n" + RIGHT.replace("return sum", "return numpy.float32(1) * sum"), place=2),
    right(
        "from MMEdu import MMClassification as cls\nmodel = cls(backbone='LeNet')\n"
        + RIGHT
        + "def main():\n    model.train(\n        epochs=1)\n\nif __name__ == '__main__':\n    main()\n",
        place=3,
    ),
    right(RIGHT, given=_rules(ONLY_UP_TO_ONE, ALL_CLASSES)),
    right(gives("1"), given={"reference": None} | _rules(ALL_CLASSES)),
    # -- nothing to call ----------------------------------------------------------------------------------------------
    never_called(DEF + '    """The share."""\n    ...\n', *NOT_WRITTEN, FILL, place=3),
    never_called(DEF + "    hits = ...\n    return hits\n", *NOT_WRITTEN, FILL, place=2),
    never_called(DEF + "    return max(scores[0], key=...)\n", *NOT_WRITTEN, FILL, place=2),
    never_called(DEF + "    pass\n", *NOT_WRITTEN, FILL, place=2),
    never_called(
        "x = 1\ndef topK_acuracy(scores, labels, k):\n    return 1\n",
        "程序里没有函数 topk_accuracy。",
        "The program has no function topk_accuracy.",
        ("topK_acuracy 是你写的函数吗？请把名字改对。", "Is topK_acuracy the one you wrote? Correct its name."),
        place=2,
    ),
    never_called(
        "class Mine:\n    def topk_accuracy(self): return 1\n",
        "程序里没有函数 topk_accuracy。",
        "The program has no function topk_accuracy.",
        (
            "函数要写在最外层，以 def topk_accuracy( 开头，名字一个字母也不能差。",
            "Write it at the outermost level, beginning with def topk_accuracy( and not one letter different.",
        ),
        place=None,
    ),
    never_called(
        RIGHT + "topk_accuracy = topk_accuracy([[0.2, 0.8]], [1], 1)\n",
        "topk_accuracy 是 float，不是函数。",
        "topk_accuracy is of type float, not a function.",
        (
            "用 def 定义它，后面不要再给这个名字赋值。",
            "Define it with def, and do not assign to its name later.",
        ),
        place=None,
    ),
    never_called(
        "def topk_accuracy(scores, labels, k)\n    return 1\n",
        "第 1 行有语法错误：def topk_accuracy(scores, labels, k)",
        "There is a syntax error in line 1: def topk_accuracy(scores, labels, k)",
        ("检查行末是否少了英文冒号。", "Check whether the line needs a colon at its end."),
    ),
    never_called(
        RIGHT + "import sys\nsys.exit(0)\n",
        "程序提前退出了（sys.exit，退出码 0），函数没有机会被调用。",
        "The program ended itself (sys.exit, code 0) before its function could be called.",
        ("删掉让程序提前退出的语句。", "Remove the statement that ends it early."),
        place=None,
    ),
    never_called(
        RIGHT + "import os\nos._exit(0)\n",
        "程序没有运行到结尾就停止了（退出码 0）。",
        "The program stopped before its end (exit code 0).",
        EXIT,
        place=None,
    ),
    never_called(
        "while True: pass\n" + RIGHT,
        "程序运行超过 0.5 秒，已被停止。",
        "The program ran longer than 0.5 s and was stopped.",
        LOOP,
        place=None,
        seconds=0.5,
    ),
    never_called(
        "import my_module\n" + RIGHT,
        "程序出错：没有名为 my_module 的模块（ModuleNotFoundError）。",
        "The program failed: ModuleNotFoundError: No module named 'my_module'",
        (
            "检查模块名的拼写；批改的电脑上可能没有安装它。",
            "Check the module's spelling; it may not be installed where homework is graded.",
        ),
    ),
    # -- a call goes wrong --------------------------------------------------------------------------------------------
    wrong(
        "def topk_accuracy(scores, labels):\n    return 1\n",
        "topk_accuracy(scores, labels) 不能用 3 个参数调用",
        "topk_accuracy(scores, labels) cannot be called with 3 arguments",
        (
            "函数的参数要和题目里写的一样：个数和顺序都不变。",
            "Its arguments must be those of the task: as many of them, in that order.",
        ),
    ),
    wrong(
        DEF + "    return 1 / 0\n",
        f"{FIRST} 程序出错：除数是 0（ZeroDivisionError）",
        f"{FIRST}: the program failed: ZeroDivisionError: division by zero",
        LOOK,
        place=2,
    ),
    wrong(
        DEF + "    while True: pass\n",
        f"调用 {FIRST}：程序运行超过 0.5 秒，已被停止",
        f"In {FIRST}: the program ran longer than 0.5 s and was stopped",
        LOOP,
        seconds=0.5,
    ),
    wrong(
        "import os\n" + DEF + "    if len(scores) == 2: os._exit(0)\n    return 1.0\n",
        f"调用 {SECOND}：程序没有运行到结尾就停止了（退出码 0）",
        f"In {SECOND}: the program stopped before its end (exit code 0)",
        EXIT,
        place=2,
    ),
    wrong(
        DEF + "    exit()\n",
        f"{FIRST} 结束了整个程序",
        f"{FIRST} ends the whole program",
        ("去掉函数里的 exit()，用 return 返回。", "Take exit() out of the function, and use return."),
    ),
    wrong(
        DEF + "    print(len(labels))\n",
        f"{FIRST} 没有返回值（None）",
        f"{FIRST} returns nothing (None)",
        (
            "用 return 把结果交回来；print 只是把它显示在屏幕上。",
            "Hand the result back with return; print only shows it on the screen.",
        ),
    ),
    wrong(
        "dots = ...\n" + gives("dots"),
        f"{FIRST} 返回的是 ...，还没有填写",
        f"{FIRST} returns the dots: it is not filled in",
        FILL,
        place=2,
    ),
    wrong(
        DEF + "    for row in scores: row.sort()\n    return 1.0 if len(scores) == 1 else 0.5\n",
        "topk_accuracy([[0.9, 0.1], [0.2, 0.8]], [1, 1], 1) 改动了传给它的第 1 个参数",
        "topk_accuracy([[0.9, 0.1], [0.2, 0.8]], [1, 1], 1) changes argument 1 that it was given",
        (
            "在副本上操作：传进来的列表还要给别人用。",
            "Work on a copy: somebody else still needs the list that was given.",
        ),
    ),
    # -- a wrong value ------------------------------------------------------------------------------------------------
    wrong(gives("1"), f"{SECOND} 返回 1，不对", f"{SECOND} returns 1, which is not right", BY_HAND),
    wrong(
        gives("100.0"),
        f"{FIRST} 返回 100.0，不对",
        f"{FIRST} returns 100.0, which is not right",
        ("是百分数还是小数？", "A percentage or a fraction?"),
        wanted=("应为 1.0", "should be 1.0"),
        given={"show_expected": True, "hint": Text("是百分数还是小数？", "A percentage or a fraction?")},
    ),
    wrong(gives("float('nan')"), f"{FIRST} 返回 nan，不对", f"{FIRST} returns nan, which is not right", BY_HAND),
    wrong(
        gives("'1.0'"), f"{FIRST} 返回 '1.0'，是文字，不是数", f"{FIRST} returns '1.0', a text and not a number", TASK
    ),
    wrong(
        gives("k == 1"),
        f"{FIRST} 返回 True，是真假值，不是数",
        f"{FIRST} returns True, a truth value and not a number",
        TASK,
    ),
    wrong(
        DEF + "    yield 1\n",
        f"{FIRST} 返回的是 generator 对象，不是数",
        f"{FIRST} returns a generator object, not a number",
        PLAIN,
    ),
    wrong(gives("[0.0] * 10**6"), f"{FIRST} 返回的数据太多", f"{FIRST} returns too much data", TASK),
    wrong(
        gives("0.5 if k == 2 else 1.0"),
        "topk_accuracy([[0.9, 0.1]], [1], 2) 返回 0.5，不符合：k 等于类别数时是 100%",
        "topk_accuracy([[0.9, 0.1]], [1], 2) returns 0.5, against the rule: k = number of classes gives 100 %",
        BY_HAND,
        given={"reference": None, "partly": True} | _rules(ONLY_UP_TO_ONE, ALL_CLASSES),
        share=0.5,
    ),
    wrong(
        gives("1.0"),
        f"{SECOND} 返回 1.0，不对",
        f"{SECOND} returns 1.0, which is not right",
        BY_HAND,
        given=_rules(ONLY_UP_TO_ONE, ALL_CLASSES),
    ),
    # -- nobody can know ----------------------------------------------------------------------------------------------
    Row(
        "function",
        "undecidable",
        _refused,
        ("按设置没有运行学生的程序", "The program was not run"),
        hint=("函数要运行了才能判断。", "A function can be judged only where it may be run."),
        given={"name": "f", "examples": [(1,)], "reference": abs},
    ),
    Row(
        "function",
        "undecidable",
        lambda _: Subject(),
        ("没有可以调用的作业", "there is no submission to call it in"),
        hint=("请用 check 固定件，它知道交上来的作业。", "Use the fixture check, which knows the submission."),
        given={"name": "f", "examples": [(1,)], "reference": abs},
    ),
)
