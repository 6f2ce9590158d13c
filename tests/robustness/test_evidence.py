"""A real training, handed in as it is and forged: what the judge computes itself decides, and tells which is which."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.checks import CHECKS
from pytest_mmedu.dataset import find_dataset, read_dataset
from pytest_mmedu.handed_in import HandedIn
from pytest_mmedu.options import Options
from pytest_mmedu.result import Result
from pytest_mmedu.submission import Budget, find_submission, run_submission
from pytest_mmedu.submission.isolation.boxes import Boxes

from .cases_evidence import FORGERIES, log_of
from .conftest import LEARNED, Machine

pytestmark = pytest.mark.train

EXERCISE = """\
id = "evidence"
title = { zh = "证据", en = "Evidence" }
dataset = "digits10"
held_out = "test_set"
[budget]
seconds = 60
"""
PROGRAM = """\
from MMEdu import MMClassification as cls
def go(fold, epochs, lr, seed):
    model = cls(backbone="LeNet")
    model.load_dataset(path="digits10")
    model.train(save_fold=fold, epochs=epochs, lr=lr, batch_size=16, random_seed=seed, topk=(1, 5))
go("mine", 4, 0.05, 1)
go("classmate", 6, 0.02, 2)
"""
MINE = """\
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.load_dataset(path="digits10")
model.train(save_fold="mine", epochs=4, lr=0.05, batch_size=16, random_seed=1, topk=(1, 5))
"""
# Twenty points each.
JUDGED: dict[str, dict[str, Any]] = {
    "loss_falls": {"by": 0.5},
    "accuracy_reproduced": {},
    "best_checkpoint_matches": {},
    "checkpoint_agrees": {},
    "accuracy_recomputed": {"full": 0.75, "half": 0.4, "split": "val_set"},  # one look serves two checks
}


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One cache for all workers: a training, or a look at pictures, is made once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "evidence"


@pytest.fixture(scope="session")
def trained(shared: Path, boxes: Boxes, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folders of two trainings, made in the strongest box that holds here: one's own and a classmate's."""
    program = tmp_path_factory.mktemp("program")
    (program / "homework.py").write_text(PROGRAM, encoding="utf-8")
    done = run_submission(
        find_submission(program),
        images=read_dataset(find_dataset("digits10")),
        budget=Budget(seconds=60),
        cache=RunCache(shared),
        confinement=boxes.strongest_box,
        held_out="test_set",
    )
    assert done.no_run is None, done.stdout_tail
    mine, classmate = done.runs
    return mine.folder, classmate.folder


def hand_in(machine: Machine, name: str, run: Path) -> Path:
    (machine.exercise / "exercise.toml").write_text(EXERCISE, encoding="utf-8")
    folder = machine.hand_in(name, MINE)
    shutil.copytree(run, folder / "mine", dirs_exist_ok=True)
    return folder


def judge(machine: Machine, submission: Path, cache: Path, scratch: Path) -> dict[str, Result]:
    return judged(HandedIn(machine.exercise, options(submission, cache), scratch, machine.boxes))


def options(submission: Path, cache: Path) -> Options:
    return Options(submission=submission, cache=str(cache), isolation="artefacts")


def judged(handed_in: HandedIn) -> dict[str, Result]:
    return {name: CHECKS[name](handed_in.subject, **given) for name, given in JUDGED.items()}


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_and_its_honest_neighbour(
    machine: Machine, trained: tuple[Path, Path], shared: Path, tmp_path: Path, name: str
) -> None:
    case, (mine, classmate) = FORGERIES[name], trained
    submission = hand_in(machine, "forged", mine)
    case.edit(submission / "mine", classmate)
    found = judge(machine, submission, shared, tmp_path)
    says = {check: result.seen.en for check, result in found.items() if result.outcome != "passed"}
    assert says.keys() == case.says.keys(), says
    assert [words for check, words in case.says.items() if words not in says[check]] == [], says
    points = sum(20 * result.share for result in found.values())
    assert points == 100 - 20 * len(case.says) + 10 * len(case.half)

    neighbour = judge(machine, hand_in(machine, "honest one", mine), shared, tmp_path)
    assert {check: result.share for check, result in neighbour.items()} == dict.fromkeys(JUDGED, 1.0)


@pytest.mark.parametrize("name", ["log", "epoch_4.pth", "run.json", "another.log.json"])
def test_a_run_folder_edited_after_the_end_is_not_judged(
    machine: Machine, trained: tuple[Path, Path], shared: Path, tmp_path: Path, name: str
) -> None:
    """Another process writes into the judge's copy, before or while it is judged; the next grading is whole again."""
    handed_in = HandedIn(
        machine.exercise, options(hand_in(machine, "case", trained[0]), shared), tmp_path, machine.boxes
    )
    run = handed_in.subject.run
    assert run is not None
    assert CHECKS["checkpoints_exist"](handed_in.subject).outcome == "passed"
    path = log_of(run.folder) if name == "log" else run.folder / name
    with path.open("ab") as file:
        file.write(b'{"mode": "val", "epoch": 5, "accuracy_top-1": 100.0}\n')
    found = judged(handed_in)
    assert {result.outcome for result in found.values()} == {"error"}
    assert {result.seen.en for result in found.values()} == {f"{path.name} was changed after the program had ended"}
    assert {result.seen.zh for result in found.values()} == {f"程序结束之后 {path.name} 被改动了"}

    again = judge(machine, machine.folder / "class" / "case", shared, tmp_path)
    assert {result.outcome for result in again.values()} == {"passed"}


def test_a_run_in_the_cache_edited_between_two_gradings_is_made_anew(
    machine: Machine, boxes: Boxes, tmp_path: Path
) -> None:
    """What the program left is kept with its checksums: an edited entry is not judged but run again."""
    submission = machine.folder / "class" / "honest"
    cache = tmp_path / "own cache"

    def graded() -> HandedIn:
        given = Options(submission=submission, cache=str(cache))
        return HandedIn(machine.exercise, given, tmp_path, boxes)

    first = graded().subject.run
    assert first is not None
    assert graded().subject.run is not None
    log = log_of(first.folder)
    log.write_text(log.read_text("utf-8").replace('"loss": ', '"loss": 9'), encoding="utf-8")
    assert first.frozen is not None
    assert first.frozen.changed() == log.name
    again = graded()
    assert CHECKS["loss_falls"](again.subject, by=LEARNED).outcome == "passed"
    assert any("was cut off or edited" in note.en for note in again.facts.notes)
