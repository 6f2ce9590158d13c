"""Exercises to run pytest on: a test file, settings of their own, and the report that comes out."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import pytest_mmedu.checking  # these are imported once here, not anew in every inner run
import pytest_mmedu.declaring
import pytest_mmedu.exercise.personal
import pytest_mmedu.handed_in
import pytest_mmedu.marks
import pytest_mmedu.seeing
import pytest_mmedu.summary  # noqa: F401
from pytest_mmedu.grader import BOXES
from pytest_mmedu.report.json_file import read_report
from pytest_mmedu.report.report import Report
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes

with suppress(ImportError):  # pytest-randomly sets its seed, and it can be loaded but once
    import numpy  # noqa: F401

Grade = Callable[..., Report]

OWN_CHECKS = """
from pytest_mmedu import Text, failed, passed, undecidable

def yes(name="yes"):
    return passed(name, Text("甲", "A"), Text("看到", "seen"), Text("要求", "wanted"))

def half(name="half"):
    hint = Text("再想想", "think again")
    return failed(name, Text("乙", "B"), Text("一半", "half"), hint=hint, place="a.log:3", share=0.5)

def no(name="no"):
    return failed(name, Text("丙", "C"), Text("没有", "nothing"), hint=Text("再看看", "look again"))

def unclear(name="unclear"):
    return undecidable(name, Text("丁", "D"), Text("看不出", "cannot tell"), hint=Text("写明白", "say it plainly"))
"""


@pytest.fixture(scope="session")
def run_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all tests of this process, so that a training is carried out once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _own_surroundings(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, run_cache: Path) -> None:
    """Nothing of the outer run or of this machine steers the inner ones."""
    for name in list(os.environ):
        if name.startswith(("MMEDU_", "PYTEST_XDIST", "PYTEST_ADDOPTS")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:hypothesispytest -p no:cov")  # seconds per run
    monkeypatch.setenv("MMEDU_LANG", "zh")
    monkeypatch.setenv("MMEDU_CACHE", str(run_cache))
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8")


@pytest.fixture
def own_checks(pytester: pytest.Pytester) -> None:
    """`from own_checks import yes, half, no, unclear`: checks as a teacher writes them."""
    pytester.makepyfile(own_checks=OWN_CHECKS)
    pytester.syspathinsert()


class Kept:
    """Hands a run in this process the boxes that are there: none is tried anew, no program imports torch anew."""

    def __init__(self, boxes: Boxes) -> None:
        self._boxes = boxes

    @pytest.hookimpl(tryfirst=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[BOXES] = self._boxes


@pytest.fixture
def kept(zygotes: Zygotes | None) -> Kept:
    if zygotes is None:
        return Kept(Boxes())
    zygotes.look_after()
    return Kept(WarmBoxes(zygotes))


@pytest.fixture
def grade(pytester: pytest.Pytester, kept: Kept) -> Grade:
    """The report of a run with these arguments; `seed` shuffles, `code` is what pytest must end with.

    `own_process` where torch is imported: it cannot be imported twice into one process, as pytester would make it.
    """

    def make(*args: str, seed: int | None = None, code: int | None = None, own_process: bool = False) -> Report:
        path = pytester.path / "report.json"
        path.unlink(missing_ok=True)
        order = ("-p", "no:randomly") if seed is None else (f"--randomly-seed={seed}",)
        given = (*order, "--mmedu-report=json:report.json", *args)
        if own_process:
            done = pytester.runpytest_subprocess(*given)
        else:
            done = pytester.runpytest_inprocess(*given, plugins=[kept])
        assert code is None or done.ret == code, done.outlines
        return read_report(path)

    return make
