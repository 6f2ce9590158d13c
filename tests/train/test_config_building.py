"""From parameters to an mmcls config: pure, without torch. Also what is refused before anything heavy is imported."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.dataset import ImageFolder, Sample
from pytest_mmedu.errors import DatasetError, MMEduError, ParameterError
from pytest_mmedu.params import BACKBONES, TrainParams
from pytest_mmedu.text import Text
from pytest_mmedu.train.config import build_config, set_log_interval
from pytest_mmedu.train.config_text import config_text
from pytest_mmedu.train.networks import NETWORKS
from pytest_mmedu.train.settings import DEFAULTS, Settings

OUT = Path("out")


def folder_of(classes: int, **splits: int) -> ImageFolder:
    sizes = {"training_set": 40, "val_set": 10, "test_set": 0, **splits}
    root = Path("data")
    return ImageFolder(
        root,
        tuple("abcdefghijklmn"[:classes]),
        {name: tuple(Sample(root / name / f"{i}.png", i % classes) for i in range(n)) for name, n in sizes.items()},
    )


def config_of(classes: int = 10, settings: Settings = DEFAULTS, given: Any = None, **params: Any) -> dict[str, Any]:
    return build_config(TrainParams.of(**params), folder_of(classes), settings, OUT, given=given)


def test_every_backbone_of_the_table_is_known() -> None:
    assert set(NETWORKS) == set(BACKBONES)


@pytest.mark.parametrize(
    ("backbone", "mmcls_name", "channels", "batch"),
    [
        ("LeNet", "LeNet5", None, 64),
        ("MobileNet", "MobileNetV2", 1280, 32),
        ("ResNet18", "ResNet", 512, 32),
        ("ResNet50", "ResNet", 2048, 32),
        ("RegNet", "RegNet", 384, 32),
    ],
)
def test_the_networks(backbone: str, mmcls_name: str, channels: int | None, batch: int) -> None:
    config = config_of(classes=7, backbone=backbone)
    model = config["model"]
    assert model["backbone"]["type"] == mmcls_name
    assert model["head"].get("in_channels") == channels
    assert (model["head"] if channels else model["backbone"])["num_classes"] == 7
    assert config["data"]["samples_per_gpu"] == batch


def test_lenet_sees_grey_pictures_of_32_pixels_whatever_the_size_asked_for() -> None:
    pipeline = config_of(settings=Settings(image_size=64))["data"]["train"]["pipeline"]
    assert pipeline[0] == {"type": "LoadImageFromFile", "color_type": "grayscale"}
    assert pipeline[1] == {"type": "Resize", "size": 32}


def test_the_others_see_colour_in_the_size_asked_for() -> None:
    for asked, size in ((None, 32), (64, 64)):
        pipeline = config_of(backbone="MobileNet", settings=Settings(image_size=asked))["data"]["val"]["pipeline"]
        assert pipeline[0]["color_type"] == "color"
        assert pipeline[1]["size"] == size


def test_chance_only_where_asked_for_and_never_in_validation() -> None:
    def kinds(part: str, augment: bool) -> list[str]:
        config = config_of(backbone="ResNet18", settings=Settings(augment=augment))
        return [step["type"] for step in config["data"][part]["pipeline"] if step["type"].startswith("Random")]

    assert kinds("train", augment=False) == []
    assert kinds("train", augment=True) == ["RandomCrop", "RandomFlip"]
    assert kinds("val", augment=True) == []


def test_the_parameters_arrive() -> None:
    config = config_of(
        lr=0.3, weight_decay=0.02, epochs=4, batch_size=5, random_seed=9, checkpoint="w.pth", optimizer="Adam"
    )
    assert config["optimizer"] == {"type": "Adam", "lr": 0.3, "weight_decay": 0.02}
    assert config["runner"] == {"type": "EpochBasedRunner", "max_epochs": 4}
    assert (config["data"]["samples_per_gpu"], config["data"]["workers_per_gpu"]) == (5, 0)
    assert (config["seed"], config["load_from"], config["resume_from"]) == (9, "w.pth", None)


def test_momentum_belongs_to_sgd_alone() -> None:
    assert config_of()["optimizer"] == {"type": "SGD", "lr": 0.01, "momentum": 0.9, "weight_decay": 0.001}
    assert "momentum" not in config_of(optimizer="RMSprop")["optimizer"]


@pytest.mark.parametrize(("steps", "interval"), [(1, 1), (5, 5), (10, 10), (838, 10)])
def test_a_short_epoch_still_has_a_loss_record(steps: int, interval: int) -> None:
    config = config_of()
    set_log_interval(config, Settings(), steps)
    assert config["log_config"]["interval"] == interval
    set_log_interval(config, Settings(log_interval=3), steps)
    assert config["log_config"]["interval"] == 3


@pytest.mark.parametrize(
    ("classes", "given", "metrics", "ranks", "best"),
    [
        (10, {}, ["accuracy"], (5,), "auto"),  # MMEdu: top-5 alone above five classes
        (6, {}, ["accuracy"], (5,), "auto"),
        (5, {}, ["accuracy"], (1,), "auto"),
        (3, {"topk": 1}, ["accuracy"], (1,), "auto"),
        (10, {"topk": (1, 5)}, ["accuracy"], (1, 5), "auto"),
        (10, {"topk": [1, 10]}, ["accuracy"], (1, 10), "auto"),
        (10, {"save_best": "accuracy"}, ["accuracy"], (5,), "accuracy_top-5"),
        (10, {"save_best": "accuracy_top-1"}, ["accuracy"], (1, 5), "accuracy_top-1"),
        (10, {"save_best": "f1_score"}, ["accuracy", "f1_score"], (5,), "f1_score"),
        (10, {"metric": "recall"}, ["recall"], (5,), "recall"),
        (10, {"metric": ("support", "precision")}, ["support", "precision"], (5,), "precision"),
        (10, {"metric": "support"}, ["support"], (5,), "auto"),
    ],
)
def test_what_is_measured_and_saved(
    classes: int, given: dict[str, Any], metrics: list[str], ranks: tuple[int, ...], best: str
) -> None:
    assert config_of(classes, **given)["evaluation"] == {
        "interval": 1,
        "metric": metrics,
        "metric_options": {"topk": ranks},
        "save_best": best,
        "rule": "greater",
    }


def test_nothing_is_saved_as_best_where_that_is_off() -> None:
    evaluation = config_of(save_best=None)["evaluation"]
    assert evaluation["save_best"] is None
    assert "rule" not in evaluation


@pytest.mark.parametrize(
    ("classes", "params", "kind", "code", "zh", "en"),
    [
        (
            10,
            {"num_classes": 3},
            ParameterError,
            None,
            "参数 num_classes 是 3，数据集有 10 类。请数一数 training_set 里有几个文件夹。",
            "Parameter num_classes is 3, the data set has 10 classes. Count the folders in training_set.",
        ),
        (
            3,
            {"topk": (1, 5)},
            ParameterError,
            None,
            "参数 topk 要看前 5 名，数据集只有 3 类。k 不能超过类别数。",
            "Parameter topk looks at the top 5, the data set has 3 classes. k must not exceed the number of classes.",
        ),
        (
            3,
            {"save_best": "accuracy_top-5"},
            ParameterError,
            None,
            "参数 save_best 要看前 5 名，数据集只有 3 类。k 不能超过类别数。",
            "Parameter save_best looks at the top 5, the data set has 3 classes. "
            "k must not exceed the number of classes.",
        ),
        (
            3,
            {"save_best": "accuracy_best"},
            ParameterError,
            None,
            "参数 save_best 收到 'accuracy_best'，没有这个指标。"
            "应为 auto、accuracy、accuracy_top-1、precision、recall、f1_score、support 之一。一般用 'auto'。",
            "Parameter save_best got 'accuracy_best', which is no metric. "
            "It takes auto, accuracy, accuracy_top-1, precision, recall, f1_score or support. "
            "'auto' is the usual choice.",
        ),
        (
            3,
            {"backbone": "ResNet18", "batch_size": 1},
            ParameterError,
            None,
            "参数 batch_size 是 1，ResNet18 一步至少要两张图。请用大一些的批大小。",
            "Parameter batch_size is 1, ResNet18 needs at least two pictures per step. Use a larger batch.",
        ),
        (
            3,
            {"nproc": 2},
            ParameterError,
            None,
            "参数 nproc 是 2，distributed 是 False。用几个进程训练，要写 distributed=True。",
            "Parameter nproc is 2, distributed is False. Several processes need distributed=True.",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_does_not_fit_is_refused(
    classes: int, params: dict[str, Any], kind: type[MMEduError], code: int | None, zh: str, en: str
) -> None:
    with pytest.raises(kind) as caught:
        config_of(classes, **params)
    assert caught.value.text == Text(zh, en)
    assert caught.value.code == code


def test_validation_needs_pictures() -> None:
    images = folder_of(3, val_set=0)
    with pytest.raises(DatasetError) as caught:
        build_config(TrainParams(), images, Settings(), OUT)
    assert caught.value.code == -201
    assert caught.value.text == Text(
        "val_set 里没有图片。请补上验证图片，或者写 validate=False。",
        "There are no pictures in val_set. Add pictures to validate on, or write validate=False.",
    )
    assert build_config(TrainParams(validate=False), images, Settings(), OUT)["data"]["val"]["classes"] == [
        "a",
        "b",
        "c",
    ]


def test_training_needs_pictures() -> None:
    with pytest.raises(DatasetError, match="There are no pictures in training_set"):
        build_config(TrainParams(), folder_of(3, training_set=0), Settings(), OUT)


CIFAR = {
    "model": {
        "type": "ImageClassifier",
        "backbone": {"type": "ResNet_CIFAR", "depth": 18},
        "head": {"type": "LinearClsHead", "num_classes": 1000, "topk": (1, 5)},
        "train_cfg": {"augments": {"type": "BatchMixup", "num_classes": 1000}},
    },
    "data": {
        "samples_per_gpu": 12,
        "workers_per_gpu": 4,
        "train": {
            "type": "RepeatDataset", "times": 9, "dataset": {"type": "CIFAR10", "pipeline": [{"type": "RandomCrop"}]}
        },
        "val": {"type": "CIFAR10", "pipeline": [{"type": "Normalize"}]},
    },
    "evaluation": {"interval": 5, "metric": "accuracy", "metric_options": {"topk": (1, 5)}},
    "optimizer": {"type": "AdamW", "lr": 5, "paramwise_cfg": {"norm_decay_mult": 0}},
    "lr_config": {"policy": "CosineAnnealing", "min_lr": 0},
    "runner": {"type": "IterBasedRunner", "max_iters": 9},
    "workflow": [("train", 1), ("val", 1)],
    "fp16": {"loss_scale": 512},
    "work_dir": "elsewhere",
}  # fmt: skip


def test_a_config_file_keeps_its_network_and_takes_our_parameters() -> None:
    before = repr(CIFAR)
    config = config_of(3, given=CIFAR, backbone="x.py", epochs=2, lr=0.1)
    assert repr(CIFAR) == before
    assert config["model"]["head"] == {"type": "LinearClsHead", "num_classes": 3, "topk": (1,)}
    assert config["model"]["train_cfg"]["augments"]["num_classes"] == 3
    assert config["evaluation"]["metric_options"] == {"topk": (1,)}  # what of the file's (1, 5) fits three classes
    assert config["evaluation"]["interval"] == 1
    assert config["optimizer"] == {
        "type": "SGD", "lr": 0.1, "momentum": 0.9, "weight_decay": 0.001, "paramwise_cfg": {"norm_decay_mult": 0},
    }  # fmt: skip
    assert config["lr_config"] == {"policy": "CosineAnnealing", "min_lr": 0}
    assert config["runner"] == {"type": "EpochBasedRunner", "max_epochs": 2}
    assert (config["workflow"], config["work_dir"], "fp16" in config) == ([("train", 1)], "out", False)
    data = config["data"]
    assert (data["samples_per_gpu"], data["workers_per_gpu"], data["train"]["type"]) == (12, 0, "CustomDataset")
    assert [step["type"] for step in data["train"]["pipeline"]] == ["LoadImageFromFile", "Resize", "RandomCrop"]


def test_pictures_of_a_file_for_lenet_are_loaded_grey() -> None:
    given = {**CIFAR, "model": {"backbone": {"type": "LeNet5", "num_classes": 10}, "head": {"type": "ClsHead"}}}
    config = config_of(3, given=given, backbone="x.py")
    assert config["data"]["val"]["pipeline"][0] == {"type": "LoadImageFromFile", "color_type": "grayscale"}
    assert config["model"]["backbone"]["num_classes"] == 3


def test_half_a_config_file_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        config_of(3, given={"lr": 1}, backbone="x.py")
    assert caught.value.code == -302
    assert caught.value.text == Text(
        "配置文件里没有 model 或 data。请用 mmcls 的完整配置文件。",
        "The config file has no model or no data. Use a complete mmcls config file.",
    )


@pytest.mark.parametrize("backbone", BACKBONES)
def test_the_text_of_a_config_reads_back_equal(backbone: str) -> None:
    config = config_of(backbone=backbone, settings=Settings(augment=True))
    text, found = config_text(config), {}
    exec(text, {"dict": dict}, found)  # our own text
    assert found == config
    assert text.startswith("model = dict(\n    type='ImageClassifier',\n    backbone=dict(")


def test_the_text_of_odd_values_reads_back_equal() -> None:
    odd = {
        "one": (1,),
        "long": ("x" * 90,),
        "none": [],
        "class_map": {"class": 1, 2: "二"},
        "deep": [{"a": ["b" * 70]}],
    }
    found: dict[str, Any] = {}
    exec(config_text(odd), {"dict": dict}, found)
    assert found == odd


def test_building_a_config_imports_nothing_heavy() -> None:
    script = (
        "import sys\nfrom pytest_mmedu.train import Settings, cached_train\n"
        "import pytest_mmedu.train.config, pytest_mmedu.train.config_text\n"
        "print([name for name in ('torch', 'numpy', 'mmcv', 'mmcls', 'cv2', 'rich') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_settings_are_data() -> None:
    assert dataclasses.asdict(Settings())["threads"] == 1
    assert hash(Settings()) == hash(Settings())
