"""Python 的报错是什么意思 | What Python's own errors mean, in Chinese too, and what to do about them.

Python speaks English only; a pupil of twelve may not. Errors that nobody translated keep Python's words.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable

from pytest_mmedu.text import Text

_METHODS = (
    "train",
    "load_dataset",
    "load_checkpoint",
    "inference",
    "fast_inference",
    "print_result",
    "convert",
    "sota",
)
# Kind, Python's words (3.10 to 3.14), the same in Chinese.
_MEANINGS: tuple[tuple[str, str, str], ...] = (
    ("NameError", r"name '(.+)' is not defined", "名字 {0} 没有定义"),
    ("AttributeError", r"module '(.+?)' has no attribute '(.+?)'", "模块 {0} 里没有 {1}"),
    ("AttributeError", r"'(\w+)' object has no attribute '(.+?)'", "{0} 没有名为 {1} 的方法或属性"),
    ("ModuleNotFoundError", r"No module named '(.+)'", "没有名为 {0} 的模块"),
    ("ImportError", r"cannot import name '(.+?)' from '(.+?)'", "模块 {1} 里没有 {0}"),
    ("FileNotFoundError", r"\[Errno 2\] No such file or directory: '(.+)'", "找不到 {0}"),
    ("EOFError", r"EOF when reading a line", "input() 在等键盘输入"),
    ("ZeroDivisionError", r"", "除数是 0"),
    ("IndexError", r"(?:list|tuple|string) index out of range", "方括号里的序号超出了范围"),
    ("KeyError", r"(.+)", "字典里没有 {0}"),
    ("RecursionError", r"", "函数一直在调用自己"),
    ("MemoryError", r"", "内存不够"),
    ("TypeError", r"([\w.]+)\(\) got an unexpected keyword argument '(\w+)'", "{0}() 没有名为 {1} 的参数"),
    ("TypeError", r"([\w.]+)\(\) missing \d+ required positional arguments?: (.+)", "{0}() 还缺参数 {1}"),
    ("TypeError", r"'(\w+)' object is not callable", "{0} 类型的值后面不能加括号"),
    ("TypeError", r"unsupported operand type\(s\) for (.+): '(\w+)' and '(\w+)'", "{1} 和 {2} 类型的值之间不能用 {0}"),
    ("TypeError", r"can only concatenate str \(not \"(\w+)\"\) to str", "文字只能和文字相加，不能和 {0} 类型的值相加"),
    ("ValueError", r"invalid literal for int\(\) with base 10: (.+)", "int() 不能把 {0} 变成整数"),
    ("ValueError", r"could not convert string to float: (.+)", "float() 不能把 {0} 变成数"),
)
_SPELLING = Text("检查方法名或属性名的拼写。", "Check the spelling of the method or attribute.")
_MODULE = Text(
    "检查模块名的拼写；批改的电脑上可能没有安装它。",
    "Check the module's spelling; it may not be installed where homework is graded.",
)
_HINTS = {
    "NameError": Text(
        "检查拼写；如果它是一段文字，要加引号；如果是变量，要先赋值。",
        "Check the spelling; a text needs quotes, a variable a value before its use.",
    ),
    "FileNotFoundError": Text(
        "检查路径；相对路径从程序所在的文件夹算起。",
        "Check the path; a relative one starts at the folder of the program.",
    ),
    "ModuleNotFoundError": _MODULE,
    "EOFError": Text(
        "批改时没有键盘输入：把 input() 换成固定的值。", "Nobody types while grading: put a fixed value for input()."
    ),
    "TypeError": Text(
        "检查括号里的内容：名字对不对，有没有多写、少写。",
        "Check what stands in the brackets: the names, and whether something is missing or too much.",
    ),
    "AttributeError": _SPELLING,
    "MemoryError": Text("试试小一些的 batch_size。", "Try a smaller batch_size."),
}
LESS_MEMORY = _HINTS["MemoryError"]


def meaning(kind: str, message: str) -> Text:
    """What was raised, in a sentence; `kind` and `message` are safe to show."""
    words = f"{kind}: {message}" if message else kind
    for known, pattern, zh in _MEANINGS:
        found = re.match(pattern, message) if kind == known else None
        if found:
            return Text(f"程序出错：{zh.format(*found.groups())}（{kind}）。", f"The program failed: {words}")
    return Text(f"程序出错：{words}", f"The program failed: {words}")


def hint_for(kind: str, message: str) -> Text | None:
    """The next step, where one is known."""
    nearer = _NEARER.get(kind)
    return (nearer and nearer(message)) or _HINTS.get(kind)


def _of_name(message: str) -> Text | None:
    if re.match(r"name '(?i:true|false|none)' ", message):
        return Text(
            "写成 True、False、None：首字母大写，其余小写。",
            "Write True, False, None: the first letter is a capital, the others are not.",
        )
    return None


def _of_attribute(message: str) -> Text | None:
    found = re.match(r"'MMClassification' object has no attribute '(.+?)'", message)
    return _did_you_mean(found[1], _METHODS) if found else None


def _of_module(message: str) -> Text | None:
    found = re.match(r"No module named '(.+)'", message)
    return (
        Text("模块名是 MMEdu，注意大小写。", "The module is MMEdu: mind the capitals.")
        if (found and found[1].lower() == "mmedu")
        else None
    )


def _did_you_mean(name: str, known: tuple[str, ...]) -> Text | None:
    near = difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)
    return Text(f"你是不是想写 {near[0]}？", f"Did you mean {near[0]}?") if near else None


_NEARER: dict[str, Callable[[str], Text | None]] = {
    "NameError": _of_name,
    "AttributeError": _of_attribute,
    "ModuleNotFoundError": _of_module,
}
