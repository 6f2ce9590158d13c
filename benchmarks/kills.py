"""随时断电 | Kill -9 of the coordinator and of workers at random instants of a class of 60, each started again once.

    python benchmarks/kills.py [--instants 20] [--students 60] [--seed 6]

After each the gradebook, the reports and the list of files have to be those of an undisturbed grading; the first that
is not ends this with an exit code of 1. The same as tests/gradebook/test_kills.py, at length.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # the tests know what a gradebook means

from tests.gradebook.conftest import HALF, RIGHT, WRONG, write_class, write_exercise
from tests.gradebook.meaning import command, finish, graded, meaning, start, wait_for


def disturb(words: list[str], results: Path, students: int, draw: random.Random) -> str:
    """Kill somebody at some instant; what it was."""
    count, pause = draw.randrange(students), draw.random() / 5
    coordinator = draw.random() < 0.5
    process = start(words)
    wait_for(count, process, results)
    time.sleep(pause)  # anywhere within the work on the next one
    if coordinator:
        process.kill()
    else:
        with suppress(psutil.NoSuchProcess, IndexError):
            draw.choice(psutil.Process(process.pid).children(recursive=True)).kill()
    at = graded(results)
    finish(process)
    return f"{'coordinator' if coordinator else 'a worker'} killed after {at} of {students}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    for name, value in (("--instants", 20), ("--students", 60), ("--seed", 6)):
        parser.add_argument(name, type=int, default=value)
    given = parser.parse_args()
    draw = random.Random(given.seed)
    answers = {f"学生 {number:02}": (RIGHT, HALF, WRONG)[number % 3] for number in range(given.students)}
    with tempfile.TemporaryDirectory(prefix="mmedu-kills-") as place:
        folder = Path(place)
        handed_in, exercise = write_class(folder, answers), write_exercise(folder)
        right = None
        for number in range(given.instants + 1):
            results = folder / "results"
            words = command(handed_in, exercise, results, "--cache", "off")
            told = disturb(words, results, given.students, draw) if number else "undisturbed"
            code, shown = finish(start(words))
            found = meaning(results)
            right = right or found
            print(f"{number:3} {told}: {'the same' if found == right else 'DIFFERENT'}", flush=True)
            if code or found != right:
                sys.exit(f"exit code {code}\n{shown}")
            shutil.rmtree(results)


if __name__ == "__main__":
    main()
