"""配置要求了什么 | What a config asks for, in the words of train()'s parameters.

    optimizer.lr, optim_wrapper.optimizer.lr   -> lr
    runner.max_epochs, train_cfg.max_epochs    -> epochs

The child process asks the same of the config that it has loaded, so that both can be compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.config_tree import ConfigTree, Found
from pytest_mmedu.logs.config_facts import PATHS
from pytest_mmedu.text import Text

_NEWER = ("optim_wrapper", "train_dataloader", "train_cfg", "val_evaluator", "param_scheduler", "default_hooks")
_FACT_OF = {
    "lr": "lr",
    "epochs": "max_epochs",
    "batch_size": "batch_size",
    "optimizer": "optimizer",
    "checkpoint": "load_from",
    "metric": "metric",
    "save_best": "save_best",
    "topk": "topk",
    "num_classes": "num_classes",
    "random_seed": "seed",
    "save_fold": "work_dir",
}
_MORE = {
    "weight_decay": ("optim_wrapper.optimizer.weight_decay", "optimizer.weight_decay"),
    "device": ("device",),
}
# What neither mmcls nor mmengine has a value for where the config has none: MMEdu's default says nothing about it.
_LEFT_OUT = ("random_seed", "device", "save_fold")
_NETWORKS = {"LeNet5": "LeNet", "MobileNetV2": "MobileNet", "RegNet": "RegNet"}
_RESNETS = {18: "ResNet18", 50: "ResNet50"}


def asked_of(config: ConfigTree) -> Asked:
    """All parameters that the config decides, each with the place of its field."""
    rows = {name: PATHS[fact] for name, fact in _FACT_OF.items()} | _MORE
    values = {}
    for name, paths in rows.items():
        found = config.first(*paths)
        if found.state != "missing" or name not in _LEFT_OUT:
            values[name] = _value(config, name, found)
    values["validate"] = AskedValue(True, "default", config.name)
    values["backbone"] = _backbone(config)
    return Asked(values, {}, f"{config.name}:1", config)


def is_newer(config: ConfigTree) -> bool:
    """mmcls 1.x, mmpretrain: written for mmengine."""
    return any(name in config.root.entries for name in _NEWER)


def _value(config: ConfigTree, name: str, found: Found) -> AskedValue:
    if found.state == "missing":
        return AskedValue(_default(config, name), "default", config.name)
    if found.state == "unreadable":
        return AskedValue(None, "unreadable", found.place, why=found.why)
    if found.state == "not filled in":
        return AskedValue(None, "not filled in", found.place)
    reads = _READS.get(name)
    return AskedValue(reads(found.value) if reads else found.value, "given", found.place)


def _default(config: ConfigTree, name: str) -> Any:
    """What the library does where the config says nothing."""
    if name == "topk":
        return (1,) if is_newer(config) else (1, 5)
    if name == "weight_decay":
        return 0.01 if config.first(*PATHS["optimizer"]).value == "AdamW" else 0
    return "accuracy" if name == "metric" else None


def _metric(value: Any) -> Any:
    """mmengine names the class that measures: `Accuracy`, `SingleLabelMetric`."""
    if isinstance(value, str):
        return {"Accuracy": "accuracy", "SingleLabelMetric": ("precision", "recall", "f1_score")}.get(value, value)
    return tuple(value) if isinstance(value, list) else value


def _best(value: Any) -> Any:
    """`accuracy/top1` is mmengine's `accuracy_top-1`."""
    if isinstance(value, str) and "/" in value:
        value = value.replace("single-label/", "").replace("f1-score", "f1_score")
        return value.replace("accuracy/top", "accuracy_top-")
    return value


def _ranks(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


_READS: dict[str, Callable[[Any], Any]] = {"metric": _metric, "save_best": _best, "topk": _ranks}


def _backbone(config: ConfigTree) -> AskedValue:
    """MMEdu's name of the network; another network by the config itself, as MMEdu's constructor takes it."""
    kind, depth = config.at("model.backbone.type"), config.at("model.backbone.depth")
    name = _RESNETS.get(depth.value) if kind.value == "ResNet" and depth.given else _NETWORKS.get(str(kind.value))
    if kind.given and name is not None:
        return AskedValue(name, "given", kind.place)
    if kind.given and config.name.endswith(".py"):
        return AskedValue(config.name, "given", kind.place)
    if kind.state == "not filled in":
        return AskedValue(None, "not filled in", kind.place)
    return AskedValue(None, "unreadable", kind.place or config.name, why=kind.why or _OTHER)


_OTHER = Text("不是 MMEdu 的网络", "none of MMEdu's networks")
