"""`pytest-mmedu run`: a program without its tests, on a computer that has no MMEdu package."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(folder: Path, name: str, text: str) -> tuple[int, str, str]:
    (folder / name).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pytest_mmedu", "run", name],
        cwd=folder, capture_output=True, encoding="utf-8", check=False, env=None,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


HOMEWORK = """from MMEdu import MMClassification as cls
import beside
model = cls(backbone="LeNet")
model.num_classes = 2
model.load_dataset(path="faces2")
model.save_fold = beside.folder
model.train(epochs={epochs}, batch_size=8, lr=0.02, random_seed=1)
print(__name__, __file__)
"""


@pytest.mark.train
def test_it_trains_as_python_would(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("folder = 'mine'\n", "utf-8")
    code, said, errors = run(tmp_path, "homework.py", HOMEWORK.format(epochs=1))
    assert code == 0, errors
    assert said.splitlines()[-1] == "__main__ homework.py"
    assert (tmp_path / "mine" / "epoch_1.pth").is_file()


def test_what_is_not_filled_in_is_said_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "beside.py").write_text("folder = 'mine'\n", "utf-8")
    code, _, errors = run(tmp_path, "homework.py", HOMEWORK.format(epochs="..."))
    assert code == 1
    assert errors == (
        "homework.py:7: 参数 epochs 还没有填写。应为不小于 1 的整数。把 ... 换成你选的值。 | "
        "Parameter epochs is not filled in. It takes a whole number from 1. "
        "Replace the ... by a value of your choice.\n"
    )


def test_an_error_is_shown_from_the_students_line_on_and_told(tmp_path: Path) -> None:
    # No name of Python is like it: from 3.12 on its own line would say "Did you mean".
    code, _, errors = run(tmp_path, "homework.py", "x = 1\nprint(my_batch)\n")
    assert code == 1
    lines = errors.splitlines()
    assert lines[:2] == ["Traceback (most recent call last):", '  File "homework.py", line 2, in <module>']
    assert lines[-2:] == [
        "NameError: name 'my_batch' is not defined",
        "程序出错：名字 my_batch 没有定义（NameError）。检查拼写；如果它是一段文字，要加引号；如果是变量，要先赋值。 | "
        "Check the spelling; a text needs quotes, a variable a value before its use.",
    ]


def test_a_syntax_error_is_told_in_both_languages(tmp_path: Path) -> None:
    code, _, errors = run(tmp_path, "homework.py", "print（1）\n")
    assert code == 1
    assert errors == (
        "homework.py:1: 第 1 行有语法错误：print（1） 代码里不能用中文标点「（」，请切换到英文输入法重打。 | "
        "There is a syntax error in line 1: print（1） "
        "The sign （ cannot stand in code: type it again with the English input method.\n"
    )


def test_the_code_cells_of_a_notebook_are_run(tmp_path: Path) -> None:
    cells = [("markdown", "# 1"), ("code", "x = 41\n"), ("code", "%matplotlib inline\nprint(x + 1)\n1 / 0")]
    made = [{"cell_type": kind, "source": text, "metadata": {}, "outputs": []} for kind, text in cells]
    document = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}
    code, said, errors = run(tmp_path, "homework.ipynb", json.dumps(document))
    assert (code, said) == (1, "42\n")
    assert "    1 / 0" in errors
    assert errors.endswith("程序出错：除数是 0（ZeroDivisionError）。\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\n", "homework.py 里什么也没有。写好程序，保存，再运行一次。 | homework.py is empty."),
        ("import sys\nsys.exit(3)\n", ""),
    ],
)
def test_nothing_to_run_and_an_end_of_its_own(tmp_path: Path, text: str, said: str) -> None:
    code, _, errors = run(tmp_path, "homework.py", text)
    assert code == (1 if said else 3)
    assert errors.startswith(said)
