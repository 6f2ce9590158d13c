"""坏作业的代价 | A class in which one in ten is broken, in eight ways, beside a class in which all are honest.

    python benchmarks/broken_class.py [--students 500] [--workers 2]

Both classes are graded by warm processes, as `pytest-mmedu grade` does it. Asked for: everybody is in the report with
the points that the work deserves, it takes at most 1.1 times as long, and the memory of all judging processes together
is after the last student what it was after the fiftieth, to a tenth.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import psutil

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.robustness.conftest import EXERCISE, HONEST, TESTS
from tests.robustness.test_class import BROKEN

ONE_IN, EARLY = 10, 50
SECONDS = 1.0  # of an endless loop, before it is stopped
_MB = 1 << 20


def hand_in(folder: Path, students: int, *, broken: bool) -> dict[Path, float]:
    """A class, and what each deserves."""
    kinds = list(BROKEN.values())
    deserved = {}
    for number in range(students):
        place = folder / f"{number:04}"
        place.mkdir(parents=True)
        files: Mapping[str, bytes] = {"homework.py": f"{HONEST}# {number}\n".encode()}
        ill = broken and number % ONE_IN == ONE_IN - 1
        if ill:
            files = kinds[number // ONE_IN % len(kinds)]
        for name, data in files.items():
            (place / name).write_bytes(data + (f"\n# {number}\n".encode() if name.endswith(".py") else b""))
        deserved[place] = 0.0 if ill else 100.0
    return deserved


class Memory:
    """Of this process and of all that it started: the own pages of each, shared ones not counted twice."""

    def __init__(self) -> None:
        self.done, self.at = 0, {}  # type: ignore[var-annotated]
        self._lock = threading.Lock()

    def counted(self, grade: partial[object], submission: Path) -> object:
        report = grade(submission)
        with self._lock:
            self.done += 1
            if self.done == EARLY or self.done % 100 == 0:
                self.at[self.done] = self._now()
        return report

    @staticmethod
    def _now() -> float:
        total = 0
        for one in (psutil.Process(), *psutil.Process().children(recursive=True)):
            try:
                total += one.memory_full_info().uss
            except psutil.Error:
                continue
        return total / _MB


def grade_class(folder: Path, exercise: Path, students: int, workers: int, *, broken: bool) -> tuple[float, Memory]:
    deserved, memory = hand_in(folder, students, broken=broken), Memory()
    with WarmExecutor(workers) as executor:
        grade = partial(grade_one, exercise, cache="off", session=executor.session)
        list(executor.map(grade, list(deserved)[:workers]))  # the judges are started
        began = time.perf_counter()
        reports = list(executor.map(partial(memory.counted, grade), deserved))
        seconds = time.perf_counter() - began
    wrong = [place.name for place, report in zip(deserved, reports, strict=True) if report.score != deserved[place]]  # type: ignore[attr-defined]
    if wrong:
        sys.exit(f"not as deserved: {wrong}")
    return seconds, memory


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--students", type=int, default=500)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        exercise = Path(place, "exercise")
        exercise.mkdir()
        text = EXERCISE.format(least="process", seconds=SECONDS, memory_mb=512)
        (exercise / "exercise.toml").write_text(text, encoding="utf-8")
        (exercise / "test_exercise.py").write_text(TESTS, encoding="utf-8")
        took = {}
        for name, broken in (("honest", False), ("one in ten broken", True)):
            folder = Path(place, name)
            took[name], memory = grade_class(folder, exercise, given.students, given.workers, broken=broken)
            grown = ", ".join(f"{number}: {megabytes:.0f} MB" for number, megabytes in memory.at.items())
            print(f"{name}: {given.students} in {took[name]:.1f} s; memory after {grown}", flush=True)
    print(f"ratio {took['one in ten broken'] / took['honest']:.2f} (asked for: at most 1.1)")


if __name__ == "__main__":
    main()
