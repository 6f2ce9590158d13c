"""Python's own errors, told to pupils who read no English, and the next step."""

from __future__ import annotations

import pytest

from pytest_mmedu.submission.python_errors import hint_for, meaning
from pytest_mmedu.text import Text


class MMClassification:
    def train(self, lr: float) -> None: ...


def _raised(program: str) -> tuple[str, str]:
    with pytest.raises(Exception) as caught:
        exec(program, {"model": MMClassification()})
    return type(caught.value).__name__, str(caught.value)


# What a pupil wrote -> what the card says in Chinese; in English it keeps Python's words.
PROGRAMS = {
    "first": "程序出错：名字 first 没有定义（NameError）。",
    "model.trian(lr=1)": "程序出错：MMClassification 没有名为 trian 的方法或属性（AttributeError）。",
    "import math; math.pie": "程序出错：模块 math 里没有 pie（AttributeError）。",
    "import mmedu_": "程序出错：没有名为 mmedu_ 的模块（ModuleNotFoundError）。",
    "open('no_such_file')": "程序出错：找不到 no_such_file（FileNotFoundError）。",
    "1 / 0": "程序出错：除数是 0（ZeroDivisionError）。",
    "[1][2]": "程序出错：方括号里的序号超出了范围（IndexError）。",
    "{}['lr']": "程序出错：字典里没有 'lr'（KeyError）。",
    "model.train(lt=1)": "程序出错：MMClassification.train() 没有名为 lt 的参数（TypeError）。",
    "model.train()": "程序出错：MMClassification.train() 还缺参数 'lr'（TypeError）。",
    "5()": "程序出错：int 类型的值后面不能加括号（TypeError）。",
    "'5' - 1": "程序出错：str 和 int 类型的值之间不能用 -（TypeError）。",
    "'lr: ' + 5": "程序出错：文字只能和文字相加，不能和 int 类型的值相加（TypeError）。",
    "int('五轮')": "程序出错：int() 不能把 '五轮' 变成整数（ValueError）。",
    "float('0。1')": "程序出错：float() 不能把 '0。1' 变成数（ValueError）。",
    "assert False, '自己写的话'": "程序出错：AssertionError: 自己写的话",
    "assert False": "程序出错：AssertionError",
}


@pytest.mark.parametrize(("program", "zh"), PROGRAMS.items())
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_errors_are_told_in_chinese_and_keep_pythons_words_in_english(program: str, zh: str) -> None:
    kind, message = _raised(program)
    words = f"{kind}: {message}" if message else kind
    assert meaning(kind, message) == Text(zh, f"The program failed: {words}")


HINTS = {
    "first": Text(
        "检查拼写；如果它是一段文字，要加引号；如果是变量，要先赋值。",
        "Check the spelling; a text needs quotes, a variable a value before its use.",
    ),
    "true": Text(
        "写成 True、False、None：首字母大写，其余小写。",
        "Write True, False, None: the first letter is a capital, the others are not.",
    ),
    "model.trian()": Text("你是不是想写 train？", "Did you mean train?"),
    "model.xyz()": Text("检查方法名或属性名的拼写。", "Check the spelling of the method or attribute."),
    "from mmedu import MMClassification": Text(
        "模块名是 MMEdu，注意大小写。", "The module is MMEdu: mind the capitals."
    ),
    "import no_such_module": Text(
        "检查模块名的拼写；批改的电脑上可能没有安装它。",
        "Check the module's spelling; it may not be installed where homework is graded.",
    ),
    "1 / 0": None,
}


@pytest.mark.parametrize(("program", "hint"), HINTS.items())
def test_the_next_step(program: str, hint: Text | None) -> None:
    assert hint_for(*_raised(program)) == hint
