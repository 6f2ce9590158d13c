"""一个很大的班 | A class of many small submissions: seconds for each, memory of the coordinator, and what is left.

    python benchmarks/large_class.py [--sizes 300,1000,3000] [--workers 2]

Each submission holds an answers file and a training log of its own; nothing is trained, so what is measured is the
grading itself. `memory` is the largest that the process has been which hands out the work and keeps the gradebook
(VmHWM, Linux). The second grading of the same class finds that nothing has changed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from pytest_mmedu.gradebook.book import Gradebook

EXERCISE = 'id = "large"\ntitle = { zh = "很大的班", en = "A large class" }\nanswers = "answers.toml"\n'
TESTS = '''
from pytest_mmedu import points


@points(60)
def test_numbers(check):
    """数字 | Numbers"""
    check.answer("epochs", equals=10)
    check.answer("accuracy", equals=0.9)


@points(40, after=test_numbers)
def test_word(check):
    """词 | A word"""
    check.answer("best", equals="epoch 7")
'''


@dataclass(frozen=True)
class Measured:
    seconds: float
    cpu: float
    memory_mb: float


def write_exercise(folder: Path) -> Path:
    place = folder / "large"
    place.mkdir()
    (place / "exercise.toml").write_text(EXERCISE, "utf-8")
    (place / "test_large.py").write_text(TESTS, "utf-8")
    return place


def write_class(folder: Path, size: int) -> Path:
    """The same for the same size: a third is right, a third half right, a third wrong."""
    draw = random.Random(size)
    for number in range(size):
        place = folder / "class" / f"学生 {number:05}"
        place.mkdir(parents=True)
        epochs, accuracy = ((10, 0.9), (10, 0.5), (3, 0.1))[number % 3]
        answers = f'epochs = {epochs}\naccuracy = {accuracy}\nbest = "epoch 7"\n'
        (place / "answers.toml").write_text(answers, "utf-8")
        (place / "20261120_100000.log.json").write_text("".join(log(draw)), "utf-8")
    return folder / "class"


def log(draw: random.Random) -> Iterator[str]:
    for epoch in range(1, 11):
        train = {"mode": "train", "epoch": epoch, "iter": 20, "lr": 0.01, "loss": draw.random() * 2 / epoch}
        yield json.dumps({**train, "time": draw.random(), "data_time": draw.random() / 10}) + "\n"
        yield json.dumps({"mode": "val", "epoch": epoch, "iter": 7, "accuracy_top-1": draw.random() * 100}) + "\n"


def grade(folder: Path, exercise: Path, results: Path, workers: int) -> Measured:
    words = [sys.executable, "-m", "pytest_mmedu", "grade", folder, "--exercise", exercise, "--out", results]
    words += ["--workers", workers, "--cache", "off"]
    began, before = time.perf_counter(), cpu_of_children()
    process = subprocess.Popen(list(map(str, words)), stdout=subprocess.DEVNULL)
    watch = Watch(process.pid)
    watch.start()
    if process.wait():
        sys.exit(f"exit code {process.returncode}")
    return Measured(time.perf_counter() - began, cpu_of_children() - before, watch.most_mb)


def cpu_of_children() -> float:
    times = psutil.Process().cpu_times()
    return float(times.children_user + times.children_system)


class Watch(threading.Thread):
    """Reads how large a process has been, until it is gone."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._status = Path(f"/proc/{pid}/status")
        self.most_mb = 0.0

    def run(self) -> None:
        while True:
            try:
                found = re.search(r"VmHWM:\s+(\d+) kB", self._status.read_text("ascii", "replace"))
            except OSError:
                return
            if found is None:  # it has ended
                return
            self.most_mb = int(found[1]) / 1024
            time.sleep(0.2)


def opened(results: Path) -> str:
    """Seconds to read every row, and the size of the page of the class."""
    began = time.perf_counter()
    with Gradebook(results / "gradebook.sqlite") as book:
        rows = sum(row.final is not None for row in book.rows())
    page = (results / "index.html").stat().st_size / 1e6
    return f"{rows} rows read in {time.perf_counter() - began:.1f} s, class page {page:.1f} MB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--sizes", default="300,1000,3000")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    for size in map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory(prefix="mmedu-large-") as place:
            folder = Path(place)
            exercise, handed_in = write_exercise(folder), write_class(folder, size)
            for name in ("first", "again"):
                found = grade(handed_in, exercise, folder / "results", given.workers)
                each = f"{found.seconds / size * 1000:.0f} ms and {found.cpu / size * 1000:.0f} ms of CPU each"
                print(f"{size:6} {name}: {found.seconds:7.1f} s, {each}, memory {found.memory_mb:.0f} MB", flush=True)
            print(f"{'':6} {opened(folder / 'results')}", flush=True)


if __name__ == "__main__":
    main()
