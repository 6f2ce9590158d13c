"""配置的训练 | What a config stands for: load it, train what it says. Never imported by the judging process.

It runs where students' programs run, and at the level they run at: a config is a program, in every form that mmcv
reads. What it left of the student's own words is the model, the optimizer, the schedule and the evaluation.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_mmedu.config_tree import ConfigTree, Table, tree_of
from pytest_mmedu.mmedu import recorder
from pytest_mmedu.params import METRICS, TrainParams
from pytest_mmedu.submission.config.asking import asked_of
from pytest_mmedu.submission.config.parents import shipped_parent
from pytest_mmedu.train.config_text import config_text
from pytest_mmedu.train.handed_config import Config, Replaced, load_config, trainable

if TYPE_CHECKING:
    from pytest_mmedu.dataset import ImageFolder


_TAKEN_OVER = ("lr", "optimizer", "weight_decay", "batch_size", "epochs")


@dataclass
class _Wanted:
    """What the loaded config asks for, by train()'s names, and what had to be replaced."""

    values: dict[str, Any]
    replaced: list[Replaced] = field(default_factory=list)


def train_config(file: str, data: str | None) -> None:
    """Train what the config in `file` says on the pictures in `data`, into `work_dirs/<its name>`."""
    path = Path(file)
    loaded = load_config(path, shipped_parent)
    wanted = _Wanted(_asked(loaded, path.name))
    config, wanted.replaced = trainable(loaded, lambda name: Path(name).is_file())
    images = recorder.cap_images(_images(data, loaded))
    params = _params(wanted, config, len(images.classes))
    for one in wanted.replaced:
        recorder.tell_replaced(one)
    recorder.record(wanted.values)
    from pytest_mmedu.train import train

    run = train(params, images, Path("work_dirs", path.stem), watch=False, echo=True)
    recorder.finish(run.folder)


def _asked(loaded: Config, name: str) -> dict[str, Any]:
    asked = asked_of(_tree(loaded, name))
    return {key: one.value for key, one in asked.values.items() if one.state in ("given", "default")}


def _images(data: str | None, loaded: Config) -> ImageFolder:
    """The exercise's pictures; without any, those beside the folder that the config itself trains on."""
    from pytest_mmedu.dataset import read_dataset

    if data is not None:
        return read_dataset(data)
    found = _tree(loaded).first("data.train.data_prefix", "train_dataloader.dataset.data_root")
    return read_dataset(str(Path(found.value).parent) if isinstance(found.value, str) else "")


def _tree(loaded: Config, name: str = "") -> ConfigTree:
    root = tree_of(loaded)
    assert isinstance(root, Table)
    return ConfigTree(root, name)


def _params(wanted: _Wanted, config: Config, classes: int) -> TrainParams:
    """train()'s parameters for the config, which is written out in full for it.

    Raises:
        ParameterError: a value that no training can use.
    """
    values = wanted.values
    folder = Path(tempfile.mkdtemp())
    resolved = folder / "resolved.py"
    resolved.write_text(config_text(config), "utf-8")
    given: dict[str, Any] = {name: values[name] for name in _TAKEN_OVER if name in values}
    given |= {"save_best": values.get("save_best"), "random_seed": values.get("random_seed") or 0}
    given |= {"metric": _metrics(wanted), "topk": _topk(wanted, classes), "checkpoint": _start(wanted)}
    params = TrainParams.of(backbone=str(resolved), **given)
    stated = values.get("num_classes")
    if isinstance(stated, int) and stated != classes:
        wanted.replaced.append({"what": "classes", "from": stated, "to": classes})
    return replace(params, epochs=recorder.cap_epochs(params.epochs))


def _metrics(wanted: _Wanted) -> str | tuple[str, ...]:
    asked = wanted.values.get("metric")
    several = asked if isinstance(asked, (list, tuple)) else (asked,)
    known = tuple(one for one in several if one in METRICS)
    if len(known) < len(several):
        wanted.replaced.append({"what": "metric"})
    return known or "accuracy"


def _topk(wanted: _Wanted, classes: int) -> Any:
    asked = wanted.values.get("topk")
    ranks = asked if isinstance(asked, (list, tuple)) else (asked,)
    if not all(isinstance(rank, int) for rank in ranks):
        return asked
    fitting = tuple(rank for rank in ranks if rank <= classes)
    if len(fitting) < len(ranks):
        wanted.replaced.append({"what": "topk", "from": max(ranks), "to": classes})
    return fitting or (1,)


def _start(wanted: _Wanted) -> str | None:
    """The weights to start from, where they were handed in; nothing can be fetched from here."""
    asked = wanted.values.get("checkpoint")
    if isinstance(asked, str) and not Path(asked).is_file():
        wanted.replaced.append({"what": "weights", "name": asked})
        return None
    return asked if isinstance(asked, str) else None
