"""Killed at any instant, and two graders at once: the gradebook is the one that an undisturbed grading leaves.

Which instants it are is drawn from a seed, counted in submissions graded: a slow machine kills at the same ones.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
from contextlib import ExitStack, suppress
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.batch.validity import content_of, exercise_key, report_key
from pytest_mmedu.exercise.load import load_exercise
from pytest_mmedu.exercise.personal import claim_of
from pytest_mmedu.gradebook.book import Gradebook
from pytest_mmedu.gradebook.graders import Grader
from pytest_mmedu.gradebook.work import Seen
from tests.gradebook.conftest import HALF, RIGHT, WRONG, MakeClass, write_class, write_exercise
from tests.gradebook.meaning import command, finish, graded, meaning, start, wait_for

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL on Windows")
CLASS = {f"student {number:02}": (RIGHT, HALF, WRONG)[number % 3] for number in range(12)}


def kill_a_worker(process: subprocess.Popen[bytes], draw: random.Random) -> None:
    with suppress(psutil.NoSuchProcess, IndexError):
        draw.choice(psutil.Process(process.pid).children(recursive=True)).kill()


@pytest.fixture
def words(hand_in: MakeClass, exercise: Path, tmp_path: Path) -> list[str]:
    return command(hand_in(CLASS), exercise, tmp_path / "results", "--cache", "off")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> object:
    """What the same class comes to when nobody is killed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    code, shown = finish(start(command(write_class(folder, CLASS), write_exercise(folder), folder / "results")))
    assert code == 0, shown
    return meaning(folder / "results")


def test_coordinator_and_workers_are_killed(words: list[str], tmp_path: Path, undisturbed: object) -> None:
    draw = random.Random(6)
    for count in sorted(draw.sample(range(len(CLASS)), 2)):
        process = start(words)
        wait_for(count, process, tmp_path / "results")
        kill_a_worker(process, draw)
        wait_for(count + 1, process, tmp_path / "results")
        process.kill()
        finish(process)
    code, shown = finish(start(words))
    assert code == 0, shown
    assert meaning(tmp_path / "results") == undisturbed


def hold(student: str, words: list[str], results: Path) -> ExitStack:
    """As another grader that is at this student, until it is closed: nobody can finish meanwhile."""
    stack = ExitStack()
    folder, exercise = Path(words[4]), load_exercise(Path(words[6]))
    content = content_of(folder / student)
    key = report_key(exercise_key(exercise), content, claim_of(folder / student).id)
    book = stack.enter_context(Gradebook(results / "gradebook.sqlite"))
    grader = stack.enter_context(Grader(book.path))
    book.see([Seen(student, student, content, key)])
    assert book.claim(student, grader) is True
    return stack


def test_ctrl_c_ends_it_with_a_sentence_and_it_goes_on(words: list[str], tmp_path: Path, undisturbed: object) -> None:
    with hold(min(CLASS), words, tmp_path / "results"):
        process = start(words)
        wait_for(1, process, tmp_path / "results")
        process.send_signal(signal.SIGINT)
        code, shown = finish(process)
    # A shell shows both as 130: where the signal comes in the middle of an exec(), Python itself ends by it afterwards.
    assert code in (130, -signal.SIGINT)
    assert shown.splitlines()[-1] == (
        "停了。再运行一次，会接着批改。 | Stopped. Type the same command again: it goes on where it was."
    )
    with Gradebook(tmp_path / "results" / "gradebook.sqlite") as book:
        assert min(CLASS) in book.due()  # else nothing held the grading back, and it might have ended before the signal
    assert 0 < graded(tmp_path / "results") < len(CLASS)
    assert finish(start(words))[0] == 0
    assert meaning(tmp_path / "results") == undisturbed


def test_two_graders_share_a_class_and_one_takes_over_what_the_other_leaves(
    words: list[str], tmp_path: Path, undisturbed: object
) -> None:
    killed = start(words)
    wait_for(2, killed, tmp_path / "results")
    second = start(words)
    wait_for(4, killed, tmp_path / "results")
    killed.kill()
    finish(killed)
    ended = [finish(process) for process in (second, start(words))]
    assert [code for code, _ in ended] == [0, 0], ended
    assert graded(tmp_path / "results") == len(CLASS)  # nothing twice
    assert meaning(tmp_path / "results") == undisturbed
