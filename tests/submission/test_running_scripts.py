"""Real processes for programs that train nothing: how each of them ends, and that nothing of it is left."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import SubmissionRun, find_submission, run_submission
from pytest_mmedu.text import Text

Run = Callable[..., SubmissionRun]
NO_TRAINING = Text("程序运行完了，但没有训练。", "The program ran to its end without training anything.")


def test_a_program_that_trains_nothing(run: Run) -> None:
    done = run("print('你好')\n")
    assert done.no_run is not None
    assert done.no_run.outcome == "failed"
    assert done.no_run.seen == Text(
        "程序运行完了，但没有训练。", "The program ran to its end without training anything."
    )
    assert done.no_run.hint == Text(
        "检查 train() 是否写了、是否被注释掉了。", "Check that train() is there and not commented out."
    )
    assert (done.stdout_tail, done.isolation, done.runs) == ("你好\n", "process", ())


# program -> outcome, sentence, place
ENDINGS: dict[str, tuple[str, str, Text, str | None]] = {
    "an error": (
        "x = 1\nprint(y)\n",
        "failed",
        Text("程序出错：名字 y 没有定义（NameError）。", "The program failed: NameError: name 'y' is not defined"),
        "homework.py:2",
    ),
    "an error deep inside": (
        "import json\ndef load():\n    return json.loads('{')\nload()\n",
        "failed",
        Text(
            "程序出错：JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
            "The program failed: JSONDecodeError: "
            "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
        ),
        "homework.py:3",
    ),
    "input": (
        "n = input('epochs?')\n",
        "failed",
        Text(
            "程序出错：input() 在等键盘输入（EOFError）。",
            "The program failed: EOFError: EOF when reading a line",
        ),
        "homework.py:1",
    ),
    "MMEdu's own error": (
        "raise Exception('Error Code: -302. No such argument: LeNet5')\n",
        "failed",
        Text(
            "程序出错：Exception: Error Code: -302. No such argument: LeNet5",
            "The program failed: Exception: Error Code: -302. No such argument: LeNet5",
        ),
        "homework.py:1",
    ),
    "sys.exit(0)": (
        "import sys\nsys.exit(0)\n",
        "failed",
        Text(
            "程序提前退出了（sys.exit，退出码 0），没有完成训练。",
            "The program ended itself (sys.exit, code 0) before any training was complete.",
        ),
        None,
    ),
    "sys.exit with words": (
        "import sys\nsys.exit('bye')\n",
        "failed",
        Text(
            "程序提前退出了（sys.exit，退出码 1），没有完成训练。",
            "The program ended itself (sys.exit, code 1) before any training was complete.",
        ),
        None,
    ),
    "os._exit(0)": (
        "import os\nos._exit(0)\n",
        "failed",
        Text("程序没有运行到结尾就停止了（退出码 0）。", "The program stopped before its end (exit code 0)."),
        None,
    ),
    "a full disk": (
        "raise OSError(28, 'No space left on device')\n",
        "error",
        Text(
            "程序出错：OSError: [Errno 28] No space left on device",
            "The program failed: OSError: [Errno 28] No space left on device",
        ),
        "homework.py:1",
    ),
    "an error of this kit, with what is allowed": (
        # The name in two parts: a program that mentions this kit waits for torch.
        "from importlib import import_module\nimport_module('pytest_' 'mmedu.params').TrainParams.of(lr=-1)\n",
        "failed",
        Text("参数 lr 收到 -1。应为大于 0 的数。", "Parameter lr got -1. It takes a number above 0."),
        "homework.py:2",
    ),
    "a place of the program's own choice that takes no files": (
        "from importlib import import_module\n"
        "errors, text = import_module('pytest_' 'mmedu.errors'), import_module('pytest_' 'mmedu.text')\n"
        "try:\n"
        "    open('homework.py/log', 'w')\n"
        "except OSError as error:\n"
        "    raise errors.OutputError(text.Text('写不进去。', 'No.'), text.Text('换。', 'Change.')) from error\n",
        "failed",
        Text("写不进去。", "No."),
        "homework.py:6",
    ),
    "no room, as this kit says it": (
        "from importlib import import_module\n"
        "errors, text = import_module('pytest_' 'mmedu.errors'), import_module('pytest_' 'mmedu.text')\n"
        "raise errors.OutputError(text.Text('没有地方了。', 'No room.'), text.Text('换。', 'Change.'))\n",
        "error",
        Text("没有地方了。", "No room."),
        "homework.py:3",
    ),
    "an error that cannot be told": (
        "class E(Exception):\n    def __str__(self): raise ValueError\nraise E\n",
        "failed",
        Text("程序出错：E", "The program failed: E"),
        "homework.py:3",
    ),
}


@pytest.mark.parametrize("name", ENDINGS)
def test_how_a_program_ends(run: Run, name: str) -> None:
    text, outcome, seen, place = ENDINGS[name]
    no_run = run(text).no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.seen, no_run.place) == (outcome, seen, place)


def test_the_hint_for_input(run: Run) -> None:
    no_run = run("input()\n").no_run
    assert no_run is not None
    assert no_run.hint == Text(
        "批改时没有键盘输入：把 input() 换成固定的值。", "Nobody types while grading: put a fixed value for input()."
    )


def test_the_hint_for_a_call_that_does_not_fit(run: Run) -> None:
    no_run = run("int(basis=3)\n").no_run
    assert no_run is not None
    assert no_run.hint == Text(
        "检查括号里的内容：名字对不对，有没有多写、少写。",
        "Check what stands in the brackets: the names, and whether something is missing or too much.",
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_without_a_line_nobody_is_sent_to_one(run: Run) -> None:
    no_run = run("import os\nos.kill(os.getpid(), 11)\n").no_run
    assert no_run is not None
    assert (no_run.place, no_run.hint) == (
        None,
        Text("在自己的电脑上运行一次，看看它在哪里停下。", "Run it on your own computer and see where it stops."),
    )


_NO_LAST_WORDS = """
import sys, tempfile
from pathlib import Path
from pytest_mmedu.cache import RunCache
from pytest_mmedu.submission import find_submission, run_submission
root = Path(sys.argv[1])
tempfile.tempdir = str(root)
handed_in = root.parent / "in"
handed_in.mkdir(exist_ok=True)
(handed_in / "homework.py").write_text("try: open('x', 'wb', 0).write(bytes(1 << 20))\\nexcept OSError: pass")
no_run = run_submission(find_submission(handed_in), cache=RunCache(root.parent / "cache")).no_run
print(no_run.outcome, no_run.seen.zh, no_run.seen.en, no_run.hint.zh, no_run.hint.en, sep="\\n")
"""


def test_a_full_disk_is_not_the_students_fault(small_disk: Callable[..., str]) -> None:
    assert small_disk(_NO_LAST_WORDS, "200k").splitlines() == [
        "error",
        "批改用的磁盘满了。",
        "The disk that grading works on is full.",
        "请清理临时文件夹所在的磁盘，再批改一次。",
        "Free space for temporary files and grade again.",
    ]


def test_an_error_in_a_file_beside_the_program(run: Run, tmp_path: Path) -> None:
    (tmp_path / "handed in" / "helper.py").write_text("def go():\n    return 1 / 0\n", encoding="utf-8")
    no_run = run("import helper\nhelper.go()\n").no_run
    assert no_run is not None
    assert no_run.place == "helper.py:2"


def test_a_notebook(run: Run) -> None:
    import json

    cells = [{"cell_type": "code", "source": text, "metadata": {}} for text in ("!ls\ndisplay(1)", "x = 1\n1 / 0")]
    done = run(json.dumps({"nbformat": 4, "metadata": {}, "cells": cells}), name="homework.ipynb")
    assert done.no_run is not None
    assert done.no_run.place == "homework.ipynb[2]:2"
    assert done.stdout_tail.startswith("1\n")
    assert len(done.notes) == 1


@pytest.mark.parametrize(
    ("text", "seen", "place"),
    [
        (
            "cls().train(epochs=3, lr=...)",
            Text("参数 lr 还没有填写。", "Parameter lr is not filled in."),
            "homework.py:2",
        ),
        (
            "n = ...\ncls().train(epochs=n, lr=...)",
            Text("参数 epochs、lr 还没有填写。", "Parameters epochs, lr are not filled in."),
            "homework.py:2",
        ),
        (
            "m = cls()\n...",
            Text("训练的代码还没有写。", "The code for the training is not written yet."),
            "homework.py:3",
        ),
        (
            "cls().train(epochs=3",
            Text(
                "第 2 行有语法错误：cls().train(epochs=3",
                "There is a syntax error in line 2: cls().train(epochs=3",
            ),
            "homework.py:2",
        ),
    ],
)
def test_what_is_not_run_at_all(run: Run, monkeypatch: pytest.MonkeyPatch, text: str, seen: Text, place: str) -> None:
    monkeypatch.setattr(subprocess, "Popen", None)  # starting anything would fail
    no_run = run("from MMEdu import MMClassification as cls\n" + text + "\n").no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.seen, no_run.place) == ("failed", seen, place)


def test_nothing_to_run(tmp_path: Path) -> None:
    done = run_submission(find_submission(tmp_path), cache=RunCache(tmp_path / "cache"))
    assert done.no_run is not None
    assert done.no_run.seen == Text("没有找到可以运行的脚本或笔记本。", "There is no script or notebook to run.")
