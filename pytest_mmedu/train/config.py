"""训练配置 | From parameters to an mmcls config: plain data in, plain data out, nothing heavy imported."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import DatasetError, ParameterError
from pytest_mmedu.params import TrainParams
from pytest_mmedu.text import Text
from pytest_mmedu.train.metrics import evaluation_config
from pytest_mmedu.train.networks import DEFAULT_SIZE, NETWORKS
from pytest_mmedu.train.settings import Settings

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder

Config = dict[str, Any]
LOG_INTERVAL = 10  # of mmcls and MMEdu
_SPLITS = {"train": "training_set", "val": "val_set", "test": "test_set"}
# What belongs to the machine or the run and not to a network: never taken over from a config file.
_OURS = ("workflow", "gpu_ids", "work_dir", "resume_from", "dist_params", "seed", "device", "total_epochs", "fp16")


def build_config(
    params: TrainParams,
    images: ImageFolder,
    settings: Settings,
    out: Path,
    *,
    given: Mapping[str, Any] | None = None,
) -> Config:
    """The whole config of one training. `given` is the content of a config file, where `backbone` names one.

    Raises:
        ParameterError: parameters that do not fit the data or one another.
        DatasetError: no training pictures, or no validation pictures to evaluate on.
    """
    refuse_unfit(params, images)
    classes = len(images.classes)
    config = _from_file(given, classes) if given is not None else _named(params, classes, settings)
    pipelines = config.pop("pipelines")
    # Of a fixed layout like that of mmcls, so that its own tools can read and rerun it.
    return {
        "model": config.pop("model"),
        "data": _data(params, images, pipelines, config.pop("batch_size")),
        "evaluation": evaluation_config(params, classes, config.pop("evaluation", None)),
        "optimizer": _optimizer(params, config.pop("optimizer", None)),
        "optimizer_config": config.pop("optimizer_config", {"grad_clip": None}),
        "lr_config": config.pop("lr_config"),
        "checkpoint_config": _checkpoints(config.pop("checkpoint_config", None), settings),
        "log_config": {"interval": LOG_INTERVAL, "hooks": [{"type": "TextLoggerHook"}]},
        "runner": {"type": "EpochBasedRunner", "max_epochs": params.epochs},
        "dist_params": {"backend": "gloo" if params.distributed and params.device == "cpu" else "nccl"},
        "log_level": "INFO",
        "work_dir": str(out),
        "load_from": params.checkpoint or config.pop("load_from", None),
        "resume_from": None if settings.resume_from is None else str(settings.resume_from),
        "workflow": [("train", 1)],
        "gpu_ids": [int(params.device.partition(":")[2] or 0)],
        "seed": params.random_seed,
        "device": params.device,
        **{key: value for key, value in config.items() if key not in ("log_config", "runner", "load_from")},
    }


def set_log_interval(config: Config, settings: Settings, steps: int) -> None:
    """mmcls logs nothing in an epoch shorter than its interval, and a student then sees no loss at all."""
    config["log_config"]["interval"] = settings.log_interval or max(1, min(LOG_INTERVAL, steps))


def optimizer_config(params: TrainParams) -> Config:
    """Arguments that this optimizer does not take are removed where torch can be asked (`optimizers.fitted`)."""
    momentum = {"momentum": 0.9} if params.optimizer == "SGD" else {}
    return {"type": params.optimizer, "lr": params.lr, **momentum, "weight_decay": params.weight_decay}


def refuse_unfit(params: TrainParams, images: ImageFolder) -> None:
    """What can be said before anything heavy is imported."""
    count = len(images.classes)
    if params.num_classes is not None and params.num_classes != count:
        seen = Text(
            f"参数 num_classes 是 {params.num_classes}，数据集有 {count} 类。",
            f"Parameter num_classes is {params.num_classes}, the data set has {count} classes.",
        )
        raise ParameterError(seen, Text("请数一数 training_set 里有几个文件夹。", "Count the folders in training_set."))
    if params.nproc is not None and params.nproc > 1 and not params.distributed:
        seen = Text(
            f"参数 nproc 是 {params.nproc}，distributed 是 False。",
            f"Parameter nproc is {params.nproc}, distributed is False.",
        )
        raise ParameterError(
            seen, Text("用几个进程训练，要写 distributed=True。", "Several processes need distributed=True.")
        )
    _refuse_without(images, "training_set", Text("请把训练图片放进这个文件夹。", "Put the training pictures there."))
    if params.validate:
        todo = Text("请补上验证图片，或者写 validate=False。", "Add pictures to validate on, or write validate=False.")
        _refuse_without(images, "val_set", todo)


def _refuse_without(images: ImageFolder, split: str, todo: Text) -> None:
    if not images.splits.get(split):
        raise DatasetError(Text(f"{split} 里没有图片。", f"There are no pictures in {split}."), todo, code=-201)


def _named(params: TrainParams, classes: int, settings: Settings) -> Config:
    network = NETWORKS[params.backbone]
    _refuse_single(params, network.channels is None)
    return {
        "model": network.model(classes),
        "pipelines": network.pipelines(settings.image_size, augment=settings.augment),
        "batch_size": network.batch_size,
        "lr_config": dict(network.lr_config),
    }


def _refuse_single(params: TrainParams, without_norm: bool) -> None:
    """Batch normalization needs two pictures to compute a spread from."""
    if params.batch_size == 1 and not without_norm:
        raise ParameterError(
            Text(f"参数 batch_size 是 1，{params.backbone} 一步至少要两张图。",
                 f"Parameter batch_size is 1, {params.backbone} needs at least two pictures per step."),
            Text("请用大一些的批大小。", "Use a larger batch."),
        )  # fmt: skip


def network_of_file(given: Mapping[str, Any], classes: int) -> tuple[Config, tuple[list[Config], list[Config]]]:
    """Model and pipelines (training, validation) of a config file, made for this number of classes.

    Raises:
        ParameterError: it is no complete mmcls config (-302).
    """
    model, data = given.get("model"), given.get("data")
    if not isinstance(model, dict) or not isinstance(data, dict):
        raise ParameterError(
            Text("配置文件里没有 model 或 data。", "The config file has no model or no data."),
            Text("请用 mmcls 的完整配置文件。", "Use a complete mmcls config file."),
            code=-302,
        )
    model = copy.deepcopy(model)
    _set_class_count(model, classes)
    grey = any(part.get("type") == "LeNet5" for part in _dicts(model))
    train, val = (_pipeline(data.get(part) or {}, grey) or _pipeline(data, grey) for part in ("train", "val"))
    return model, (train, val)


def _from_file(given: Mapping[str, Any], classes: int) -> Config:
    model, pipelines = network_of_file(given, classes)
    config: Config = copy.deepcopy({key: value for key, value in given.items() if key not in _OURS})
    batch_size = config.pop("data").get("samples_per_gpu", 32)
    config.setdefault("lr_config", {"policy": "fixed"})
    return {**config, "model": model, "pipelines": pipelines, "batch_size": batch_size}


def _set_class_count(model: Any, classes: int) -> None:
    """Head, backbone (LeNet) and mixup alike say `num_classes`; a head's top-k must not exceed it."""
    for part in _dicts(model):
        if "num_classes" in part:
            part["num_classes"] = classes
        if "topk" in part:
            ranks = part["topk"] if isinstance(part["topk"], (list, tuple)) else (part["topk"],)
            part["topk"] = tuple(k for k in ranks if k <= classes) or (1,)


def _dicts(value: Any) -> Iterator[dict[str, Any]]:
    """Every dict inside, the outermost first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _dicts(item)


def _pipeline(data: Config, grey: bool) -> list[Config]:
    """The first pipeline inside: wrappers such as RepeatDataset hold the data set one level deeper.

    CIFAR and MNIST come as arrays of 32 or 28 pixels, whose pipelines load nothing and may resize nothing.
    """
    steps: list[Config] = next((part["pipeline"] for part in _dicts(data) if part.get("pipeline")), [])
    kinds = {str(step.get("type")) for step in steps}
    if steps and "LoadImageFromFile" not in kinds:
        load = {"type": "LoadImageFromFile", "color_type": "grayscale" if grey else "color"}
        sized: list[Config] = [] if "Resize" in kinds else [{"type": "Resize", "size": DEFAULT_SIZE}]
        steps = [load, *sized, *steps]
    return copy.deepcopy(list(steps))


def _data(params: TrainParams, images: ImageFolder, pipelines: tuple[Any, Any], batch_size: int) -> Config:
    """Data workers stay at 0: their number would change the random augmentations."""
    by_part = {"train": pipelines[0], "val": pipelines[1], "test": pipelines[1]}
    data: Config = {"samples_per_gpu": params.batch_size or batch_size, "workers_per_gpu": 0}
    for part, pipeline in by_part.items():
        folder = str(images.root / _SPLITS[part])
        classes = list(images.classes)
        data[part] = {"type": "CustomDataset", "data_prefix": folder, "pipeline": pipeline, "classes": classes}
    return {**data, "persistent_workers": False, "pin_memory": params.device != "cpu"}


def _optimizer(params: TrainParams, given: Config | None) -> Config:
    """Name, rate and decay are the student's; which layers learn faster is the file's, and all else under that name."""
    kept = dict(given or {})
    if kept.pop("type", None) != params.optimizer:
        kept = {key: value for key, value in kept.items() if key in ("paramwise_cfg", "constructor")}
    own = optimizer_config(params)
    return {**own, **kept, "lr": own["lr"], "weight_decay": own["weight_decay"]}


def _checkpoints(given: Config | None, settings: Settings) -> Config:
    kept = {} if settings.keep_checkpoints is None else {"max_keep_ckpts": settings.keep_checkpoints}
    return {"interval": (given or {}).get("interval", 1), **kept}
