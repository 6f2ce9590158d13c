"""A real short training, judged by every check: the verdicts fit, and its numbers can be reproduced."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.answered import Answer, Answers
from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.logs import from_records, read_log
from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import Run
from tests.checks.rows_mistakes import SHORT

pytestmark = pytest.mark.train

GIVEN = {"epochs": 4, "batch_size": 16, "lr": 0.1, "topk": (1, 5), "random_seed": 3}
UNDECIDED = {
    "eta_falls",
    "accuracy_recomputed",
    "predictions_named",
    "function",
}  # the JSON log has none; no judge's process is at hand
OF_CONFIGS = {
    "config_agrees_with_log",
    "epochs_for_tuning",
    "field",
    "lr_for_tuning",
    "paths_relative",
    "starts_from_weights",
}
ARGUMENTS: dict[str, dict[str, Any]] = {
    "param": {"name": "lr", "between": (0.01, 0.5)},
    "accuracy": {"full": 0.3},
    "accuracy_recomputed": {"full": 0.3},
    "loss_falls": {"by": 0.3},
    "field": {"path": "optimizer.lr", "at_least": 0},
    "values_differ": {"name": "lr", "trainings": 1},
    "steps_worked_out": {"name": "steps"},
    "answer": {"name": "steps", "equals": 10},
    "training_named": {"name": "best", "behaves": "learned", "by": 0.3},
    "best_weights_named": {"name": "weights"},
    "default_folder_named": {"name": "folder"},
    "log_named": {"name": "log"},
    "same_weights_named": {"name": "last"},
    "effective_batch": {"equals": 16},
    "trained_in_processes": {"at_least": 1},
    "predictions_named": {"pictures": {"picture": Path("a.png")}},
    "records_equal": {"trainings": (1, 1)},
    "records_differ": {"trainings": (1, 1)},
    "function": {"name": "double", "examples": [(1,)], "reference": abs},
    "mistake_named": {"name": "mistake", "log": from_records(SHORT)},
    "remedy_named": {"name": "remedy", "log": from_records(SHORT)},
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
    assert run.best is not None
    answers = {"steps": Answer(10), "best": Answer(1), "weights": Answer(f"my_model/{run.best.name}")}
    answers |= {"mistake": Answer("too few epochs"), "remedy": Answer("raise epochs")}
    answers |= {
        "folder": Answer("my_model"),
        "log": Answer(".log.json"),
        "last": Answer("epoch_4.pth"),
        "picture": Answer("7"),
    }
    asked = Asked(values, place="homework.py:9")
    return Subject(asked, run, None, read_log(run.log), images, answers=Answers("homework.py", answers))


def test_every_check_fits_an_honest_run(subject: Subject) -> None:
    from pytest_mmedu.train import evaluate

    assert subject.run is not None
    assert subject.run.best is not None
    assert subject.images is not None
    evaluation = evaluate(subject.run.best, subject.images)
    arguments = ARGUMENTS | {"accuracy_reproduced": {"evaluation": evaluation}, "best_named": _best(subject)}
    results = {name: check(subject, **arguments.get(name, {})) for name, check in CHECKS.items()}
    failed = {name: result.seen.en for name, result in results.items() if result.outcome == "failed"}
    assert {name for name, seen in failed.items() if seen == "no config was handed in"} == OF_CONFIGS
    assert {name: seen for name, seen in failed.items() if name not in OF_CONFIGS} == {
        "milestones_reachable": "milestones 15; 4 epochs in all",  # MMEdu's own config of LeNet
        "goes_on": "the program trained only once",
        "default_folder_named": 'save_fold = "my_model"',
        "records_differ": "the same in 8 records",  # compared with itself
    }
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
