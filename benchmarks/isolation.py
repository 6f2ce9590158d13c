"""隔离的代价 | What each level of isolation costs over a plain process, and what trying the levels costs a session.

    python benchmarks/isolation.py [--rounds 25]

Each level runs the same small Python program in a fresh area, one level after another in every round, so that other
load on the machine hits all alike; medians of the whole time, and of the differences within a round.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

from pytest_mmedu.submission.area import fresh_area
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.isolation.levels import RUNNING
from pytest_mmedu.submission.process import Confinement, Limits

# As a homework's process does, it says that it has begun.
PROGRAM = [sys.executable, "-I", "-B", "-c", "import sys; open(sys.argv[1], 'w').close()"]
PLAIN = "plain subprocess"
MOST_MS = 60  # that isolation may add to a submission


def plain() -> float:
    """No limits, no looking after what it leaves."""
    with fresh_area() as area:
        began = time.perf_counter()
        subprocess.run([*PROGRAM, str(area.talk / "started")], check=True, stdin=subprocess.DEVNULL)
        return time.perf_counter() - began


def boxed(box: Confinement) -> float:
    with fresh_area() as area:
        began = time.perf_counter()
        started = area.talk / "started"
        ended = box.run([*PROGRAM, str(started)], area, Limits(60.0, memory_mb=4096), started=started)
        seconds = time.perf_counter() - began
    if ended.code != 0:
        sys.exit(f"{box.level}: {ended}")
    return seconds


def tried() -> float:
    """What a session pays once: every level tried, from the strongest, until one holds."""
    began = time.perf_counter()
    Boxes().strongest()
    return time.perf_counter() - began


def interleaved(variants: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, list[float]]:
    """All variants run once in every round. A round before the first one warms up."""
    took: dict[str, list[float]] = {name: [] for name in variants}
    for turn in range(rounds + 1):
        for name, run in variants.items():
            seconds = run()
            if turn:
                took[name].append(seconds)
    return took


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=25)
    rounds = asked.parse_args().rounds
    boxes = Boxes()
    variants: dict[str, Callable[[], float]] = {PLAIN: plain}
    for level in RUNNING:
        box = boxes.tried(level).box
        if box is None:
            print(f"{level} does not work here: {boxes.tried(level).missing}")
        else:
            variants[level] = lambda box=box: boxed(box)  # type: ignore[misc]
    took = interleaved({**variants, "trying the levels": tried}, rounds)
    print(f"a small Python program, medians of {rounds} rounds; asked for: at most +{MOST_MS} ms")
    for name, times in took.items():
        more = statistics.median(one - base for one, base in zip(times, took[PLAIN], strict=True))
        print(f"  {name:<20}{statistics.median(times) * 1000:7.1f} ms   {more * 1000:+6.1f} ms")


if __name__ == "__main__":
    main()
