"""`pytest-mmedu watch`: a real process and real saves. Nothing waits for a time, only for lines."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.exercise.saved_files import SavedFiles
from tests.interruptible import COMMAND

LONGEST = 120.0  # seconds until a line is there, on any machine
WAITS = "Save a file to grade again, press Ctrl-C to end."
# Ends when it may.
TEST = '''
import time
from pathlib import Path
from pytest_mmedu import points

@points(10)
def test_answer(check):
    """问题 | Question"""
    while Path({hold!r}).exists():
        time.sleep(0.05)
    check.answer("answer", equals="yes")
'''


class Watching:
    """A process that watches, and the lines that it has written."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "watch", str(folder), "--lang", "en", "--isolation", "process"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            env={**os.environ, "PYTHONUTF8": "1", "MMEDU_CACHE": str(cache)},
        )
        self._lines: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip())

    def until(self, ending: str) -> list[str]:
        """The lines up to one with that ending."""
        lines: list[str] = []
        while not (lines and lines[-1].endswith(ending)):
            lines.append(self._lines.get(timeout=LONGEST))
        return lines

    def interrupt(self) -> int:
        """Ctrl-C; nothing that was started may be left."""
        family = psutil.Process(self.process.pid).children(recursive=True)
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(LONGEST)
        assert psutil.wait_procs(family, timeout=LONGEST)[1] == []
        return code


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """Two exercises with one question each, both not answered."""
    for name in ("01_first", "02_second"):
        folder = tmp_path / "course" / name
        folder.mkdir(parents=True)
        title = f"{{ zh = '{name}', en = '{name}' }}"
        (folder / "exercise.toml").write_text(f"id = '{name}'\ntitle = {title}\nanswers = 'answers.toml'\n", "utf-8")
        (folder / "test_exercise.py").write_text(TEST.format(hold=str(tmp_path / f"hold_{name}")), "utf-8")
        answer(folder, "...")
    return tmp_path / "course"


def answer(folder: Path, given: str) -> None:
    """Saved as editors do: written beside, then put in place."""
    beside = folder / ".answers.toml.swp"
    beside.write_text(f'answer = "{given}"\n', "utf-8")
    beside.replace(folder / "answers.toml")


@pytest.fixture
def watching(course: Path, tmp_path: Path) -> Iterator[Watching]:
    one = Watching(course, tmp_path / "cache")
    yield one
    if one.process.poll() is None:
        one.interrupt()


def test_it_grades_on_every_save_up_to_the_first_that_is_not_done(
    course: Path, tmp_path: Path, watching: Watching
) -> None:
    shown = watching.until(WAITS)
    assert shown[0] == "Grading 01_first ..."
    assert " Score 0 / 10" in shown
    assert "Grading 02_second ..." not in shown
    assert shown[-1] == f"0 of 2 exercises done. {WAITS}"

    answer(course / "01_first", "yes")
    shown = watching.until(WAITS)
    assert [line for line in shown if line.startswith((" Score", "Grading"))] == [
        *("Grading 01_first ...", " Score 10 / 10"),
        *("Grading 02_second ...", " Score 0 / 10"),
    ]
    assert shown[-1] == f"1 of 2 exercises done. {WAITS}"

    hold = tmp_path / "hold_02_second"
    hold.touch()
    answer(course / "02_second", "no")
    watching.until("Grading 02_second ...")
    answer(course / "02_second", "yes")  # while the other answer is being graded, which does not end by itself
    watching.until("Something was saved: grading again.")
    hold.unlink()
    shown = watching.until(WAITS)
    assert [line for line in shown if line.startswith(" Score")] == [" Score 10 / 10"]
    assert shown[-1] == f"2 of 2 exercises done. {WAITS}"

    answer(course / "01_first", "wrong")
    shown = watching.until(WAITS)
    assert " Score 0 / 10" in shown
    assert shown[-1] == f"1 of 2 exercises done. {WAITS}"
    assert watching.interrupt() == 0
    assert watching.until("Stopped.") == ["Stopped."]


def test_a_mistake_in_the_exercise_is_told_and_ctrl_c_leaves_nothing_behind(
    course: Path, tmp_path: Path, watching: Watching
) -> None:
    watching.until(WAITS)
    settings = course / "01_first" / "exercise.toml"
    right = settings.read_text("utf-8")
    settings.write_text("id = 7\n", "utf-8")
    assert any("id in exercise.toml is 7" in line for line in watching.until(WAITS))

    (tmp_path / "hold_01_first").touch()
    settings.write_text(right + "\n", "utf-8")
    watching.until("Grading 01_first ...")
    assert watching.interrupt() == 0
    assert watching.until("Stopped.")[-1] == "Stopped."


def test_no_exercise_is_a_sentence(tmp_path: Path) -> None:
    watching = Watching(tmp_path, tmp_path)
    assert "There is no exercise in" in watching.until("The folder of an exercise holds an exercise.toml.")[0]
    assert watching.process.wait(LONGEST) == 1


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "homework.py").write_text("1", "utf-8")
    return tmp_path


@pytest.mark.parametrize("name", ["sub/homework.py", "new.txt", "sub/图/1.png"])
def test_what_counts_as_saved(folder: Path, name: str) -> None:
    saved = SavedFiles([folder])
    assert not saved.since()
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("22", "utf-8")
    assert saved.since()
    assert saved.wait() == [folder]
    assert not saved.since()


@pytest.mark.parametrize("name", [".homework.py.swp", "homework.py~", "a.tmp", "__pycache__/a.pyc", ".git/index"])
def test_what_editors_and_python_leave_does_not(folder: Path, name: str) -> None:
    saved = SavedFiles([folder])
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("22", "utf-8")
    assert not saved.since()


def test_a_file_that_is_gone_counts_and_names_its_folder_alone(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    saved = SavedFiles([other, folder])
    (folder / "sub" / "homework.py").unlink()
    assert saved.wait() == [folder]
