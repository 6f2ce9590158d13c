"""与别的工具比 | Submissions per minute: 1 and 2 warm workers beside plain pytest, otter-grader and nbgrader.

    python benchmarks/throughput.py [--rounds 3] [--submissions 6] [--environments FOLDER]

Exercise 01 is graded with its real training, nothing cached; exercise 12 is a log and answers. In every round each way
grades its class, one way after the other, so that other load on the machine hits all alike; figures are medians, ratios
medians of the rounds' ratios.

    1 worker, 2 workers   `pytest-mmedu grade` at the strongest level that holds here, workers started before the clock
    fresh pytest          `python -m pytest` on the same exercise and submission, a process each, no isolation dropped
    pytest, otter-grader, nbgrader
                          an equal assignment that imports torch, without any isolation, in environments of their own
                          (rivals/): the training is a bare torch loop, which does less than the exercise's

Then the seconds of the processor per submission that grading itself takes: all but the student's program.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import grading
from rivals.assignments import Assignment, answers, training
from rivals.environments import environment, version
from rivals.tools import TOOLS

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.submission.isolation.boxes import Boxes

ROOT = Path(__file__).resolve().parent.parent
LOG = ROOT / "exercises" / "12_read_a_log"
ANSWERS = LOG / "submissions" / "accepted" / "as_json"
OURS = {"1 worker": 1, "2 workers": 2}
FRESH = "fresh pytest"
HandIn = Callable[[Path, int], list[Path]]


def copies(folder: Path, count: int) -> list[Path]:
    found = [folder / f"student-{number}" for number in range(count)]
    for one in found:
        shutil.copytree(ANSWERS, one)
    return found


EXERCISES: dict[str, tuple[Path, HandIn, Callable[[], Assignment]]] = {
    "01, training": (grading.EXERCISE, grading.hand_in, training),
    "12, answers": (LOG, copies, partial(answers, LOG)),
}


@contextmanager
def warm(workers: int, exercise: Path, level: str) -> Iterator[Callable[[list[Path], Path], None]]:
    with WarmExecutor(workers) as executor:

        def grade(submissions: list[Path], cache: Path) -> None:
            one = partial(grade_one, exercise, cache=cache, isolation=level, session=executor.session)
            for report in executor.map(one, submissions):
                full(report)

        yield grade


def full(report: object) -> None:
    if getattr(report, "score", 0) != getattr(report, "max_score", 1) or getattr(report, "from_cache", False):
        sys.exit(f"not as it should be: {report}")


def ours(way: str, name: str, count: int, level: str) -> float:
    """Seconds for a class."""
    exercise, hand_in, _ = EXERCISES[name]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        submissions = hand_in(folder / "class", count)
        if way == FRESH:
            began = time.perf_counter()
            for one in submissions:
                full(grade_one(exercise, one, cache=folder / "cache", isolation=level))
            return time.perf_counter() - began
        with warm(OURS[way], exercise, level) as grade:
            grade(hand_in(folder / "first", 2 * OURS[way]), folder / "cache of the first")
            began = time.perf_counter()
            grade(submissions, folder / "cache")
            return time.perf_counter() - began


def theirs(tool: str, name: str, count: int, environments: Path) -> float:
    """The same by another tool."""
    used = TOOLS[tool](environment(tool, environments))
    with tempfile.TemporaryDirectory() as place:
        used.prepare(EXERCISES[name][2](), Path(place), count)
        began = time.perf_counter()
        used.grade(Path(place), count)
        return time.perf_counter() - began


def own_cost(few: int, many: int) -> float:
    """Seconds of the processor per submission of the exercise without a program; what is paid once is left out."""

    def cost(count: int) -> float:
        before = grading.used()
        with tempfile.TemporaryDirectory() as place, warm(1, LOG, "landlock") as grade:
            grade(copies(Path(place) / "class", count), Path(place) / "cache")
        return grading.used() - before

    return (cost(many) - cost(few)) / (many - few)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--submissions", type=int, default=6)
    asked.add_argument("--environments", type=Path, default=ROOT / ".venv-benchmarks")
    asked.add_argument("--exercise", choices=EXERCISES, action="append")
    given = asked.parse_args()
    level = Boxes().strongest().level
    names = {tool: f"{tool} {version(tool, environment(tool, given.environments))}" for tool in TOOLS}
    for name in given.exercise or EXERCISES:
        took: dict[str, list[float]] = {way: [] for way in (*OURS, FRESH, *TOOLS)}
        for _ in range(given.rounds):
            for way, seconds in took.items():
                call = partial(theirs, way, name, given.submissions, given.environments) if way in TOOLS else None
                seconds.append(call() if call else ours(way, name, given.submissions, level))
        show(name, took, names, given.submissions, given.rounds)
    print("seconds of the processor per submission for grading itself, level landlock")
    costs = [grading.costs(True, 1, 1 + given.submissions)[1] for _ in range(given.rounds)]
    print(f"  01, training  {statistics.median(costs):.3f}")
    print(f"  12, answers   {statistics.median(own_cost(4, 24) for _ in range(given.rounds)):.3f}")


def show(name: str, took: dict[str, list[float]], names: dict[str, str], count: int, rounds: int) -> None:
    load = os.getloadavg()[0]
    print(f"exercise {name}: {count} submissions, medians of {rounds} rounds, load {load:.1f}")
    print(f"  {'':<22}{'per minute':>10}{'1 worker':>10}{'2 workers':>10}")
    for way, seconds in took.items():
        ratios = [statistics.median(a / b for a, b in zip(seconds, took[our], strict=True)) for our in OURS]
        minute = 60 * count / statistics.median(seconds)
        print(f"  {names.get(way, way):<22}{minute:10.1f}" + "".join(f"{ratio:9.1f}x" for ratio in ratios), flush=True)


if __name__ == "__main__":
    main()
