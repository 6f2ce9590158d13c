"""配置里的事实 | Facts from a dumped config by plain names, the same for both stacks.

| fact | mmcls 0.x on mmcv 1.x | mmcls 1.x on mmengine |
|---|---|---|
| num_classes | model.head.num_classes | the same |
| max_epochs, max_iters | runner, total_epochs | train_cfg |
| topk, metric | evaluation.metric_options, evaluation.metric | val_evaluator |
| head_topk | model.head.topk | the same |
| save_best, val_interval | evaluation | default_hooks.checkpoint, train_cfg |
| log_interval | log_config | default_hooks.logger |
| optimizer, lr | optimizer | optim_wrapper.optimizer |
| lr_policy, lr_milestones, warmup | lr_config | param_scheduler |
| batch_size, train_data, val_data | data | train_dataloader, val_dataloader |
| load_from, resume_from, work_dir, seed | the same | load_from, resume, work_dir, randomness |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_MISSING = object()
_WARMUPS = {"LinearLR": "linear", "ConstantLR": "constant"}
PATHS = {
    "num_classes": ("model.head.num_classes", "model.backbone.num_classes"),
    "head_topk": ("model.head.topk",),
    "max_epochs": ("train_cfg.max_epochs", "runner.max_epochs", "total_epochs"),
    "max_iters": ("train_cfg.max_iters", "runner.max_iters"),
    "topk": ("val_evaluator.topk", "evaluation.metric_options.topk"),
    "metric": ("val_evaluator.type", "evaluation.metric"),
    "save_best": ("default_hooks.checkpoint.save_best", "evaluation.save_best"),
    "val_interval": ("train_cfg.val_interval", "evaluation.interval"),
    "log_interval": ("default_hooks.logger.interval", "log_config.interval"),
    "optimizer": ("optim_wrapper.optimizer.type", "optimizer.type"),
    "lr": ("optim_wrapper.optimizer.lr", "optimizer.lr"),
    "lr_policy": ("param_scheduler.type", "lr_config.policy"),
    "lr_milestones": ("param_scheduler.milestones", "lr_config.step"),
    "warmup": ("lr_config.warmup",),
    "batch_size": ("train_dataloader.batch_size", "data.samples_per_gpu", "data.train_dataloader.samples_per_gpu"),
    "load_from": ("load_from",),
    "resume_from": ("resume_from", "resume"),
    "work_dir": ("work_dir",),
    "seed": ("seed", "randomness.seed"),
}
DATA = {
    "train_data": ("train_dataloader.dataset", "data.train"),
    "val_data": ("val_dataloader.dataset", "data.val"),
    "test_data": ("test_dataloader.dataset", "data.test"),
}
PLACE = ("data_root", "data_prefix", "ann_file", "split", "type")


def facts(dumped: Mapping[str, Any]) -> dict[str, Any]:
    """Whatever is there; a fact that the config does not state is missing."""
    found = {}
    for name, paths in PATHS.items():
        values = (_at(dumped, path) for path in paths)
        value = next((value for value in values if value is not _MISSING), _MISSING)
        if value is not _MISSING:
            found[name] = value
    found |= _schedule(dumped.get("param_scheduler"))
    for name, paths in DATA.items():
        sets = [part for path in paths if isinstance(part := _at(dumped, path), dict)]
        if sets:
            found[name] = {key: part[key] for part in [_innermost(sets[0])] for key in PLACE if key in part}
    return found


def _schedule(schedulers: Any) -> dict[str, Any]:
    """Of several mmengine schedulers one after another: the warm-up, and what follows it."""
    types = [item["type"] for item in _mappings(schedulers) if isinstance(item.get("type"), str)]
    after = [kind for kind in types if kind not in _WARMUPS]
    if not after or len(after) == len(types):
        return {}
    return {"lr_policy": after[0], "warmup": next(_WARMUPS[kind] for kind in types if kind in _WARMUPS)}


def _at(data: Any, path: str) -> Any:
    """The value at a dotted path; of a list the first element that has it."""
    key, _, rest = path.partition(".")
    for item in _mappings(data):
        if key in item:
            value = _at(item[key], rest) if rest else item[key]
            if value is not _MISSING:
                return value
    return _MISSING


def _mappings(data: Any) -> Iterator[Mapping[str, Any]]:
    found = data if isinstance(data, (list, tuple)) else [data]
    return (item for item in found if isinstance(item, dict))


def _innermost(dataset: dict[str, Any]) -> dict[str, Any]:
    """The data set inside RepeatDataset, ClassBalancedDataset and the like."""
    for _ in range(5):
        inner = dataset.get("dataset")
        if not isinstance(inner, dict):
            break
        dataset = inner
    return dataset
