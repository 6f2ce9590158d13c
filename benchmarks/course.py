"""整门课的速度 | Seconds for the whole course on two workers: all sample submissions, and the references alone.

    python benchmarks/course.py [--workers 2]

Cold with an empty cache, then warm with what the cold round left. `trainings` is the sum of what the runs in the cache
say that training itself took: what a bare loop over the same trainings would need on one core.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.verify import REFERENCE, _jobs, find_exercises, verify_all

COURSE = Path(__file__).resolve().parent.parent / "exercises"


def everything(cache: Path, workers: int) -> None:
    """What `pytest-mmedu verify` does."""
    if not verify_all([COURSE], lang="en", workers=workers, cache=cache):
        sys.exit("not as it should be")


def references(cache: Path, workers: int) -> None:
    """Every exercise's own solution."""
    with tempfile.TemporaryDirectory() as folder, WarmExecutor(workers) as executor:
        graded = []
        for number, one in enumerate(find_exercises([COURSE])):
            place = Path(folder) / str(number)
            place.mkdir()
            exercise = load_exercise(one)
            (job,) = (job for job in _jobs(exercise, place) if job.name == REFERENCE)
            grade = partial(grade_one, cache=cache, session=executor.session)
            graded.append(executor.submit(grade, exercise.folder, job.submission))
        for report in (future.result() for future in graded):
            if report.score != report.max_score:
                sys.exit(f"not as it should be: {report}")


def trained(cache: Path) -> float:
    """Seconds of all trainings whose runs are kept."""
    return sum(float(json.loads(path.read_bytes()).get("seconds") or 0) for path in cache.rglob("run.json"))


def clock(name: str, work: Callable[[Path, int], None], workers: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        cache, seconds = Path(folder), []
        for _ in ("cold", "warm"):
            began = time.perf_counter()
            work(cache, workers)
            seconds.append(time.perf_counter() - began)
        cold, warm = seconds
        bare = trained(cache)
        print(f"{name:<12}cold {cold:6.1f} s   warm {warm:5.1f} s   trainings {bare:5.1f} s   ratio {cold / bare:.2f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    clock("references", references, given.workers)
    clock("everything", everything, given.workers)
