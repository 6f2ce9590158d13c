"""The numbers of a log: mmcls's own, the same with and without kept pictures, the same in every process."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.cache import RunCache
from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.run import Run, read_run
from pytest_mmedu.submission import find_submission, run_submission
from pytest_mmedu.submission.budget import Budget
from pytest_mmedu.submission.isolation.boxes import Boxes
from pytest_mmedu.submission.warm.warm_boxes import WarmBoxes
from pytest_mmedu.submission.warm.zygotes import Zygotes, can_be_warm

pytestmark = pytest.mark.train
Trained = Callable[..., Run]
Records = Callable[[Run], list[dict[str, Any]]]
Weights = Callable[[Path], dict[str, Any]]


@pytest.mark.parametrize("augment", [False, True], ids=["fixed", "random"])
@pytest.mark.parametrize("backbone", ["LeNet", "ResNet18"])
def test_kept_pictures_change_nothing(
    trained: Trained, records: Records, weights: Weights, backbone: str, augment: bool
) -> None:
    from pytest_mmedu.train import Settings

    given = {"backbone": backbone, "epochs": 2, "topk": (1, 5), "batch_size": 20}
    kept = trained(settings=Settings(augment=augment), folder="kept", **given)
    read_anew = trained(settings=Settings(augment=augment, cache_pictures=False), folder="anew", **given)
    assert records(kept) == records(read_anew)
    assert len(records(kept)) == 4
    assert weights(kept.checkpoints[2]) == weights(read_anew.checkpoints[2])


def test_half_of_the_pictures_kept_change_nothing(trained: Trained, records: Records, few: ImageFolder) -> None:
    """Memory for seven of forty."""
    from pytest_mmedu.params import TrainParams
    from pytest_mmedu.train import Settings, assembly
    from pytest_mmedu.train.config import build_config
    from pytest_mmedu.train.memory import KeptPictures
    from pytest_mmedu.train.stack import torch

    config = build_config(TrainParams(), few, Settings(), Path("out"))
    loader = assembly.loader(config, "train", few.splits["training_set"], Settings())
    size = loader.dataset[0]["img"].numel() * 4
    partly = KeptPictures(loader.dataset._dataset, budget=size * 7)
    whole = loader.dataset.__getitems__([0, 6, 7, 39])["img"]
    for _ in range(2):
        assert torch.equal(torch.stack([sample["img"] for sample in partly.__getitems__([0, 6, 7, 39])]), whole)


def test_random_augmentations_stay_random(trained: Trained, records: Records) -> None:
    """One batch per epoch, almost no learning: what changes between the epochs is the pictures."""
    from pytest_mmedu.train import Settings

    given = {"epochs": 2, "batch_size": 40, "lr": 1e-12, "validate": False}
    fixed = [line["loss"] for line in records(trained(folder="fixed", **given))]
    moved = [line["loss"] for line in records(trained(settings=Settings(augment=True), folder="moved", **given))]
    assert fixed[0] == pytest.approx(fixed[1], abs=1e-5)
    assert abs(moved[0] - moved[1]) > 1e-4


_IN_ANOTHER_PROCESS = """
import sys
from pathlib import Path
import dataclasses
from pytest_mmedu.dataset import find_dataset, read_dataset
from pytest_mmedu.params import TrainParams
from pytest_mmedu.train import train

images = read_dataset(find_dataset("digits10"))
images = dataclasses.replace(images, splits={name: found[::8] for name, found in images.splits.items()})
out = Path(sys.argv[1])
train(TrainParams(epochs=2, batch_size=8, random_seed=7, topk=(1, 5)), images, out / "kit")

# mmcls as it comes, from the config that the kit has written, on folders that hold these pictures only
from mmcls.apis import set_random_seed, train_model
from mmcls.datasets import build_dataset
from mmcls.models import build_classifier
from mmcv import Config
from pytest_mmedu.train.stack import torch

config = Config.fromfile(str(out / "kit" / "config.py"))
for part, split in (("train", "training_set"), ("val", "val_set")):
    for sample in images.splits[split]:
        link = out / "data" / split / images.classes[sample.label] / sample.path.name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.write_bytes(sample.path.read_bytes())
    for name in images.classes:
        (out / "data" / split / name).mkdir(exist_ok=True)
    config.data[part].data_prefix = str(out / "data" / split)
config.work_dir = str(out / "mmcls")
torch.set_num_threads(1)
set_random_seed(config.seed)
model = build_classifier(config.model)
model.init_weights()
train_model(model, [build_dataset(config.data.train)], config, validate=True, device="cpu", meta={"seed": 7})
"""


@pytest.fixture(scope="module")
def another_process(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Trains with the kit and with plain mmcls (whose pauses take most of the time) in a process of its own."""
    out = tmp_path_factory.mktemp("another")
    command = [sys.executable, "-W", "ignore", "-c", _IN_ANOTHER_PROCESS, str(out)]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "PYTHONHASHSEED": "12"})
    return out


def test_a_fresh_process_gives_the_same_numbers(
    trained: Trained, records: Records, weights: Weights, another_process: Path
) -> None:
    here = trained(epochs=2, random_seed=7, topk=(1, 5))
    there = read_run(another_process / "kit")
    assert records(here) == records(there)
    assert weights(here.checkpoints[2]) == weights(there.checkpoints[2])


_HOMEWORK = """
from MMEdu import MMClassification as cls
model = cls(backbone="LeNet")
model.num_classes = 10
model.load_dataset(path="digits10")
model.save_fold = "out"
model.train(epochs=2, lr=0.05, batch_size=8, random_seed=7, validate=True)
"""


@pytest.mark.skipif(not can_be_warm(), reason="this system cannot fork")
def test_forks_of_one_process_give_the_same_numbers(
    records: Records, weights: Weights, tmp_path: Path, zygotes: Zygotes
) -> None:
    """Two forks one after the other, and a fresh process: to the last bit."""
    (tmp_path / "homework.py").write_text(_HOMEWORK, encoding="utf-8")
    submission, budget = find_submission(tmp_path), Budget(images=5, seconds=120)
    zygotes.look_after()
    runs = [
        run_submission(
            submission, cache=RunCache(tmp_path / f"cache{number}"), budget=budget, confinement=boxes.strongest_box
        ).runs[0]
        for number, boxes in enumerate((WarmBoxes(zygotes), WarmBoxes(zygotes), Boxes()))
    ]
    first, second, fresh = ((records(run), weights(run.checkpoints[2])) for run in runs)
    assert first == second == fresh
    assert len(fresh[0]) == 4


def test_plain_mmcls_gives_the_same_numbers(records: Records, weights: Weights, another_process: Path) -> None:
    ours, theirs = read_run(another_process / "kit"), read_run(another_process / "mmcls")
    assert records(ours) == records(theirs)
    assert weights(ours.checkpoints[2]) == weights(theirs.checkpoints[2])


def test_another_seed_gives_other_numbers(trained: Trained, records: Records) -> None:
    assert records(trained(random_seed=1)) != records(trained(random_seed=2))


def test_the_config_of_a_run_depends_on_the_run_alone(trained: Trained) -> None:
    def digest(run: Run) -> str:
        text = (run.folder / "config.py").read_text("utf-8").replace(str(run.folder), "FOLDER")
        return hashlib.sha256(text.encode()).hexdigest()

    assert digest(trained(folder="one")) == digest(trained(folder="two"))


def test_a_batch_lies_in_memory_as_mmcls_lays_it(few: ImageFolder) -> None:
    """Convolutions round differently for another layout of the same numbers."""
    from pytest_mmedu.params import TrainParams
    from pytest_mmedu.train import Settings, assembly
    from pytest_mmedu.train.config import build_config

    config = build_config(TrainParams(backbone="ResNet18", batch_size=4), few, Settings(), Path("out"))
    for part, split in (("train", "training_set"), ("val", "val_set")):
        kept, anew = (
            next(iter(assembly.loader(config, part, few.splits[split], Settings(cache_pictures=cached))))
            for cached in (True, False)
        )
        assert kept.keys() == anew.keys()
        assert kept["img"].stride() == anew["img"].stride()
        assert kept["img"].dtype == anew["img"].dtype
        metas = [json.dumps(batch["img_metas"].data[0][0], default=str, sort_keys=True) for batch in (kept, anew)]
        assert part == "train" or metas[0] == metas[1]
