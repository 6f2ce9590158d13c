"""A config that was handed in, made ready for a short training: what is kept, what is replaced."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.train.handed_config import trainable
from pytest_mmedu.train.newer_config import in_older_words, schedule

LOAD = {"type": "LoadImageFromFile"}


def never(_: str) -> bool:
    return False


def config(**changes: Any) -> dict[str, Any]:
    train = [LOAD, {"type": "RandomResizedCrop", "size": 224}, {"type": "RandomFlip", "flip_prob": 0.5}]
    val = [LOAD, {"type": "Resize", "size": (256, -1)}, {"type": "CenterCrop", "crop_size": 224}]
    data = {"samples_per_gpu": 16, "train": {"pipeline": train}, "val": {"pipeline": val}}
    return {"model": {"backbone": {"type": "ResNet"}}, "data": data, "load_from": "a.pth", **changes}


def test_large_pictures_become_small_ones_in_proportion() -> None:
    made, replaced = trainable(config(), never)
    assert made["data"]["train"]["pipeline"][1] == {"type": "RandomResizedCrop", "size": 32}
    assert [step.get("size", step.get("crop_size")) for step in made["data"]["val"]["pipeline"][1:]] == [(37, -1), 32]
    assert replaced == [{"what": "size", "from": 224, "to": 32}]
    assert "load_from" not in made


def test_small_pictures_and_networks_of_a_fixed_size_stay() -> None:
    small = config(data={"train": {"pipeline": [LOAD, {"type": "Resize", "size": 28}]}})
    assert trainable(small, never) == ({**{k: v for k, v in small.items() if k != "load_from"}}, [])
    fixed = config(model={"backbone": {"type": "VisionTransformer", "img_size": 224}})
    assert trainable(fixed, never)[0]["data"] == fixed["data"]


def test_weights_that_are_not_there_are_left_out() -> None:
    start = {"type": "Pretrained", "checkpoint": "https://example.org/resnet.pth", "prefix": "backbone"}
    model = {"backbone": {"type": "ResNet", "init_cfg": start}, "pretrained": "here.pth"}
    made, replaced = trainable(config(model=model), lambda name: name == "here.pth")
    assert made["model"] == {"backbone": {"type": "ResNet"}, "pretrained": "here.pth"}
    assert replaced[0] == {"what": "weights", "name": "https://example.org/resnet.pth"}
    assert model["backbone"]["init_cfg"] == start, "the loaded config itself stays as it is"


def test_pictures_of_a_config_without_pipelines_are_read_in_our_way() -> None:
    made, replaced = trainable(config(data={"samples_per_gpu": 4}), never)
    assert replaced == [{"what": "pipeline"}]
    assert made["data"]["train"]["pipeline"][0] == {"type": "LoadImageFromFile", "color_type": "color"}
    assert made["data"]["samples_per_gpu"] == 4


def test_a_config_without_a_model_is_refused() -> None:
    with pytest.raises(ParameterError) as caught:
        trainable({"optimizer": {}}, never)
    assert str(caught.value.text) == (
        "配置里没有 model。从 _base_ 继承，或者写上它。 | "
        "The config has no model. Inherit it from a _base_, or write it."
    )


def test_a_newer_config_in_older_words() -> None:
    loaded = {
        "model": {"type": "mmpretrain.ImageClassifier", "data_preprocessor": {"mean": [1]}, "head": {"num_classes": 3}},
        "train_dataloader": {"batch_size": 8},
        "optim_wrapper": {
            "optimizer": {"type": "SGD", "lr": 0.1},
            "clip_grad": {"max_norm": 5},
            "paramwise_cfg": {"a": 1},
        },
        "train_cfg": {"max_epochs": 5},
        "load_from": "a.pth",
    }
    assert in_older_words(loaded) == {
        "model": {"type": "ImageClassifier", "head": {"num_classes": 3}},
        "data": {"samples_per_gpu": 8},
        "optimizer": {"type": "SGD", "lr": 0.1, "paramwise_cfg": {"a": 1}},
        "optimizer_config": {"grad_clip": {"max_norm": 5}},
        "lr_config": {"policy": "fixed"},
        "runner": {"max_epochs": 5},
        "load_from": "a.pth",
    }


@pytest.mark.parametrize(
    ("given", "policy"),
    [
        ({"type": "MultiStepLR", "milestones": [3, 6], "gamma": 0.2}, {"policy": "step", "step": [3, 6], "gamma": 0.2}),
        ({"type": "StepLR", "step_size": 2}, {"policy": "step", "step": 2, "gamma": 0.1}),
        ({"type": "CosineAnnealingLR", "eta_min": 1e-5}, {"policy": "CosineAnnealing", "min_lr": 1e-5}),
        ({"type": "ExponentialLR", "gamma": 0.9}, {"policy": "exp", "gamma": 0.9}),
        ({"type": "PolyLR", "power": 2}, {"policy": "poly", "power": 2, "min_lr": 0}),
    ],
)
def test_schedules(given: dict[str, Any], policy: dict[str, Any]) -> None:
    assert schedule(given) == {**policy, "by_epoch": True}


def test_a_warm_up() -> None:
    steps = [{"type": "LinearLR", "start_factor": 0.25, "end": 2}, {"type": "CosineAnnealingLR"}]
    assert schedule(steps) == {
        "policy": "CosineAnnealing",
        "min_lr": 0,
        "by_epoch": True,
        "warmup": "linear",
        "warmup_iters": 2,
        "warmup_ratio": 0.25,
        "warmup_by_epoch": True,
    }
    assert schedule([]) == schedule(None) == {"policy": "fixed"}
