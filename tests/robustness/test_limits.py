"""How far above a limit a program comes before it is stopped, and who is to blame for a run that took too long."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.submission.area import fresh_area
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.limits import Limits
from pytest_mmedu.submission.tree import Tree
from pytest_mmedu.submission.watching import out_of_time

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="other systems are looked at four times a second")
LEVELS = pytest.mark.parametrize("level", ["namespaces", "landlock", "process"])
MB, MOST, TRIES = 1 << 20, 1.25, 3
STARTED = "import os\nhere = os.path.dirname(os.environ['HOME'])\nopen(here + '/talk/started', 'w').close()\n"
FILLS_MEMORY = STARTED + (
    "for _ in range(3):\n    if os.fork() == 0:\n        break\nkept = [b'x' * (8 << 20) for _ in range(400)]\n"
)
# In the judge's own process this would hold up the look that it measures.
WATCHES = """
import os, select, sys
from pytest_mmedu.submission.tree import Tree
tree, most = Tree(int(sys.argv[1]), ""), 0
without = tree.descending() | {os.getpid()}  # what other tests keep warm is none of it
print("looking", flush=True)
while not select.select([0], [], [], 0.005)[0]:
    total = 0
    for pid in tree.descending() - without:
        try:
            total += int(open(f"/proc/{pid}/statm").read().split()[1])
        except (OSError, IndexError):
            pass
    most = max(most, total)
print(most * os.sysconf("SC_PAGE_SIZE"))
"""
FILLS_THE_DISK = STARTED + (
    "for number in range(100):\n    with open(f'{here}/work/{number}', 'wb', 0) as file:\n"
    "        for _ in range(8):\n            file.write(bytes(8 << 20))\n"
)


@contextmanager
def peak_of_children() -> Iterator[list[float]]:
    """The most resident MB that all children of this process had together, seen from a process of its own."""
    looking = subprocess.Popen(
        [sys.executable, "-c", WATCHES, str(os.getpid())], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert looking.stdin is not None
    assert looking.stdout is not None
    assert looking.stdout.readline() == "looking\n"
    peak = [0.0]
    try:
        yield peak
    finally:
        looking.stdin.close()
        peak[0] = float(looking.stdout.read()) / MB
        looking.wait()
        looking.stdout.close()


def fill(boxes: Boxes, level: str, program: str, limits: Limits) -> tuple[str, float, float]:
    """How it ended, the peak of its memory, and what lies on the disk at its end, in MB."""
    box = boxes.tried(level).box
    assert box is not None
    with fresh_area() as area, peak_of_children() as peak:
        ended = box.run([sys.executable, "-I", "-c", program], area, limits, started=area.talk / "started")
        taken = sum(path.stat().st_blocks * 512 for path in area.work.iterdir() if path.is_file())
    return ended.how, peak[0], taken / MB


def best_of(tries: Callable[[], float], enough: float) -> float:
    """The smallest of a few, as soon as it is small enough: another program may have had the processor."""
    found = []
    while len(found) < TRIES and (not found or found[-1] > enough):
        found.append(tries())
    return min(found)


@LINUX
@LEVELS
def test_s09_four_processes_are_stopped_in_time(boxes: Boxes, at_level: Callable[[str], str], level: str) -> None:
    at_level(level)
    limits = Limits(60.0, memory_mb=2048)

    def peak() -> float:
        how, memory, _ = fill(boxes, level, FILLS_MEMORY, limits)
        assert how == "memory"
        assert memory > 0.9 * 2048  # it did fill it
        return memory

    assert best_of(peak, MOST * 2048) <= MOST * 2048


@LINUX
@LEVELS
def test_s10_a_disk_is_not_filled(boxes: Boxes, at_level: Callable[[str], str], level: str) -> None:
    at_level(level)
    limits = Limits(60.0, disk_mb=384)

    def taken() -> float:
        how, _, disk = fill(boxes, level, FILLS_THE_DISK, limits)
        assert how == "disk"
        return disk

    assert best_of(taken, MOST * 384) <= MOST * 384


@pytest.mark.parametrize(
    ("lasted", "used", "waited", "how"),
    [
        (10.1, 10.0, 0.1, "time"),  # a loop without end
        (10.1, 0.1, 0.0, "time"),  # asleep
        (10.1, 3.0, 2.0, "time"),  # it waited a little, and slept the rest
        (10.1, 3.0, 7.0, None),  # another program had the processor: go on
        (20.0, 6.0, 14.0, None),
        (20.0, 8.0, 12.0, "time"),  # by now it has had its share
        (20.0, 30.0, 90.0, "time"),  # many processes of its own wait for one another
        (30.1, 6.0, 24.0, "busy"),  # nobody knows
    ],
)
def test_s30_who_is_to_blame(lasted: float, used: float, waited: float, how: str | None) -> None:
    assert out_of_time(10.0, lasted, used, waited) == how


@LINUX
def test_s30_waiting_for_a_processor_is_seen() -> None:
    """Two programs on one processor: each waits while the other computes."""
    if not Path("/proc/self/schedstat").exists():
        pytest.skip("this kernel does not tell")
    mine = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(mine)})
    try:
        loops = [psutil.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]
    finally:
        os.sched_setaffinity(0, mine)
    trees = [Tree(loop.pid, "no token") for loop in loops]
    try:
        latest = time.monotonic() + 60
        while time.monotonic() < latest and not all(min(tree.computing()) > 0.02 for tree in trees):
            time.sleep(0.02)
        assert all(min(tree.computing()) > 0.02 for tree in trees)
    finally:
        for loop, tree in zip(loops, trees, strict=True):
            tree.end()
            loop.wait()
