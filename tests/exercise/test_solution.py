"""`# SOLUTION` marks: what they cover, what is left of the source without it."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.leaks import leaks
from pytest_mmedu.exercise.solution import Master

# master -> starter -> reference; None: the reference is the master without "  # SOLUTION"
CASES = {
    "argument with a trailing comma": ("f(\n    lr=0.01,  # SOLUTION\n)\n", "f(\n    lr=...,\n)\n", None),
    "last argument without a comma": ("f(\n    lr=0.01  # SOLUTION\n)\n", "f(\n    lr=...\n)\n", None),
    "attribute": ("m.save_fold = 'out'  # SOLUTION\n", "m.save_fold = ...\n", None),
    "name with a type": ("n: int = 3  # SOLUTION\n", "n: int = ...\n", None),
    "no space before the mark": ("n = 3# SOLUTION\n", "n = ...\n", "n = 3\n"),
    "no space within the mark": ("n = 3  #SOLUTION\n", "n = ...\n", "n = 3\n"),
    "words after the mark": ("n = 3  # SOLUTION: three is enough\n", "n = ...\n", "n = 3\n"),
    "a comment that stays": ("n = 3  # how many?  # SOLUTION\n", "n = ...  # how many?\n", "n = 3  # how many?\n"),
    "several on one line": ("f(a, b=1, c=2)  # SOLUTION\n", "f(a, b=..., c=...)\n", None),
    "outermost of the line": ("n = f(a=g(b=1))  # SOLUTION\n", "n = ...\n", None),
    "nested brackets": ("n = f([(1, {2: [3]}), ()][0])  # SOLUTION\n", "n = ...\n", None),
    "dict values": (
        'd = {\n    "lr": 1,  # SOLUTION\n    "n": 2,\n}\n',
        'd = {\n    "lr": ...,\n    "n": 2,\n}\n',
        None,
    ),
    "return": ("def f(x):\n    return x + 1  # SOLUTION\n", "def f(x):\n    return ...\n", None),
    "round brackets": ("n = ((3))  # SOLUTION\n", "n = ...\n", None),
    "a text that holds the mark": (
        's = "lr=1  # SOLUTION"\nn = "a # SOLUTION"  # SOLUTION\n',
        's = "lr=1  # SOLUTION"\nn = ...\n',
        's = "lr=1  # SOLUTION"\nn = "a # SOLUTION"\n',
    ),
    "value over several lines, mark at its end": (
        "f(\n    steps=[\n        1,  # one\n        2,\n    ],  # SOLUTION\n)\n",
        "f(\n    steps=...,\n)\n",
        None,
    ),
    "value over several lines, mark at its start": (
        "steps = [  # SOLUTION\n    1,\n]\nn = 1\n",
        "steps = ...\nn = 1\n",
        "steps = [\n    1,\n]\nn = 1\n",
    ),
    "texts joined in brackets": (
        'm.save_fold = (  # SOLUTION\n    "a"  # first\n    "b"\n)\n',
        "m.save_fold = ...\n",
        'm.save_fold = (\n    "a"  # first\n    "b"\n)\n',
    ),
    "text in three quotes": ("s = '''a\nb'''  # SOLUTION\n", "s = ...\n", None),
    "f-string": ("s = f\"{'a'!r:>{10}}\"  # SOLUTION\n", "s = ...\n", None),
    "Chinese before the value": ('模型.名字, 甲 = "数字", "乙"  # SOLUTION\n', "模型.名字, 甲 = ...\n", None),
    "call over several lines, one argument covered": (
        "log = m.train(epochs=10,  # SOLUTION\n              lr=0.01)\n",
        "log = m.train(epochs=...,\n              lr=0.01)\n",
        None,
    ),
    "marks on a value and inside it": (
        "log = m.train(\n    epochs=10,  # SOLUTION\n)  # SOLUTION\nn = 1\n",
        "log = ...\nn = 1\n",
        "log = m.train(\n    epochs=10,\n)\nn = 1\n",
    ),
    "unmarked lines stay byte for byte": (
        "x  =  [ 1,2 ]  # as it is\nn = 3  # SOLUTION\n\n\n\n",
        "x  =  [ 1,2 ]  # as it is\nn = ...\n\n\n\n",
        None,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_rewriting(name: str) -> None:
    source, starter, reference = CASES[name]
    master = Master(source)
    assert master.starter() == starter
    assert master.reference() == (reference or source.replace("  # SOLUTION", ""))
    compile(master.starter(), "homework.py", "exec")


def test_windows_line_ends_and_byte_order_mark() -> None:
    master = Master("\ufeffn = 3  # SOLUTION\r\nm = 4\r\n")
    assert master.starter() == "n = ...\nm = 4\n"


def test_blanks_know_name_value_and_line() -> None:
    blanks = Master("a = 1\nf(\n    lr=0.01,  # SOLUTION\n)\nd['k'] = 2  # SOLUTION\n").blanks
    assert [(one.name, one.value, one.line) for one in blanks] == [("lr", "0.01", 3), ("k", "2", 5)]


def test_starter_that_was_made_once_has_no_marks_left() -> None:
    starter = Master("f(\n    lr=0.01,  # SOLUTION\n)\n").starter()
    with pytest.raises(ExerciseError) as caught:
        _ = Master(starter).blanks
    assert caught.value.seen.en == "Line 1 of master.py: no # SOLUTION mark."


MISTAKES = {
    "no mark": (
        "n = 3\n",
        "master.py 第 1 行：没有 # SOLUTION 记号。请在学生要填写的每一行末尾加上它。",
        "Line 1 of master.py: no # SOLUTION mark. Put one at the end of each line that students fill in.",
    ),
    "mark without a value": (
        "n = 3  # SOLUTION\nprint(1)  # SOLUTION\n",
        "master.py 第 2 行：# SOLUTION 没有对应的值。请把它放在“名字 = 值”那一行的末尾。",
        "Line 2 of master.py: # SOLUTION covers no value. Put it at the end of the line that says “name = value”.",
    ),
    "mark on a line of its own": (
        "n = [\n    1,\n    # SOLUTION\n]\n",
        "master.py 第 3 行：# SOLUTION 没有对应的值。请把它放在“名字 = 值”那一行的末尾。",
        "Line 3 of master.py: # SOLUTION covers no value. Put it at the end of the line that says “name = value”.",
    ),
    "syntax error": (
        "n = 1\nn = = 3  # SOLUTION\n",
        "master.py 第 2 行：语法错误。请先让母本能运行。",
        "Line 2 of master.py: a syntax error. Make the master run first.",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_in_the_master(name: str) -> None:
    source, zh, en = MISTAKES[name]
    with pytest.raises(ExerciseError) as caught:
        Master(source).starter()
    assert (caught.value.text.zh, caught.value.text.en) == (zh, en)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("epochs=10", True),
        ("epochs = 10,", True),
        ('"epochs": 10', True),
        ("epochs: 10", True),
        ("把 epochs 是 10", True),
        ("epochs=100", False),
        ("epochs=10.5", False),
        ("my_epochs=10", False),
        ("num_classes=10", False),
        ("epochs=...", False),
        ("save it in 'my_model'", True),
        ('\\"my_model\\"', True),
        ("my_model", False),
        ("save_fold = my_model", True),
    ],
)
def test_leaks(text: str, found: bool) -> None:
    blanks = Master("epochs = 10  # SOLUTION\nsave_fold = 'my_model'  # SOLUTION\n").blanks
    assert bool(leaks(text, blanks)) is found


_VALUES = st.recursive(
    st.integers(-99, 99) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2) | st.tuples(inner)
    ),
    max_leaves=6,
)


@given(marked=_VALUES, kept=_VALUES, spread=st.booleans())
def test_only_the_marked_value_changes(marked: object, kept: object, spread: bool) -> None:
    written = ast.unparse(ast.parse(repr(marked)))
    value = f"(\n        {written}\n    )" if spread else written
    source = f"数 = f(\n    a={kept!r},\n    b={value},  # SOLUTION\n    c={kept!r},\n)\n"
    starter = Master(source).starter()
    assert starter == f"数 = f(\n    a={kept!r},\n    b=...,\n    c={kept!r},\n)\n"
    assert ast.dump(ast.parse(Master(source).reference())) == ast.dump(ast.parse(source))
