"""A student's training in several processes, in the box: it works where a box has a network of its own, and ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.logs import read_log
from pytest_mmedu.submission import Budget, SubmissionRun, find_submission, run_submission
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes
from pytest_mmedu.text import Text

pytestmark = pytest.mark.train
Run = Callable[[str, str], SubmissionRun]
TRAINS = (
    "from MMEdu import MMClassification as cls\n"
    "model = cls(backbone='LeNet')\nmodel.num_classes = 10\nmodel.load_dataset(path='digits10')\n"
    "model.train(epochs=30, lr=0.05, batch_size=8, distributed=True, topk=1)\nprint('done')\n"
)
# Both processes die as soon as they are there.
DIES = "import os\nos.register_at_fork(after_in_child=lambda: os.kill(os.getpid(), 9))\n"


@pytest.fixture(scope="module")
def fresh() -> Boxes:
    return Boxes()


@pytest.fixture
def run(tmp_path: Path, fresh: Boxes, zygotes: Zygotes | None) -> Run:
    """In a fresh process at level namespaces, else in a fork, where this system can."""
    if zygotes is not None:
        zygotes.look_after()

    def run_it(text: str, level: str) -> SubmissionRun:
        boxes = fresh if level == "namespaces" or zygotes is None else WarmBoxes(zygotes)
        box = boxes.tried(level).box
        if box is None:
            pytest.skip(f"{level} does not hold here")
        (tmp_path / "homework.py").write_text(text, encoding="utf-8")
        budget = Budget(epochs=2, images=80, seconds=60)
        return run_submission(
            find_submission(tmp_path), budget=budget, cache=RunCache(tmp_path / "cache"), confinement=lambda: box
        )

    return run_it


@pytest.mark.parametrize("level", ["namespaces", "process"])
def test_two_processes_within_the_budget(run: Run, level: str) -> None:
    done = run(TRAINS, level)
    assert (done.no_run, done.isolation) == (None, level)
    assert done.stdout_tail.endswith("done\n")
    (trained,) = done.runs
    assert trained.environment["nproc"] == "2"
    assert sorted(trained.checkpoints) == [1, 2]  # the caps hold in every process
    assert trained.log is not None
    log = read_log(trained.log)
    assert [(record.epoch, record.iter) for record in log.train] == [(1, 5), (2, 5)]  # 80 pictures, 16 a step
    assert len(log.val) == 2


def test_a_killed_process_ends_the_program(run: Run) -> None:
    before = psutil.Process().children(recursive=True)
    began = time.monotonic()
    done = run(DIES + TRAINS, "namespaces")
    assert done.seconds < 15
    assert time.monotonic() - began < 60
    assert done.no_run is not None
    assert (done.no_run.outcome, done.no_run.place) == ("error", "homework.py:7")
    assert done.no_run.seen == Text(
        "一起训练的 2 个进程中，第 1 个意外结束了（信号 9）。",
        "Of the 2 processes that train together, number 1 ended unexpectedly (signal 9).",
    )
    assert psutil.Process().children(recursive=True) == before


def test_a_box_without_any_network_is_not_the_students_fault(run: Run) -> None:
    done = run(TRAINS, "landlock")
    assert done.no_run is not None
    assert done.no_run.outcome == "error"
    assert done.no_run.seen + done.no_run.hint == Text(
        "几个进程一起训练，要在本机上互相连接，这里不允许。批改请用隔离级别 namespaces 或 process。",
        "Processes that train together connect to one another on this machine, which is not allowed here. "
        "Grade at isolation level namespaces or process.",
    )
