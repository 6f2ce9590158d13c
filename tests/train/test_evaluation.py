"""A checkpoint measured anew: the accuracy that its log claims, picture by picture."""

from __future__ import annotations

import dataclasses
import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.errors import CheckpointError, DatasetError
from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import RUN_FILE, Run
from pytest_mmedu.text import Text
from pytest_mmedu.train import Settings, evaluate, load_network

pytestmark = pytest.mark.train
Trained = Callable[..., Run]
Records = Callable[[Run], list[dict[str, Any]]]


def of_three(images: ImageFolder) -> ImageFolder:
    splits = {name: tuple(one for one in found if one.label < 3) for name, found in images.splits.items()}
    return dataclasses.replace(images, classes=images.classes[:3], splits=splits)


def test_it_finds_what_the_log_says(trained: Trained, digits: ImageFolder, records: Records) -> None:
    run = trained(digits, epochs=2, batch_size=16, topk=(1, 5))
    for epoch, checkpoint in run.checkpoints.items():
        logged = next(line for line in records(run) if line["mode"] == "val" and line["epoch"] == epoch)
        found = evaluate(checkpoint, digits)
        assert found.n == 100
        assert found.top1 == pytest.approx(logged["accuracy_top-1"])
        assert found.top5 == pytest.approx(logged["accuracy_top-5"])


def test_picture_by_picture(trained: Trained, few: ImageFolder) -> None:
    found = evaluate(trained(epochs=5).checkpoints[5], few, split="training_set")
    assert found.labels == tuple(sample.label for sample in few.splits["training_set"])
    assert len(found.predictions) == len(found.scores) == found.n == 40
    right = sum(label == predicted for label, predicted in zip(found.labels, found.predictions, strict=True))
    assert found.top1 == 100 * right / 40
    for predicted, row in zip(found.predictions, found.scores, strict=True):
        assert row[predicted] == max(row)
        assert sum(row) == pytest.approx(1, abs=1e-5)


def test_fewer_than_five_classes_have_no_top5(trained: Trained, few: ImageFolder) -> None:
    three = of_three(few)
    assert evaluate(trained(three).checkpoints[1], three).top5 is None


def test_the_size_of_the_pictures_is_that_of_the_training(trained: Trained, few: ImageFolder, records: Records) -> None:
    given = {"backbone": "ResNet18", "batch_size": 20, "topk": 1}
    run = trained(settings=Settings(image_size=48), **given)
    network = load_network(run.checkpoints[1], few.classes)
    assert network.pipeline[1] == {"type": "Resize", "size": 48}
    assert evaluate(run.checkpoints[1], few).top1 == pytest.approx(records(run)[-1]["accuracy_top-1"])


def test_nan_weights_get_nothing_right(trained: Trained, few: ImageFolder) -> None:
    found = evaluate(trained(lr=1e30).checkpoints[1], few)
    assert (found.top1, found.top5) == (0.0, 0.0)


def test_without_a_run_beside_it_the_caller_names_the_network(
    trained: Trained, few: ImageFolder, tmp_path: Path
) -> None:
    alone = tmp_path / "alone" / "student.pth"
    alone.parent.mkdir()
    alone.write_bytes(trained().checkpoints[1].read_bytes())
    with pytest.raises(CheckpointError) as caught:
        evaluate(alone, few)
    assert caught.value.text == Text(
        "不知道 student.pth 是哪种网络的权重。请给出 backbone。",
        "It is not known which network student.pth belongs to. Name the backbone.",
    )
    assert evaluate(alone, few, params=TrainParams(backbone="LeNet")).n == 13


def test_a_checkpoint_of_mmedu_names_its_network(trained: Trained, few: ImageFolder, tmp_path: Path) -> None:
    from pytest_mmedu.train.stack import torch

    content = torch.load(trained().checkpoints[1], weights_only=True)
    content["meta"] = {"tool": "MMEdu2.0.0", "backbone": "LeNet", "CLASSES": list(few.classes)}
    torch.save(content, tmp_path / "mmedu.pth")
    assert evaluate(tmp_path / "mmedu.pth", few).n == 13


@pytest.mark.parametrize(
    "claim",
    ['{"params": {"backbone": "own.py"}}', '{"params": ["LeNet"]}', '{"params": {"backbone": ["LeNet"]}}', "[", "7"],
)
def test_a_claim_in_the_folder_runs_no_file(trained: Trained, few: ImageFolder, claim: str) -> None:
    """The run.json and config.py of a submission are the student's: neither is ever executed."""
    run = trained()
    for name in ("own.py", "config.py"):
        (run.folder / name).write_text("raise SystemExit('ran')", "utf-8")
    (run.folder / RUN_FILE).write_text(claim, "utf-8")
    with pytest.raises(CheckpointError, match="It is not known which network"):
        evaluate(run.checkpoints[1], few)


def test_a_huge_picture_size_is_not_believed(trained: Trained, few: ImageFolder) -> None:
    run = trained(backbone="ResNet18", batch_size=20)
    facts = json.loads((run.folder / RUN_FILE).read_text("utf-8"))
    facts["settings"]["image_size"] = 10**9
    (run.folder / RUN_FILE).write_text(json.dumps(facts), "utf-8")
    assert load_network(run.checkpoints[1], few.classes).pipeline[1] == {"type": "Resize", "size": 32}


def test_weights_of_other_classes(trained: Trained, few: ImageFolder) -> None:
    with pytest.raises(CheckpointError) as caught:
        evaluate(trained().checkpoints[1], of_three(few))
    assert caught.value.text == Text(
        "epoch_1.pth 是 10 类的权重，数据集有 3 类。请核对数据集和权重文件。",
        "epoch_1.pth holds weights for 10 classes, the data set has 3. Check the data set and the checkpoint.",
    )


def test_weights_of_another_network(trained: Trained, few: ImageFolder) -> None:
    with pytest.raises(CheckpointError) as caught:
        evaluate(trained().checkpoints[1], few, params=TrainParams(backbone="ResNet18"))
    assert caught.value.text == Text(
        "epoch_1.pth 是另一种网络的权重。请核对 backbone。",
        "epoch_1.pth holds the weights of another network. Check backbone.",
    )


def test_a_missing_checkpoint(few: ImageFolder) -> None:
    with pytest.raises(CheckpointError) as caught:
        evaluate(Path("nowhere.pth"), few)
    assert caught.value.code == -102


def test_a_split_without_pictures(trained: Trained, few: ImageFolder) -> None:
    images = dataclasses.replace(few, splits={**few.splits, "test_set": ()})
    with pytest.raises(DatasetError) as caught:
        evaluate(trained().checkpoints[1], images, split="test_set")
    assert caught.value.text == Text(
        "test_set 里没有图片。请换一个数据集。", "There are no pictures in test_set. Use another data set."
    )


def test_a_single_picture(trained: Trained, few: ImageFolder) -> None:
    """mmcls's own inference fails on one grey picture for LeNet."""
    network = load_network(trained().checkpoints[1], few.classes)
    (row,) = network.scores([few.splits["val_set"][0].path])
    assert len(row) == 10
    assert sum(row) == pytest.approx(1, abs=1e-5)


def test_measuring_leaves_the_process_as_it_was(trained: Trained, few: ImageFolder) -> None:
    from pytest_mmedu.train.stack import logger_initialized, torch

    run = trained()
    loggers = [logging.getLogger(name) for name in ("mmcls", "mmcv")]
    torch.set_num_threads(2)
    before = torch.get_rng_state().tolist(), [logger.handlers[:] for logger in loggers], dict(logger_initialized)
    evaluate(run.checkpoints[1], few)
    assert torch.get_num_threads() == 2
    after = torch.get_rng_state().tolist(), [logger.handlers[:] for logger in loggers], dict(logger_initialized)
    assert after == before
