"""Programs that do not end by themselves, take too much or leave processes: they are stopped, with all they started."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.submission import SubmissionRun
from pytest_mmedu.text import Text

Run = Callable[..., SubmissionRun]
TOO_LONG = Text("程序运行超过 1 秒，已被停止。", "The program ran longer than 1 s and was stopped.")
TOO_BUSY = Text(  # where this very test gets no processor: nobody knows then
    "批改的电脑太忙，程序在限时内没有得到足够的计算时间，没有结论。",
    "The machine was too busy: the program did not get enough computing time within its limit. Inconclusive.",
)
NO_TRAINING = Text("程序运行完了，但没有训练。", "The program ran to its end without training anything.")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")


@POSIX
@pytest.mark.parametrize(
    ("number", "outcome"), [(11, "failed"), (9, "error")], ids=["crash of the interpreter", "kill -9"]
)
def test_a_signal(run: Run, number: int, outcome: str) -> None:
    no_run = run(f"import os\nos.kill(os.getpid(), {number})\n").no_run
    assert no_run is not None
    assert no_run.outcome == outcome
    assert no_run.seen == Text(f"程序被信号 {number} 终止。", f"The program was ended by signal {number}.")


def test_an_endless_loop(run: Run) -> None:
    begin = time.monotonic()
    done = run("while True:\n    pass\n", seconds=1.0)
    assert done.no_run is not None
    assert (done.no_run.outcome, done.no_run.seen) in (("failed", TOO_LONG), ("error", TOO_BUSY))
    assert time.monotonic() - begin < 60


@POSIX
def test_an_endless_loop_that_ignores_everything(run: Run) -> None:
    text = (
        "import os, signal\nfor n in (1, 2, 15):\n    signal.signal(n, signal.SIG_IGN)\n"
        "os.fork()\nos.fork()\nwhile True:\n    signal.pause()\n"
    )
    no_run = run(text, seconds=1.0).no_run
    assert no_run is not None
    assert no_run.seen in (TOO_LONG, TOO_BUSY)


@POSIX
def test_a_daemon_does_not_stay(run: Run) -> None:
    text = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n        time.sleep(600)\n"
        "    os._exit(0)\nos.wait()\nprint('gone')\n"
    )
    done = run(text)
    assert done.no_run is not None
    assert done.no_run.seen == NO_TRAINING
    assert done.stdout_tail == "gone\n"


@pytest.mark.skipif(sys.platform != "linux", reason="needs a child subreaper")
def test_a_daemon_without_our_environment_does_not_stay(run: Run, tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    text = (
        "import os, sys, time\nif os.fork() == 0:\n    os.setsid()\n    if os.fork() == 0:\n"
        f"        open({str(mark)!r}, 'w').write(str(os.getpid()))\n"
        "        os.execve('/bin/sleep', ['sleep', '600'], {})\n    os._exit(0)\n"
        f"os.wait()\nwhile not os.path.exists({str(mark)!r}) or not open({str(mark)!r}).read():\n    time.sleep(0.01)\n"
    )
    run(text)
    assert not psutil.pid_exists(int(mark.read_text()))


@POSIX
def test_a_program_that_kills_its_parent(run: Run) -> None:
    no_run = run("import os, time\nos.fork()\nos.kill(os.getppid(), 9)\ntime.sleep(600)\n").no_run
    assert no_run is not None
    assert no_run.seen == Text("程序被信号 9 终止。", "The program was ended by signal 9.")


def test_a_flood_of_output(run: Run) -> None:
    done = run("print('begin')\nwhile True:\n    print('x' * 1000)\n", seconds=60.0)
    assert done.no_run is not None
    assert done.no_run.seen == Text("程序输出得太多，已被停止。", "The program printed too much and was stopped.")
    assert done.stdout_tail.startswith("begin\n")
    assert len(done.stdout_tail) < 100_000


def test_the_middle_of_long_output_is_left_out(run: Run) -> None:
    shown = run("print('begin')\nprint('x' * 200_000)\nprint('end')\n").stdout_tail
    assert shown.startswith("begin\nx")
    assert shown.endswith("x\nend\n")
    assert "\n[… 134" in shown


def test_too_much_memory(run: Run) -> None:
    text = "import time\nkept = bytearray(400_000_000)\nkept[:] = b'x' * len(kept)\ntime.sleep(60)\n"
    no_run = run(text, memory_mb=256).no_run
    assert no_run is not None
    assert no_run.seen == Text(
        "程序用的内存超过 256 MB，已被停止。", "The program used more than 256 MB of memory and was stopped."
    )


def test_closed_streams_and_threads(run: Run) -> None:
    text = (
        "import os, sys, threading\nthreading.Thread(target=lambda: print('later')).start()\n"
        "sys.stdout.flush()\nos.close(2)\n"
    )
    no_run = run(text).no_run
    assert no_run is not None
    assert no_run.seen == NO_TRAINING


@pytest.mark.skipif(sys.platform != "linux", reason="needs a death signal from the parent")
def test_a_grader_that_is_killed_takes_the_program_along(tmp_path: Path) -> None:
    mark = tmp_path / "pid"
    handed_in = tmp_path / "in"
    handed_in.mkdir()
    (handed_in / "homework.py").write_text(
        f"import os\nopen({str(mark)!r}, 'w').write(f'{{os.getpid()}}.')\nwhile True: pass\n", encoding="utf-8"
    )
    program = (
        "from pathlib import Path\nfrom pytest_mmedu.cache import RunCache\nfrom pytest_mmedu.submission import *\n"
        f"root = Path({str(tmp_path)!r})\n"
        "run_submission(find_submission(root / 'in'), cache=RunCache(root / 'cache'))\n"
    )
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    grader = subprocess.Popen([sys.executable, "-c", program], env=environment)
    wait_until(lambda: mark.exists() and mark.read_text().endswith("."), "the program runs")
    students = psutil.Process(int(mark.read_text().rstrip(".")))
    grader.kill()
    grader.wait()
    wait_until(lambda: is_gone(students), "it is gone")


def is_gone(process: psutil.Process) -> bool:
    """It may go between two questions."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until(happened: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < end, what
        time.sleep(0.01)
