"""新版配置 | A config for mmengine (mmcls 1.x, mmpretrain) in the words of mmcls 0.x: plain data in, plain data out."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

Config = dict[str, Any]
_MARKS = ("optim_wrapper", "train_dataloader", "train_cfg", "val_evaluator", "param_scheduler", "default_hooks")
_NO_FIELDS = ("data_preprocessor", "train_cfg", "test_cfg", "_scope_")


def is_for_mmengine(loaded: Mapping[str, Any]) -> bool:
    return any(name in loaded for name in _MARKS)


def in_older_words(loaded: Mapping[str, Any]) -> Config:
    """Network, optimizer, schedule and batch size; how pictures are read is another matter in each library."""
    wrapper = _table(loaded.get("optim_wrapper"))
    optimizer: Config = copy.deepcopy(dict(_table(wrapper.get("optimizer"))))
    if wrapper.get("paramwise_cfg"):
        optimizer["paramwise_cfg"] = copy.deepcopy(wrapper["paramwise_cfg"])
    loader = _table(loaded.get("train_dataloader"))
    config: Config = {
        "model": _network(loaded.get("model")),
        "data": {"samples_per_gpu": loader.get("batch_size", 32)},
        "optimizer": optimizer,
        "optimizer_config": {"grad_clip": copy.deepcopy(wrapper.get("clip_grad"))},
        "lr_config": schedule(loaded.get("param_scheduler")),
        "runner": {"max_epochs": _table(loaded.get("train_cfg")).get("max_epochs")},
    }
    return config | {name: loaded[name] for name in ("load_from",) if name in loaded}


def _network(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _network(part) for key, part in value.items() if key not in _NO_FIELDS}
    if isinstance(value, (list, tuple)):
        return type(value)(map(_network, value))
    if isinstance(value, str) and value.startswith(("mmcls.", "mmpretrain.")):
        return value.rpartition(".")[2]
    return value


def schedule(value: Any) -> Config:
    """`param_scheduler` as `lr_config`: a warm-up, and what follows it."""
    steps = [step for step in (value if isinstance(value, (list, tuple)) else [value]) if isinstance(step, dict)]
    warm = next((step for step in steps if step.get("type") in ("LinearLR", "ConstantLR")), None)
    main = next((step for step in steps if step is not warm), {})
    config = _main_schedule(main)
    if warm is not None:
        config |= {
            "warmup": "linear" if warm["type"] == "LinearLR" else "constant",
            "warmup_iters": warm.get("end", 5),
            "warmup_ratio": warm.get("start_factor", warm.get("factor", 1 / 3)),
            "warmup_by_epoch": warm.get("by_epoch", True),
        }
    return config


def _main_schedule(step: Mapping[str, Any]) -> Config:
    kind = step.get("type")
    by_epoch = {"by_epoch": step.get("by_epoch", True)}
    if kind == "MultiStepLR":
        return {"policy": "step", "step": list(step.get("milestones", ())), "gamma": step.get("gamma", 0.1), **by_epoch}
    if kind == "StepLR":
        return {"policy": "step", "step": step.get("step_size", 1), "gamma": step.get("gamma", 0.1), **by_epoch}
    if kind == "CosineAnnealingLR":
        return {"policy": "CosineAnnealing", "min_lr": step.get("eta_min") or 0, **by_epoch}
    if kind == "ExponentialLR":
        return {"policy": "exp", "gamma": step.get("gamma", 0.1), **by_epoch}
    if kind == "PolyLR":
        return {"policy": "poly", "power": step.get("power", 1), "min_lr": step.get("eta_min") or 0, **by_epoch}
    return {"policy": "fixed"}


def _table(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
