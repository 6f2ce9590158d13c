"""启动时间 | What the plugin costs a pytest that does not use it, and what the cache saves exercise 01.

    python benchmarks/startup.py [--rounds 20]

Whole processes, the variants one after another in every round, so that other load on the machine hits all alike;
medians over the rounds of the wall time and of the processor's time, which load stretches less. Compiled files are at
hand, as after an installation. The first run of exercise 01 trains and is made three times only.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from importlib.metadata import entry_points
from itertools import count
from pathlib import Path
from typing import NamedTuple

from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.release import derive

ROOT = Path(__file__).resolve().parent.parent
EXERCISE = ROOT / "exercises" / "01_first_training"
FIRST_RUNS = 3
LOADED = ("pytest_mmedu", "pytest_mmedu.plugin", "pytest_mmedu.hooks", "pytest_mmedu.fixtures")  # by every pytest
IMPORT_LINE = re.compile(r"import time:\s*\d+ \|\s*(\d+) \|\s*(\S+)")


class Took(NamedTuple):
    """Seconds of one process and of those that it waited for."""

    wall: float
    cpu: float


def interleaved(variants: Mapping[str, Callable[[], Took]], rounds: int) -> dict[str, Took]:
    """The medians of each variant, all of them run once in every round. A round before the first one warms up."""
    took: dict[str, list[Took]] = {name: [] for name in variants}
    for turn in range(rounds + 1):
        for name, run in variants.items():
            seconds = run()
            if turn:
                took[name].append(seconds)
    return {name: _median(times) for name, times in took.items()}


def _median(times: Iterable[Took]) -> Took:
    wall, cpu = zip(*times, strict=True)
    return Took(statistics.median(wall), statistics.median(cpu))


def as_installed(compiled: Path) -> dict[str, str]:
    """The environment of a process that may keep its compiled files, and has no plugins but the one it names."""
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPYCACHEPREFIX": str(compiled)}


def pytest_run(environ: Mapping[str, str], *arguments: str | Path) -> Took:
    """A pytest process, without the other plugins that happen to be installed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    seconds, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        sys.exit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return Took(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def import_time(environ: Mapping[str, str], rounds: int) -> float:
    """Seconds that importing the plugin takes in a process that has pytest already, by Python's own clock."""
    command = [sys.executable, "-X", "importtime", "-c", f"import pytest; import {', '.join(LOADED)}"]
    found = []
    for _ in range(rounds):
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
        lines = (IMPORT_LINE.match(line) for line in done.stderr.splitlines())
        cumulative = {line[2]: int(line[1]) for line in lines if line}
        found.append(sum(cumulative[name] for name in LOADED))
    return statistics.median(found) / 1e6


def alone(folder: Path) -> tuple[str | Path, ...]:
    """An empty test file, and arguments for a pytest that reads and looks through nothing outside of its folder."""
    empty = folder / "test_empty.py"
    empty.write_text("def test_nothing():\n    pass\n", encoding="utf-8")
    return "--rootdir", folder, "-c", os.devnull, "--confcutdir", folder, empty


def _without_the_others() -> list[str]:
    """Arguments that leave out every other plugin that happens to be installed."""
    names = {point.name for point in entry_points(group="pytest11")} - {"mmedu"}
    return [word for name in sorted(names) for word in ("-p", f"no:{name}")]


def plugin_unused(folder: Path, environ: Mapping[str, str], rounds: int) -> None:
    where = (*_without_the_others(), *alone(folder))
    # Both find what is installed, as pytest does by itself, and one of them leaves this plugin out.
    environ = {name: value for name, value in environ.items() if name != "PYTEST_DISABLE_PLUGIN_AUTOLOAD"}
    took = interleaved(
        {
            "without": lambda: pytest_run(environ, "-p", "no:mmedu", *where),
            "with": lambda: pytest_run(environ, *where),
        },
        rounds,
    )
    print(f"pytest on an empty test file, {rounds} rounds          wall       cpu")
    for name in ("without", "with"):
        print(f"  {name + ' the plugin':34}{took[name].wall * 1000:10.0f} ms{took[name].cpu * 1000:7.0f} ms")
    wall, cpu = (1000 * (took["with"][n] - took["without"][n]) for n in (0, 1))
    print(f"  {'more with it':34}{wall:+10.1f} ms{cpu:+7.1f} ms")
    print(f"  {'its import alone, -X importtime':34}{import_time(environ, rounds) * 1000:10.1f} ms")


def exercise_twice(folder: Path, environ: Mapping[str, str], rounds: int) -> None:
    """The reference as somebody hands it in; each first run has a cache of its own."""
    exercise = load_exercise(EXERCISE)
    submission = folder / "reference"
    submission.mkdir()
    (submission / exercise.script).write_text(derive(exercise).reference_script, encoding="utf-8")
    where, number = alone(folder), count()

    def graded(cache: Path) -> Took:
        return pytest_run(environ, "-p", "mmedu", EXERCISE, "--mmedu-submission", submission, "--mmedu-cache", cache)

    first = _median(graded(folder / f"cache{next(number)}") for _ in range(FIRST_RUNS))
    took = interleaved(
        {
            "empty": lambda: pytest_run(environ, "-p", "mmedu", *where),
            "second": lambda: graded(folder / "cache0"),
        },
        rounds,
    )
    print(f"\nexercise 01 with the reference, {rounds} rounds       wall       cpu")
    print(f"  {f'first run, it trains ({FIRST_RUNS} rounds)':34}{first.wall:10.2f} s {first.cpu:7.2f} s")
    print(f"  {'empty pytest run':34}{took['empty'].wall:10.3f} s {took['empty'].cpu:7.3f} s")
    print(f"  {'second run, from the cache':34}{took['second'].wall:10.3f} s {took['second'].cpu:7.3f} s")
    wall, cpu = (took["second"][n] / took["empty"][n] for n in (0, 1))
    print(f"  {'second / empty':34}{wall:10.2f}   {cpu:7.2f}")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=20)
    rounds = asked.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        environ = as_installed(folder / "compiled")
        plugin_unused(folder, environ, rounds)
        exercise_twice(folder, environ, rounds)


if __name__ == "__main__":
    main()
