"""A real short training, judged by every check: the verdicts fit, and its numbers can be reproduced."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.logs import read_log
from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import Run

pytestmark = pytest.mark.train

GIVEN = {"epochs": 4, "batch_size": 16, "lr": 0.1, "topk": (1, 5), "random_seed": 3}
UNDECIDED = {"eta_falls"}  # the JSON log has none
ARGUMENTS: dict[str, dict[str, Any]] = {
    "param": {"name": "lr", "between": (0.01, 0.5)},
    "accuracy": {"full": 0.3},
    "loss_falls": {"by": 0.3},
}


@pytest.fixture(scope="module")
def images() -> ImageFolder:
    whole = read_dataset(find_dataset("digits10"))
    return dataclasses.replace(whole, splits={name: found[::2] for name, found in whole.splits.items()})


@pytest.fixture(scope="module")
def run(images: ImageFolder, tmp_path_factory: pytest.TempPathFactory) -> Run:
    from pytest_mmedu.train import train

    return train(TrainParams.of(**GIVEN), images, tmp_path_factory.mktemp("trained"), watch=False)


@pytest.fixture
def subject(run: Run, images: ImageFolder) -> Subject:
    values = {name: AskedValue(value, place="homework.py:9") for name, value in GIVEN.items()}
    values["save_fold"] = AskedValue("my_model", place="homework.py:10")
    assert run.log is not None
    return Subject(Asked(values, place="homework.py:9"), run, None, read_log(run.log), images)


def test_every_check_fits_an_honest_run(subject: Subject) -> None:
    from pytest_mmedu.train import evaluate

    assert subject.run is not None
    assert subject.run.best is not None
    assert subject.images is not None
    evaluation = evaluate(subject.run.best, subject.images)
    arguments = ARGUMENTS | {"accuracy_reproduced": {"evaluation": evaluation}, "best_named": _best(subject)}
    results = {name: check(subject, **arguments.get(name, {})) for name, check in CHECKS.items()}
    failed = {name: result.seen.en for name, result in results.items() if result.outcome == "failed"}
    assert failed == {"milestones_reachable": "milestones 15; 4 epochs in all"}  # MMEdu's own config of LeNet
    assert {name for name, result in results.items() if result.outcome == "undecidable"} == UNDECIDED


def _best(subject: Subject) -> dict[str, Any]:
    assert subject.log is not None
    best = subject.log.best("accuracy_top-1")
    assert best is not None
    return {"value": best.value, "epoch": best.epochs[0]}


def test_weights_of_another_epoch_do_not_reproduce_the_accuracy(subject: Subject) -> None:
    """The first epoch's weights in place of the best: the log claims more than they can."""
    from pytest_mmedu.train import evaluate

    assert subject.run is not None
    assert subject.images is not None
    worse = evaluate(subject.run.checkpoints[1], subject.images)
    result = CHECKS["accuracy_reproduced"](subject, evaluation=worse)
    assert (result.outcome, result.seen.en.endswith("computed again, 50 pictures")) == ("failed", True)


def test_a_renamed_checkpoint_is_noticed(subject: Subject, tmp_path: Path) -> None:
    assert subject.run is not None
    shutil.copytree(subject.run.folder, tmp_path / "run")
    moved = dataclasses.replace(subject.run, folder=tmp_path / "run")
    shutil.copy(moved.checkpoints[1], moved.checkpoints[4])
    result = CHECKS["checkpoint_agrees"](dataclasses.replace(subject, run=moved))
    assert (result.outcome, result.seen.en) == ("failed", "named epoch 4, holds epoch 1")


def test_facts_of_a_real_checkpoint(run: Run, images: ImageFolder) -> None:
    assert run.latest is not None
    last, latest = read_checkpoint(run.checkpoints[4]), read_checkpoint(run.latest)
    assert (last.epoch, last.iter, last.classes, last.head_size) == (4, 40, images.classes, 10)
    assert last.fingerprint == latest.fingerprint != read_checkpoint(run.checkpoints[3]).fingerprint
