"""批改的速度 | Submissions of exercise 01 per minute, nothing cached: fresh processes, and 1 and 2 warm workers.

    python benchmarks/grading.py [--rounds 3] [--submissions 6]

In every round each way grades the same submissions, one way after the other, so that other load on the machine hits
all alike. Each submission is trained: the same program with another comment. Warm workers are started before the clock.
Seconds of the processor are those of all processes. The student's own are what the program says it took, from its first
line to its last; the rest is what grading costs. They are taken at level landlock: what a process in bubblewrap's box
took the system does not tell.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from pytest_mmedu.batch.executor import WarmExecutor
from pytest_mmedu.exercise.grade import grade_one
from pytest_mmedu.exercise.session import fresh_session
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.job import FACTS

EXERCISE = Path(__file__).resolve().parent.parent / "exercises" / "01_first_training"
PROGRAM = EXERCISE / "submissions" / "accepted" / "with_constants" / "homework.py"
BEFORE = "import time as _time\n_began = _time.process_time()\n"
AFTER = "\nprint('used', _time.process_time() - _began)\n"

Grade = Callable[[Path], None]
WAYS: dict[str, tuple[bool, int]] = {
    "fresh": (False, 1),
    "fresh, 2 at once": (False, 2),
    "1 warm worker": (True, 1),
    "2 warm workers": (True, 2),
}


def hand_in(folder: Path, count: int) -> list[Path]:
    """Submissions of one program, none of which is found in a cache by another's run."""
    found = []
    for number in range(count):
        place = folder / f"student-{number}"
        place.mkdir(parents=True)
        program = f"# {number}\n{BEFORE}{PROGRAM.read_text('utf-8')}{AFTER}"
        (place / "homework.py").write_text(program, encoding="utf-8")
        found.append(place)
    return found


@contextmanager
def grading(warm: bool, workers: int, level: str) -> Iterator[Callable[[list[Path], Path], None]]:
    """Grades submissions with a cache; each has to earn everything."""
    with WarmExecutor(workers) if warm else ThreadPoolExecutor(workers) as executor:
        session = executor.session if isinstance(executor, WarmExecutor) else fresh_session

        def grade(submissions: list[Path], cache: Path) -> None:
            one = partial(grade_one, EXERCISE, cache=cache, isolation=level, session=session)
            for report in executor.map(one, submissions):
                if report.score != report.max_score or report.from_cache:
                    sys.exit(f"not as it should be: {report}")

        yield grade


def clock(way: str, count: int, level: str) -> float:
    """Seconds for all of them."""
    warm, workers = WAYS[way]
    with tempfile.TemporaryDirectory() as folder, grading(warm, workers, level) as grade:
        if warm:
            grade(hand_in(Path(folder) / "first", 2 * workers), Path(folder) / "cache of the first")
        submissions = hand_in(Path(folder) / "class", count)
        began = time.perf_counter()
        grade(submissions, Path(folder) / "cache")
        return time.perf_counter() - began


def processor(warm: bool, count: int) -> tuple[float, float]:
    """Seconds per submission that the students' programs took, and that grading took."""
    before = used()
    with tempfile.TemporaryDirectory() as folder:
        with grading(warm, 1, "landlock") as grade:
            grade(hand_in(Path(folder) / "class", count), Path(folder) / "cache")
        outputs = [json.loads(path.read_text("utf-8"))["ended"]["output"] for path in Path(folder).rglob(FACTS)]
    own = sum(float(re.findall(r"^used (\S+)$", output, re.M)[0]) for output in outputs)
    return own, used() - before - own


def used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def costs(warm: bool, few: int, many: int) -> tuple[float, float]:
    """The same per submission without what is paid once: the difference of many and few."""
    less, more = processor(warm, few), processor(warm, many)
    own, grading_itself = ((b - a) / (many - few) for a, b in zip(less, more, strict=True))
    return own, grading_itself


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--submissions", type=int, default=6)
    given = asked.parse_args()
    level = Boxes().strongest().level
    took: dict[str, list[float]] = {way: [] for way in WAYS}
    for _ in range(given.rounds):
        for way in WAYS:
            took[way].append(clock(way, given.submissions, level))
    print(f"exercise 01, level {level}, {given.submissions} submissions, medians of {given.rounds} rounds,", end=" ")
    print(f"load {os.getloadavg()[0]:.1f}")
    for way, seconds in took.items():
        ratio = statistics.median(base / one for base, one in zip(took["fresh"], seconds, strict=True))
        print(f"  {way:<18}{60 * given.submissions / statistics.median(seconds):6.1f} per minute  {ratio:5.2f} x fresh")
    print("seconds of the processor per submission, level landlock")
    for name, warm in (("fresh", False), ("warm", True)):
        rounds = [costs(warm, 1, 1 + given.submissions) for _ in range(given.rounds)]
        own, rest = (statistics.median(values) for values in zip(*rounds, strict=True))
        print(f"  {name:<8} the student's own {own:5.2f}   grading {rest:5.2f}")


if __name__ == "__main__":
    main()
