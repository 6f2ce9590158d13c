"""What a program finds while it is graded: no windows, perhaps no Jupyter, and at some levels no shared memory."""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any

import pytest

from pytest_mmedu.checks.subject import NoRun
from pytest_mmedu.submission import _sharing, _showing, reasons
from pytest_mmedu.submission.script import written
from pytest_mmedu.submission.source import source_of
from pytest_mmedu.text import Text


def test_no_window_opens_and_a_key_is_pressed(monkeypatch: pytest.MonkeyPatch) -> None:
    cv2: Any = types.ModuleType("cv2")
    cv2.imread = str
    monkeypatch.setitem(sys.modules, "cv2", cv2)
    _showing.without_windows()
    assert (cv2.namedWindow("a", 0), cv2.imshow("a", None), cv2.waitKey(0), cv2.destroyAllWindows()) == (
        *(None, None),
        *(27, None),
    )
    assert cv2.imread is str
    monkeypatch.delitem(sys.modules, "cv2")
    _showing.without_windows()
    assert "cv2" not in sys.modules


def test_a_notebook_finds_what_it_shows_with(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
        monkeypatch.delitem(sys.modules, name)
    with monkeypatch.context() as patched:
        patched.setattr(importlib.util, "find_spec", lambda name: None)
        _showing.without_jupyter()
    try:
        display: Any = importlib.import_module("IPython.display")
        display.display("a picture")
        display.clear_output(wait=True)
        assert isinstance(display.Image("a.png", width=20), display.HTML)
        kernel = importlib.import_module("IPython").get_ipython()
        assert kernel.run_line_magic("matplotlib", "inline") is not kernel.system("ls")
        assert capsys.readouterr().out == "a picture\n"
        assert not hasattr(display, "__wrapped__")
    finally:
        del sys.modules["IPython"], sys.modules["IPython.display"]


def test_the_real_jupyter_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    before = dict(sys.modules)
    _showing.without_jupyter()
    assert sys.modules == before


def test_a_data_loader_works_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class DataLoader:
        num_workers = 2

        def _get_iterator(self) -> int:
            return self.num_workers

    torch: Any = types.ModuleType("torch")
    torch.utils = types.SimpleNamespace(data=types.SimpleNamespace(DataLoader=DataLoader))
    monkeypatch.setitem(sys.modules, "torch", torch)
    _sharing.load_pictures_alone()
    assert DataLoader()._get_iterator() == 0


def raised_in(file: str) -> BaseException:
    try:
        exec(compile("raise PermissionError(13, 'Permission denied')", file, "exec"))
    except PermissionError as error:
        return error
    raise AssertionError


def test_what_the_level_forbids_is_not_the_students_mistake() -> None:
    facts = {"errno": 13, "type": "PermissionError", "line": 3, "file": None}
    facts |= _sharing.not_here(raised_in("/usr/lib/python3.11/multiprocessing/synchronize.py"))
    assert reasons.own_error(facts, written(source_of(b"x = 1\n", "homework.py"))) == NoRun(
        "error",
        Text(
            "批改时，程序的几个进程不能共用内存：这台电脑的隔离级别不允许。",
            "While it is graded, processes of a program cannot share memory: the level of isolation forbids it here.",
        ),
        Text(
            "这不是你的错：程序里不用 multiprocessing，或请老师换一台有 bubblewrap 的电脑批改。",
            "This is no mistake of yours: do without multiprocessing, or ask your teacher to grade where there is "
            "bubblewrap.",
        ),
        "homework.py:3",
    )


@pytest.mark.parametrize(
    "file", ["homework.py", "/home/li/synchronize.py", "/usr/lib/python3.11/multiprocessing/util.py"]
)
def test_any_other_file_that_may_not_be_opened_is(file: str) -> None:
    assert _sharing.not_here(raised_in(file)) == {}
    assert _sharing.not_here(ValueError("x")) == {}
