"""Bytes as they come from pupils' computers: encodings, line ends, syntax errors and what is said about them."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from pytest_mmedu.errors import SubmissionError
from pytest_mmedu.submission.source import parse, read_source, source_of
from pytest_mmedu.text import Text

LINE = "print('训练完成')\n"


def refused(text: str) -> SubmissionError:
    with pytest.raises(SubmissionError) as caught:
        parse(source_of(text.encode(), "homework.py"))
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        LINE.encode(),
        codecs.BOM_UTF8 + LINE.encode(),
        LINE.replace("\n", "\r\n").encode(),
        b"# -*- coding: gbk -*-\n" + LINE.encode("gbk"),
    ],
    ids=["utf-8", "utf-8 with BOM", "Windows lines", "coding line"],
)
def test_what_python_itself_reads_needs_no_note(data: bytes) -> None:
    source = source_of(data, "homework.py")
    assert source.text.endswith(LINE)
    assert "\r" not in source.text
    assert source.notes == ()


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (LINE.encode("gbk"), "GBK"),
        (codecs.BOM_UTF16_LE + LINE.encode("utf-16-le"), "UTF-16"),
        (b"# coding: klingon\n" + LINE.encode("gbk"), "GBK"),
    ],
)
def test_other_encodings_are_read_with_a_note(data: bytes, encoding: str) -> None:
    source = source_of(data, "homework.py")
    assert source.text.endswith(LINE)
    assert source.notes == (
        Text(
            f"homework.py 不是 UTF-8 编码，已按 {encoding} 读取；请另存为 UTF-8。",
            f"homework.py is not UTF-8 and was read as {encoding}; save it as UTF-8.",
        ),
    )


@pytest.mark.parametrize("coding", ["ascii", "gbk", "big5", "utf8mb4"])
def test_a_coding_line_that_is_wrong(coding: str) -> None:
    """An editor saved it as UTF-8; the line is from somewhere else."""
    source = source_of(f"# -*- coding: {coding} -*-\n{LINE}x = '损'\n".encode(), "homework.py")
    assert source.text.endswith(f"{LINE}x = '损'\n")
    assert source.notes == (
        Text(
            "homework.py 开头写的编码（coding）和文件不符，已按 UTF-8 读取；请删掉那一行。",
            "homework.py names a coding at its top that is not its own; it was read as UTF-8. Delete that line.",
        ),
    )


def test_a_picture_named_like_a_script() -> None:
    with pytest.raises(SubmissionError) as caught:
        source_of(b"\x89PNG\r\n\x1a\n\x00\x00\xff\xfe", "homework.py")
    assert caught.value.text == Text(
        "homework.py 不是文本文件。请用编辑器打开它，另存为 UTF-8 编码的 .py 文件。",
        "homework.py is not a text file. Open it in an editor and save it as UTF-8 text.",
    )


def test_a_script_of_a_gigabyte_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "homework.py"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    with pytest.raises(SubmissionError) as caught:
        read_source(path)
    assert caught.value.text == Text(
        "homework.py 超过 1 MB。请只交代码；笔记本请先清除全部输出。",
        "homework.py is larger than 1 MB. Hand in code only; clear all outputs of a notebook first.",
    )


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SubmissionError) as caught:
        read_source(tmp_path / "homework.py")
    assert caught.value.seen.zh.startswith("打不开 homework.py：")
    assert caught.value.todo == Text("请检查文件的位置和权限。", "Check where the file is and who may read it.")


# The broken line -> the line named, the next step.
BRACKETS = Text("检查括号是否成对。", "Check that every bracket has its partner.")
QUOTES = Text("检查引号是否成对。", "Check that every quote has its partner.")
INDENTATION = Text(
    "检查这一行的缩进：同一层用同样多的空格，不要混用 Tab 和空格。",
    "Check the indentation: the same number of spaces on one level, no tabs among them.",
)
GENERAL = Text(
    "检查这一行和上一行的拼写、括号、引号、逗号、等号和缩进。",
    "Check spelling, brackets, quotes, commas, equals signs and indentation of this line and the one above.",
)
COMMA = Text("检查是否少了英文逗号。", "Check whether a comma is missing here.")
VALUE = Text("等号后面还没有值。", "The value after the equals sign is missing.")
DOTS = Text("... 要整个换掉，三个点都不留。", "Replace the ... as a whole: no dot is to be left.")
BROKEN = {
    "Chinese comma": (
        "x = 1\nmodel.train(epochs=10，lr=0.01)\n",
        2,
        Text(
            "代码里不能用中文标点「，」，请切换到英文输入法重打。",
            "The sign ， cannot stand in code: type it again with the English input method.",
        ),
    ),
    "Chinese quotes": (
        "model = cls(backbone=“LeNet”)\n",
        1,
        Text(
            "代码里不能用中文标点「“」，请切换到英文输入法重打。",
            "The sign “ cannot stand in code: type it again with the English input method.",
        ),
    ),
    "Chinese signs in a text are right": ("print('你好，世界' 1)\n", 1, None),
    "wide space": (
        "x = 1\nepochs\u3000= 3\n",
        2,
        Text("这一行有看不见的特殊空格，请删掉后用空格键重打。", "Delete the invisible space and type it again."),
    ),
    "bracket left open": ("x = 1\nmodel.train(epochs=10\nprint(x)\n", 2, None),
    "bracket too many": ("model.train(epochs=10))\n", 1, BRACKETS),
    "quote left open": ("model = cls(backbone='LeNet)\n", 1, QUOTES),
    "colon forgotten": (
        "if True\n    pass\n",
        1,
        Text("检查行末是否少了英文冒号。", "Check whether the line needs a colon at its end."),
    ),
    "body forgotten": ("def go():\nx = 1\n", 2, INDENTATION),
    "indented for no reason": ("x = 1\n  y = 2\n", 2, INDENTATION),
    "tabs among spaces": ("if True:\n        x = 1\n\ty = 2\n", 3, INDENTATION),
    "value forgotten": ("model.train(lr=, epochs=3)\n", 1, VALUE),
    "value forgotten at the end": ("model.train(epochs=3, lr=)\n", 1, VALUE),
    "full-width digit": (
        "model.train(epochs=５)\n",
        1,
        Text(
            "代码里不能用「５」，请切换到英文输入法重打。",
            "The sign ５ cannot stand in code: type it again with the English input method.",
        ),
    ),
    "one sign for three dots": (
        "model.train(epochs=…)\n",
        1,
        Text(
            "代码里不能用「…」，请切换到英文输入法重打。",
            "The sign … cannot stand in code: type it again with the English input method.",
        ),
    ),
    "dots left": ("model.train(epochs=...5)\n", 1, DOTS),
    "dots left behind": ("model.train(epochs=5...)\n", 1, DOTS),
    "a path of Windows": (
        'model.save_fold = "C:\\Users\\li"\n',
        1,
        Text("引号里的 \\ 有特殊含义：路径请用 / 。", "A \\ in quotes has a meaning of its own: write paths with /."),
    ),
    "Python 2": ("print 'x'\n", 1, Text("print 后面要加括号：print(...)。", "Give print its brackets: print(...).")),
    "name forgotten": (
        "model.train(lr=0.1, 3)\n",
        1,
        Text("带名字的参数后面，每个参数都要写名字。", "After an argument with a name, every argument needs its name."),
    ),
    "given twice": (
        "model.train(lr=0.1, lr=0.2)\n",
        1,
        Text("同一个参数写了两次，请留下一个。", "One argument is given twice: keep one of them."),
    ),
    "no Python at all": ("这是我的作业 谢谢老师\n", 1, GENERAL),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_syntax_error_names_its_line_and_the_next_step(name: str) -> None:
    text, line, todo = BROKEN[name]
    error = refused(text)
    shown = text.splitlines()[line - 1].strip().replace("\u3000", "\\x3000")
    assert error.place == f"homework.py:{line}"
    assert error.seen == Text(f"第 {line} 行有语法错误：{shown}", f"There is a syntax error in line {line}: {shown}")
    assert error.todo == todo or (todo is None and error.todo in (BRACKETS, GENERAL, COMMA))


def test_the_end_of_the_file_is_a_line_that_exists() -> None:
    error = refused("def go():\n")
    assert error.place in ("homework.py:1", "homework.py:2")


def test_nested_beyond_reason() -> None:
    error = refused("x = " + "-" * 20_000 + "1\n")
    assert error.place is not None
    assert error.place.startswith("homework.py")


def test_longer_than_is_worth_reading() -> None:
    """Fewer bytes than a script may have, and a minute's work for whoever walks its tree several times."""
    with pytest.raises(SubmissionError) as caught:
        parse(source_of(b"x = 1\n" * 30_000, "homework.py"))
    assert caught.value.seen == Text("homework.py 太长，读不了。", "homework.py is too long to be read.")
    assert caught.value.todo == Text(
        "程序只写训练要用的；大量的数据请存成文件。", "Keep to what the training needs; put large data into a file."
    )
    parse(source_of(b"x = [" + b"1, " * 10_000 + b"]\n", "homework.py"))


def test_control_characters_are_not_shown_raw() -> None:
    error = refused("x = \x1b[31m\n")
    assert "\x1b" not in str(error)
    assert "\\x1b[31m" in str(error)
