"""启动时间 | What the plugin costs a pytest that does not use it, and what the cache saves exercise 01.

    python benchmarks/startup.py [--rounds 9]

Each figure is the wall time of a whole process, the variants one after another in every round, so that other load on
the machine hits all alike; medians over the rounds. The first run of exercise 01 trains and is made three times only.
"""

from __future__ import annotations

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from itertools import count
from pathlib import Path

from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import derive

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = ROOT / "exercises" / "01_first_training"
FIRST_RUNS = 3
IMPORT_LINE = re.compile(r"import time:\s*\d+ \|\s*(\d+) \|\s*(\S+)")


def interleaved(variants: Mapping[str, Callable[[], float]], rounds: int) -> dict[str, float]:
    """The median of each variant, all of them run once in every round. A round before the first one warms up."""
    took: dict[str, list[float]] = {name: [] for name in variants}
    for turn in range(rounds + 1):
        for name, run in variants.items():
            seconds = run()
            if turn:
                took[name].append(seconds)
    return {name: statistics.median(times) for name, times in took.items()}


def pytest_run(*arguments: str | Path) -> float:
    """Seconds of a pytest process, without the other plugins that happen to be installed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return seconds


def import_time(rounds: int) -> float:
    """Seconds that importing the plugin takes in a process that has pytest already, by Python's own clock."""
    command = [sys.executable, "-X", "importtime", "-c", "import pytest; import pytest_mmedu.plugin"]
    found = []
    for _ in range(rounds):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        lines = (IMPORT_LINE.match(line) for line in done.stderr.splitlines())
        cumulative = {line[2]: int(line[1]) for line in lines if line}
        # A package stands apart from the module within it.
        found.append(cumulative["pytest_mmedu"] + cumulative["pytest_mmedu.plugin"])
    return statistics.median(found) / 1e6


def plugin_unused(folder: Path, rounds: int) -> None:
    empty = folder / "test_empty.py"
    empty.write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    where = ("--rootdir", folder, "-c", os.devnull, empty)
    # By its module: by its entry point, pytest would search all installed packages for the name, which is not our time.
    took = interleaved(
        {"without": lambda: pytest_run(*where), "with": lambda: pytest_run("-p", "pytest_mmedu.plugin", *where)}, rounds
    )
    print(f"pytest on an empty test file, {rounds} rounds")
    print(f"  without the plugin      {took['without'] * 1000:7.0f} ms")
    print(
        f"  with the plugin         {took['with'] * 1000:7.0f} ms   {(took['with'] - took['without']) * 1000:+.1f} ms"
    )
    print(f"  its import alone        {import_time(rounds) * 1000:7.1f} ms   (-X importtime)")


def exercise_twice(folder: Path, rounds: int) -> None:
    """The reference as somebody hands it in; each first run has a cache of its own."""
    exercise = load_exercise(EXERCISE)
    submission = folder / "reference"
    submission.mkdir()
    (submission / exercise.script).write_text(derive(exercise).reference_script, encoding="utf-8")
    empty, number = folder / "test_empty.py", count()

    def graded(cache: Path) -> float:
        return pytest_run("-p", "mmedu", EXERCISE, "--mmedu-submission", submission, "--mmedu-cache", cache)

    first = statistics.median(graded(folder / f"cache{next(number)}") for _ in range(FIRST_RUNS))
    took = interleaved(
        {
            "empty": lambda: pytest_run("-p", "mmedu", "--rootdir", folder, "-c", os.devnull, empty),
            "second": lambda: graded(folder / "cache0"),
        },
        rounds,
    )
    print(f"\nexercise 01 with the reference, {FIRST_RUNS} first runs, {rounds} rounds of the others")
    print(f"  first run, it trains    {first:7.2f} s")
    more = took["second"] - took["empty"]
    print(f"  empty pytest run        {took['empty']:7.2f} s")
    print(f"  second run, from cache  {took['second']:7.2f} s   {more:+.2f} s")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=9)
    rounds = asked.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        plugin_unused(Path(folder), rounds)
        exercise_twice(Path(folder), rounds)


if __name__ == "__main__":
    main()
