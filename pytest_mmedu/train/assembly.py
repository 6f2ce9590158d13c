"""按配置搭建 | From a config to what mmcls trains with: network, optimizer, loaders, runner."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.text import Text, printable
from pytest_mmedu.train import compat
from pytest_mmedu.train.devices import gpus
from pytest_mmedu.train.memory import KeptPictures, ListedPictures, collated
from pytest_mmedu.train.settings import Settings
from pytest_mmedu.train.stack import (
    ConfigDict,
    build_classifier,
    build_dataloader,
    build_optimizer,
    torch,
    wrap_non_distributed_model,
)
from pytest_mmedu.train.together import ALONE, DividedPictures, SharedBatches, Team

if TYPE_CHECKING:
    from pytest_mmedu.dataset import Sample

Config = dict[str, Any]
_NO_GPU = Text("没有 NVIDIA 显卡的电脑用 'cpu'。", "Use 'cpu' on a computer without an NVIDIA GPU.")


def config_from_file(path: Path) -> Config:
    """What an mmcls config file says, `_base_` files included. The file is run: it must be the teacher's or one's own.

    Raises:
        ParameterError: it cannot be read (-302).
    """
    path = path.expanduser()
    if not path.is_file():
        seen = Text(f"没有配置文件 {path.name}。", f"There is no config file {path.name}.")
        raise ParameterError(seen, Text("请核对路径。", "Check the path."), code=-302)
    try:
        return compat.read_config_file(path)
    except (Exception, SystemExit) as error:
        why = printable(f"{type(error).__name__}: {error}", 160)
        raise ParameterError(
            Text(f"配置文件 {path.name} 读不了（{why}）。", f"Config file {path.name} cannot be read ({why})."),
            Text("请核对路径和文件内容。", "Check the path and the file."),
            code=-302,
        ) from error


def refuse_missing_device(device: str) -> None:
    """Raises ParameterError -301 where there is no such GPU."""
    if device == "cpu":
        return
    index = int(device.partition(":")[2] or 0)
    count = torch.cuda.device_count()
    if index >= count:
        found = gpus(count, for_cpu=torch.version.cuda is None)
        seen = Text(
            f"参数 device 是 {device!r}，这里用不了：{found.zh}。",
            f"Parameter device is {device!r}, which does not work here: {found.en}.",
        )
        raise ParameterError(seen, _NO_GPU, code=-301)


def network(config: Config, *, fresh: bool = True) -> Any:
    """The model of a config, with its first weights if `fresh`; otherwise they are about to be loaded.

    Raises:
        ParameterError: mmcls cannot build it (-302).
    """
    try:
        model = build_classifier(ConfigDict(copy.deepcopy(config["model"])))
        if fresh:
            model.init_weights()
    except Exception as error:
        why = printable(f"{type(error).__name__}: {error}", 160)
        seen = Text(f"按配置搭不出网络（{why}）。", f"No network can be built from the config ({why}).")
        raise ParameterError(seen, Text("请核对配置里的 model。", "Check model in the config."), code=-302) from error
    compat.let_lenet_see_one_picture(model)
    return model


def on_device(model: Any, device: str) -> Any:
    """Wrapped as mmcls does: plain on the CPU, MMDataParallel on a GPU."""
    if device == "cpu":
        return wrap_non_distributed_model(model, "cpu")
    index = int(device.partition(":")[2] or 0)
    torch.cuda.set_device(index)
    return wrap_non_distributed_model(model, "cuda", device_ids=[index])


def optimizer(model: Any, config: Config) -> Any:
    """Raises ParameterError where this optimizer cannot train this network."""
    try:
        return build_optimizer(model, ConfigDict(copy.deepcopy(config["optimizer"])))
    except (TypeError, ValueError) as error:
        name, why = config["optimizer"]["type"], printable(str(error), 160)
        seen = Text(f"优化器 {name} 用不了（{why}）。", f"Optimizer {name} cannot be used ({why}).")
        raise ParameterError(seen, Text("请换一个优化器或学习率。", "Choose another optimizer or rate.")) from error


def loader(config: Config, part: str, samples: Sequence[Sample], settings: Settings, team: Team = ALONE) -> Any:
    """mmcls's loader over the pictures of "train", "val" or "test", in mmcls's own shuffled order.

    One process of several gets its share of them.
    """
    data = config["data"]
    listed = [(sample.path, sample.label) for sample in samples]
    dataset = ListedPictures(listed, **_without_type(data[part]), test_mode=part != "train")
    kept = KeptPictures(dataset, settings.memory_mb << 20 if settings.cache_pictures else 0)
    batch = data["samples_per_gpu"]
    if team.meet is not None:
        return _shared_loader(config, part, kept, team)
    made = build_dataloader(
        kept,
        batch,
        0,
        dist=False,
        shuffle=part == "train",
        seed=config["seed"],
        pin_memory=data["pin_memory"],
        persistent_workers=False,
        drop_last=part == "train" and _leaves_one_over(config, len(listed), batch),
    )
    made.collate_fn = partial(collated, samples_per_gpu=batch)
    return made


def _shared_loader(config: Config, part: str, kept: KeptPictures, team: Team) -> Any:
    batch, pin = config["data"]["samples_per_gpu"], config["data"]["pin_memory"]
    least = 0 if config["model"]["backbone"]["type"] == "LeNet5" else 2  # batch normalization needs two
    batches: SharedBatches | DividedPictures = DividedPictures(len(kept), batch, team)
    if part == "train":
        batches = SharedBatches(len(kept), batch, team, seed=config["seed"], least=least)
    collate_fn = partial(collated, samples_per_gpu=batch)
    pictures: Any = kept
    return torch.utils.data.DataLoader(pictures, batch_sampler=batches, collate_fn=collate_fn, pin_memory=pin)


def _without_type(part: Config) -> Config:
    return {key: value for key, value in copy.deepcopy(part).items() if key != "type"}


def _leaves_one_over(config: Config, count: int, batch: int) -> bool:
    """A last batch of one picture stops batch normalization; that epoch does without the picture. LeNet takes it."""
    return config["model"]["backbone"]["type"] != "LeNet5" and count > batch and count % batch == 1
