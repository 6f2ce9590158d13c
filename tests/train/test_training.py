"""One training: what it leaves, in mmcls's form, and which parameters do what."""

from __future__ import annotations

import dataclasses
import json
import logging
import math
import os
import random
import re
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.run import Run, read_run

pytestmark = pytest.mark.train
Trained = Callable[..., Run]
Records = Callable[[Run], list[dict[str, Any]]]


def names(run: Run) -> list[str]:
    """What lies in the folder, whenever it was made and whichever epoch was best."""
    found = (re.sub(r"\d{8}_\d{6}", "STAMP", path.name) for path in run.folder.iterdir())
    return sorted(re.sub(r"(best_.*_epoch_)\d", r"\1N", name) for name in found)


def test_the_files(trained: Trained) -> None:
    run = trained(epochs=2, topk=1)
    assert names(run) == [
        "STAMP.log",
        "STAMP.log.json",
        "best_accuracy_top-1_epoch_N.pth",
        "config.py",
        "epoch_1.pth",
        "epoch_2.pth",
        "latest.pth",
        "run.json",
    ]
    assert run.latest is not None
    assert run.latest.read_bytes() == run.checkpoints[2].read_bytes()
    if os.name != "nt":
        assert run.latest.readlink() == Path("epoch_2.pth")  # as mmcv links it
    facts = read_checkpoint(run.checkpoints[2])
    assert (facts.epoch, facts.classes) == (2, tuple("0123456789"))


def test_the_run_knows_what_was_asked_for(trained: Trained) -> None:
    run = trained(lr=0.5)
    again = read_run(run.folder)
    assert again == run
    assert (run.params["lr"], run.params["backbone"]) == (0.5, "LeNet")
    assert (run.environment["threads"], run.environment["device"]) == ("1", "cpu")
    assert run.environment["mmcls"].startswith("0.")
    assert run.seconds is not None
    assert 0 < run.seconds < 600


def made_by_mmcls(corpus: Path) -> tuple[list[str], list[str]]:
    """Console text and JSON log of a real run of mmcls 0.25 with the parameters used below."""
    folder = corpus / "made" / "mmcls-0.25.0" / "lenet_d10_bs16_e3"
    (text,), (log,) = folder.glob("*.log"), folder.glob("*.log.json")
    return text.read_text("utf-8").splitlines(), log.read_text("utf-8").splitlines()


def form(line: str) -> str:
    """A line without its numbers, names and paths; ten and twenty keep their place."""
    line = re.sub(r"(host: |work_dir: |saved to |checkpoint )\S+", r"\1PATH", line)
    return re.sub(r"\d+", "0", re.sub(r"\d+\.\d+(e-\d+)?", "0.0", line))


def test_the_log_has_the_form_of_mmcls(trained: Trained, digits: ImageFolder, corpus: Path) -> None:
    run = trained(digits, epochs=3, batch_size=16, topk=(1, 5))
    real_text, real_json = made_by_mmcls(corpus)
    assert run.log is not None
    ours_json = run.log.read_text("utf-8").splitlines()
    assert [list(json.loads(line)) for line in ours_json] == [list(json.loads(line)) for line in real_json]
    same = ("mode", "epoch", "iter", "lr")
    assert [[json.loads(line).get(key) for key in same] for line in ours_json] == [
        [json.loads(line).get(key) for key in same] for line in real_json
    ]
    (text,) = run.folder.glob("*.log")
    ours_text = text.read_text("utf-8").splitlines()
    ours, real = ([form(line) for line in lines] for lines in (ours_text, real_text))
    start = next(number for number, line in enumerate(real) if "Start running" in line)
    assert set(ours[ours.index(real[start]) :]) == set(real[start:])
    for heading in ("Environment info:", "Distributed training: False", "Config:", "Set random seed to 0"):
        assert [heading in line for line in ours_text].count(True) == 1
        assert [heading in line for line in real_text].count(True) == 1


def test_two_runs_in_one_folder_keep_both_logs(trained: Trained) -> None:
    first, second = trained(lr=0.1).log, trained(lr=0.2).log
    assert first is not None
    assert second is not None
    assert first.name < second.name
    assert first.exists()


@pytest.mark.parametrize(
    ("given", "keys", "best"),
    [
        ({}, ["accuracy_top-5"], "best_accuracy_top-5_epoch_1.pth"),
        ({"metric": "precision"}, ["precision"], "best_precision_epoch_1.pth"),
        ({"metric": ("recall", "f1_score")}, ["recall", "f1_score"], "best_recall_epoch_1.pth"),
        ({"save_best": "f1_score"}, ["accuracy_top-5", "f1_score"], "best_f1_score_epoch_1.pth"),
        ({"metric": "support"}, ["support"], "best_support_epoch_1.pth"),
        ({"save_best": "accuracy_top-1"}, ["accuracy_top-1", "accuracy_top-5"], "best_accuracy_top-1_epoch_1.pth"),
        ({"save_best": None}, ["accuracy_top-5"], None),
    ],
    ids=str,
)  # fmt: skip
def test_metrics_and_the_best(
    trained: Trained, records: Records, given: dict[str, Any], keys: list[str], best: str | None
) -> None:
    run = trained(**given)
    assert list(records(run)[-1]) == ["mode", "epoch", "iter", "lr", *keys]
    assert (run.best and run.best.name) == best


def test_without_validation(trained: Trained, records: Records) -> None:
    run = trained(validate=False)
    assert [line["mode"] for line in records(run)] == ["train"]
    assert run.best is None


@pytest.mark.parametrize("optimizer", ["SGD", "Adam", "Adagrad", "AdamW", "RMSprop", "Adadelta", "Rprop", "Lamb"])
def test_optimizers(trained: Trained, records: Records, optimizer: str) -> None:
    before, after = records(trained(optimizer=optimizer, lr=0.002, epochs=2, validate=False))
    assert after["loss"] != before["loss"]
    assert math.isfinite(after["loss"])


@pytest.mark.parametrize("backbone", ["MobileNet", "ResNet18", "RegNet"])
def test_backbones(trained: Trained, records: Records, backbone: str) -> None:
    train, val = records(trained(backbone=backbone, batch_size=20))
    assert math.isfinite(train["loss"])
    assert 0 <= val["accuracy_top-5"] <= 100


def test_a_nan_loss_is_logged_and_the_training_ends_as_planned(trained: Trained, records: Records) -> None:
    run = trained(lr=1e30, epochs=2)
    lines = records(run)
    assert [line["mode"] for line in lines] == ["train", "val", "train", "val"]
    assert math.isnan(lines[2]["loss"])
    assert lines[3]["accuracy_top-5"] == 0.0  # as the real MMEdu
    assert sorted(run.checkpoints) == [1, 2]


def test_a_last_batch_of_one_picture(trained: Trained, records: Records) -> None:
    """LeNet takes it, though mmcls's own raises IndexError; batch normalization does without that picture."""
    lenet = records(trained(batch_size=39))
    assert [line["iter"] for line in lenet] == [2, 1]
    assert records(trained(batch_size=13))[-1]["mode"] == "val"  # 40 = 3 * 13 + 1, and 13 to validate on
    assert records(trained(batch_size=12))[-1]["mode"] == "val"  # 13 = 12 + 1
    resnet = records(trained(backbone="ResNet18", batch_size=39))
    assert [line["iter"] for line in resnet] == [1, 1]


def test_labels_follow_the_names_of_the_classes(trained: Trained, digits: ImageFolder, records: Records) -> None:
    """mmcls numbers the classes of each split anew: with no folder but 6 in val_set it would call every 6 a 0."""
    sixes = tuple(sample for sample in digits.splits["val_set"] if sample.label == 6)
    images = dataclasses.replace(digits, splits={**digits.splits, "val_set": sixes})
    run = trained(images, epochs=5, batch_size=16, topk=1)
    assert records(run)[-1]["accuracy_top-1"] >= 80.0


def test_from_a_checkpoint(trained: Trained, records: Records) -> None:
    first = trained(epochs=3)
    again = trained(epochs=1, checkpoint=str(first.latest), folder="again")
    assert records(again)[0]["epoch"] == 1
    assert records(again)[0]["loss"] < records(first)[0]["loss"]


def test_going_on_is_the_same_as_not_having_stopped(trained: Trained, records: Records) -> None:
    from pytest_mmedu.train import Settings

    first = trained(epochs=1, batch_size=40)
    goes_on = trained(epochs=2, batch_size=40, settings=Settings(resume_from=first.latest), folder="on")
    assert [line["epoch"] for line in records(goes_on)] == [2, 2]
    assert sorted(goes_on.checkpoints) == [2]
    whole = trained(epochs=2, batch_size=40, folder="whole")
    # One batch per epoch holds all pictures in either order: the losses agree, though the shuffling differs.
    assert records(goes_on)[0]["loss"] == pytest.approx(records(whole)[2]["loss"], abs=1e-4)


def test_only_the_latest_checkpoints_are_kept_where_asked(trained: Trained) -> None:
    from pytest_mmedu.train import Settings

    assert sorted(trained(epochs=4, settings=Settings(keep_checkpoints=2)).checkpoints) == [3, 4]


def test_the_process_is_left_as_it_was(
    trained: Trained, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pytest_mmedu.train.stack import logger_initialized, np, torch

    def state() -> dict[str, Any]:
        loggers = [logging.getLogger(name) for name in ("mmcls", "mmcv")]
        return {
            "threads": torch.get_num_threads(),
            "random": random.getstate(),
            "numpy": np.random.get_state()[1].tolist(),
            "torch": torch.get_rng_state().tolist(),
            "cudnn": (torch.backends.cudnn.deterministic, torch.backends.cudnn.benchmark),
            "folder": Path.cwd(),
            "path": list(sys.path),
            "loggers": [(log.handlers[:], log.level, log.propagate, log.disabled) for log in loggers],
            "root": [(handler, handler.level) for handler in logging.getLogger().handlers],
            "known to mmcv": dict(logger_initialized),
            "warnings": warnings.filters[:],
            "torchvision": "torchvision" in sys.modules,
            "environment": dict(os.environ),
        }

    trained()  # imports
    torch.set_num_threads(2)
    before = state()
    capfd.readouterr()
    trained(folder="again")
    assert state() == before
    assert capfd.readouterr() == ("", "")
    with pytest.raises(Exception, match="num_classes"):
        trained(num_classes=3)
    assert state() == before


def test_a_person_sees_a_bar(few: ImageFolder, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from pytest_mmedu.params import TrainParams
    from pytest_mmedu.train import train

    train(TrainParams(epochs=2, batch_size=8), few, tmp_path / "run", watch=True)
    said = capfd.readouterr()
    assert said.out == ""
    assert "2/2" in said.err
    assert "10/10" in said.err
    assert "accuracy_top-5" in said.err
