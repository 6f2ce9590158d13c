"""What goes wrong around grading, without anybody's ill will: odd folders, a full disk, a killed grader."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pytest_mmedu.report.json_file import read_report

from .cases_unseen import WRITES
from .conftest import HONEST, Machine
from .sessions import command, environment, graded

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX processes")
A_LONG_TIME = 300.0  # seconds that a machine under any load may take


@pytest.mark.train
@pytest.mark.parametrize("name", ["with a space", "小明的作业（最终版）", "🎓", "x" * 200, "a'b\"c$d"])
def test_s27_folders_of_any_name(machine: Machine, name: str) -> None:
    try:
        submission = machine.hand_in(name, HONEST)
    except OSError:
        pytest.skip("this system has no such names")
    strongest = machine.boxes.strongest().level
    assert machine.grade(submission, strongest).score == 100.0


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    paths = [folder, *folder.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    try:
        yield
    finally:
        for path in paths:
            path.chmod(0o755)


@pytest.mark.train
def test_s27_a_folder_that_is_read_only(machine: Machine) -> None:
    submission = machine.hand_in("case", HONEST + "open('beside.txt', 'w').close()\nopen('homework.py', 'a').close()\n")
    with read_only(submission):
        assert machine.grade(submission, machine.boxes.strongest().level).score == 100.0
        assert [path.name for path in submission.iterdir()] == ["homework.py"]


def test_s27_no_home_and_no_temporary_folder(machine: Machine) -> None:
    """The cache of runs has its usual place in a home that cannot be: said in a line. With a place, all is well."""
    machine.write_exercise(asks="function")
    nowhere = str(machine.exercise / "exercise.toml" / "none")
    env = {"HOME": nowhere, "XDG_CACHE_HOME": nowhere, "LOCALAPPDATA": nowhere}
    honest = machine.folder / "class" / "honest"
    ended = graded(machine, honest, "--mmedu-cache=", "--mmedu-isolation=auto", "--mmedu-lang=en", env=env)
    assert (ended.code, ended.report.score) == (1, 0.0)
    assert {test.outcome for test in ended.report.tests} == {"error"}
    assert "Keep the cache elsewhere." in ended.shown
    ended = graded(machine, honest, "--mmedu-isolation=auto", env={**env, "TMPDIR": nowhere})
    assert (ended.code, ended.report.score) == (0, 100.0)


ON_A_SMALL_DISK = """
import json, os, pathlib, subprocess, sys
disk, words = pathlib.Path(sys.argv[1]), {words!r}
report, filler = disk / "report.json", disk / "filler"
def grade():
    done = subprocess.run(words, cwd={cwd!r}, env={env!r}, capture_output=True, text=True, encoding="utf-8")
    return done.returncode, "The disk is full" in done.stdout, [path.name for path in sorted(disk.iterdir())]
print(grade()[0])
before = report.read_bytes()
with filler.open("wb", 0) as file:
    try:
        while file.write(bytes(512)): pass
    except OSError: pass
print(*grade())
print(report.read_bytes() == before)
filler.unlink()
print(grade()[0], json.loads(report.read_bytes())["score"])
"""


def test_s25_a_report_that_does_not_fit(machine: Machine, small_disk: Callable[..., str], tmp_path: Path) -> None:
    """It is said, the exit code says so, too, and the report from before is still whole."""
    machine.write_exercise(asks="function")
    report = tmp_path / "disk" / "report.json"
    flags = ("--mmedu-isolation=auto", "--mmedu-lang=en")
    words = command(machine, machine.folder / "class" / "honest", report, *flags)
    script = ON_A_SMALL_DISK.format(words=words, cwd=str(machine.exercise), env=environment(machine))
    first, full, same, after = small_disk(script, "64k").splitlines()
    assert (first, same, after) == ("0", "True", "0 100.0")
    assert full == "3 True ['filler', 'report.json']"


def test_two_graders_at_once_on_one_folder(machine: Machine) -> None:
    """One of them makes the run, the other takes it from the cache that they share."""
    machine.write_exercise(asks="function")
    flags = ("--mmedu-isolation=auto", f"--mmedu-cache={machine.scratch / 'cache'}")
    reports = [machine.scratch / name for name in ("one.json", "two.json")]
    honest = machine.folder / "class" / "honest"
    env, quiet = environment(machine), subprocess.DEVNULL
    both = [
        subprocess.Popen(command(machine, honest, report, *flags), cwd=machine.exercise, env=env, stdout=quiet)
        for report in reports
    ]
    assert [one.wait(A_LONG_TIME) for one in both] == [0, 0]
    found = [read_report(report) for report in reports]
    assert [report.score for report in found] == [100.0, 100.0]
    assert sorted(bool(report.from_cache) for report in found) == [False, True]


def wait_until(true: Callable[[], object]) -> None:
    latest = time.monotonic() + A_LONG_TIME
    while not true():
        assert time.monotonic() < latest
        time.sleep(0.01)


MOMENTS = {"when a run begins": "mmedu-run-*", "while the program runs": "mmedu-run-*/work/submission/begun"}


@POSIX
@pytest.mark.parametrize("moment", MOMENTS)
def test_a_grader_that_is_killed(machine: Machine, tmp_path: Path, moment: str) -> None:
    """Nothing of it goes on; the next one clears away what it left, and comes to the same points."""
    machine.write_exercise(seconds=90.0, asks="function")
    level = machine.boxes.strongest().level
    temporary, report = tmp_path / "temporary", tmp_path / "report.json"
    submission = machine.hand_in("case", "import time\nopen('begun', 'w').close()\ntime.sleep(60)\n" + HONEST)
    words = command(machine, submission, report, f"--mmedu-isolation={level}")
    grader = subprocess.Popen(words, cwd=machine.exercise, env=environment(machine), stdout=subprocess.DEVNULL)
    wait_until(lambda: list(temporary.glob(MOMENTS[moment])))
    grader.kill()
    grader.wait()
    assert not report.exists()
    wait_until(lambda: machine.left_over() == [])
    left = list(temporary.iterdir())
    assert left
    for folder in left:  # years later: it may have been killed before it had put anything into it
        for path in (*folder.glob(".alive"), folder):
            os.utime(path, (0, 0))
    submission = machine.hand_in("case", HONEST)
    ended = graded(machine, submission, f"--mmedu-isolation={level}")
    assert (ended.code, ended.report.score) == (0, 100.0)
    assert list(temporary.iterdir()) == []


# What it says after its error is read, so that the data are laid out where it asks for them, and never run.
CHANGES_DATA = (
    "import pathlib\nfor folder in ('../pictures', '@EXERCISE@/pictures'):\n"
    "    for path in pathlib.Path(folder).rglob('*.png'):\n        try:\n            path.write_bytes(b'x')\n"
    "            print('changed')\n        except OSError:\n            pass\n1 / 0\n"
    "from MMEdu import MMClassification\nmodel = MMClassification()\n"
    "model.load_dataset(path='../pictures')\nmodel.train(epochs=1)\n"
)


@pytest.mark.train
def test_a_program_that_changes_the_data(machine: Machine, at_level: Callable[[str], str]) -> None:
    """It changes its own copy of them, and nobody else's; a log beside a train() that was never reached is none."""
    level = at_level("landlock")
    pictures = machine.exercise / "pictures"
    for split in ("training_set", "val_set", "test_set"):
        for label in ("a", "b"):
            (pictures / split / label).mkdir(parents=True)
            (pictures / split / label / "1.png").write_bytes(PICTURE)
    (pictures / "classes.txt").write_text("a\nb\n", encoding="utf-8")
    for split in ("val", "test"):
        (pictures / f"{split}.txt").write_text("a/1.png 0\nb/1.png 1\n", encoding="utf-8")
    text = (machine.exercise / "exercise.toml").read_text("utf-8")
    (machine.exercise / "exercise.toml").write_text('dataset = "pictures"\n' + text, encoding="utf-8")
    graded = machine.grade(machine.hand_in("case", WRITES + CHANGES_DATA), level)
    assert (graded.score, graded.printed.count("changed")) == (0.0, 6)
    assert "ZeroDivisionError" in graded.says
    assert {path.read_bytes() for path in pictures.rglob("*.png")} == {PICTURE}
    machine.write_exercise()
    assert machine.neighbour(level).score == 100.0


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8ffff3f0005fe02fedccc59e7"
    "0000000049454e44ae426082"
)
