"""S26 and S30: a clock that is wrong, and a machine that has no time: neither may cost anybody a point."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options

from .conftest import HONEST, Machine
from .sessions import graded

TWO_DAYS = 2 * 86400
TURNED = pytest.mark.skipif(shutil.which("faketime") is None, reason="there is no faketime (apt install faketime)")
BUSY = pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity") or not Path("/proc/self/schedstat").exists(),
    reason="this system does not tell how long a program waits for a processor",
)


def set_times(folder: Path, when: float) -> None:
    for path in (folder, *folder.rglob("*")):
        os.utime(path, (when, when), follow_symlinks=False)


def with_cache(machine: Machine, submission: Path) -> tuple[float, bool, float]:
    """The share of what was asked for, whether the run came from the cache, and how long it took."""
    options = Options(submission=submission, cache=machine.scratch / "cache", isolation="auto")
    handed_in = HandedIn(machine.exercise, options, machine.scratch, machine.boxes)
    log = handed_in.subject.log
    done = handed_in.done
    return (
        (log.train[-1].loss or 0.0) if log else -1.0,
        getattr(done, "from_cache", False),
        getattr(done, "seconds", -1),
    )


@pytest.mark.train
@pytest.mark.parametrize("when", [0, 4_070_908_800], ids=["1970", "2099"])
def test_s26_times_of_files_decide_nothing(machine: Machine, when: float) -> None:
    """A changed file may keep its time, and what is kept may come from the future."""
    submission = machine.folder / "class" / "honest"
    set_times(submission, when)
    first, from_cache, seconds = with_cache(machine, submission)
    assert (first > 0, from_cache, seconds >= 0) == (True, False, True)
    set_times(machine.scratch / "cache", time.time() + TWO_DAYS)
    again = with_cache(machine, submission)
    assert again == (first, True, seconds)
    (submission / "homework.py").write_text(HONEST.replace("lr=0.05", "lr=0.04"), encoding="utf-8")
    set_times(submission, when)
    changed, from_cache, _ = with_cache(machine, submission)
    assert (changed > 0, changed != first, from_cache) == (True, True, False)


@TURNED
def test_s26_the_clock_is_set_back_between_two_gradings(machine: Machine) -> None:
    """Graded two days ahead; then two days behind, with what the first has kept; a change is graded anew."""
    machine.write_exercise(asks="function")
    submission, cache = machine.folder / "class" / "honest", machine.scratch / "cache"

    def at(days: str) -> tuple[int, float, bool]:
        turned = ["faketime", "-m", "-f", days]
        ended = graded(machine, submission, f"--mmedu-cache={cache}", "--mmedu-isolation=auto", within=turned)
        assert 0 <= ended.report.seconds < TWO_DAYS
        return ended.code, ended.report.score, bool(ended.report.from_cache)

    assert at("+2d") == (0, 100.0, False)
    set_times(cache, time.time() + TWO_DAYS)  # as the system would have written them
    assert at("-2d") == (0, 100.0, True)
    (submission / "homework.py").write_text(f"{HONEST}# changed\n", encoding="utf-8")
    assert at("-2d") == (0, 100.0, False)


@contextmanager
def computing(number: int, processors: set[int], beside: Sequence[int] = ()) -> Iterator[None]:
    """So many programs that only compute, each in a session of its own: a processor is dealt out by sessions, too.

    `beside`: other processes that have these processors alone, with all that they start.
    """
    everywhere = os.sched_getaffinity(0)
    for process in (0, *beside):
        os.sched_setaffinity(process, processors)
    busy = []
    try:
        for _ in range(number):
            loop = [sys.executable, "-c", "while True: pass"]
            busy.append(subprocess.Popen(loop, start_new_session=True))
        yield
    finally:
        for one in busy:
            one.kill()
            one.wait()
        for process in (0, *beside):
            os.sched_setaffinity(process, everywhere)


@pytest.fixture
def loaded(machine: Machine) -> Machine:
    """Where a process is kept warm it has its libraries: beside eight other programs that would take a minute."""
    assert machine.grade(machine.folder / "class" / "honest", "auto").score == 100.0
    return machine


@pytest.mark.train
@BUSY
def test_s30_equal_points_on_a_machine_under_load(loaded: Machine) -> None:
    """Twice, beside eight programs that only compute."""
    with computing(8, os.sched_getaffinity(0)):
        twice = [loaded.grade(loaded.hand_in(name, HONEST), "auto") for name in ("one", "two")]
    assert [(graded.score, graded.says) for graded in twice] == [(100.0, ""), (100.0, "")]


@pytest.mark.train
@BUSY
def test_s30_a_program_that_the_machine_has_no_time_for_is_inconclusive_and_tried_again(loaded: Machine) -> None:
    """One processor for it and eight others, so that it gets a ninth at most: more load only makes that less.

    It needs a second. Of the 1.5 s that it is given for its 0.5 s, a ninth is too little to be blamed, or to end.
    """
    machine, zygotes = loaded, loaded.zygotes
    slow = "import time\nwhile time.process_time() < 1.0: pass\n"
    submission = machine.hand_in("case", slow + HONEST)
    options = Options(submission=submission, cache=str(machine.scratch / "cache"), isolation="process")
    machine.write_exercise(seconds=0.5, memory_mb=2048)  # a torch built for CUDA takes half a GB by itself
    with computing(8, {min(os.sched_getaffinity(0))}, beside=zygotes.pids if zygotes else ()):
        no_run = HandedIn(machine.exercise, options, machine.scratch, machine.boxes).subject.no_run
    assert no_run is not None
    assert (no_run.outcome, no_run.seen.en) == (
        "error",
        "The machine was too busy: the program did not get enough computing time within its limit. Inconclusive.",
    )
    assert no_run.seen.zh == "批改的电脑太忙，程序在限时内没有得到足够的计算时间，没有结论。"
    assert list((machine.scratch / "cache").glob("*/manifest.json")) == []  # the next grading runs it again
    machine.write_exercise(seconds=60.0)
    again = HandedIn(machine.exercise, options, machine.scratch, machine.boxes)
    assert (again.subject.no_run, getattr(again.done, "from_cache", None)) == (None, False)
