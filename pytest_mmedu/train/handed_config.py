"""交上来的配置 | A config that a student handed in, loaded and made ready for a short training on other pictures.

Loading runs it: only in a process of its own. What is replaced is told by a key and plain values, for a note.
"""

from __future__ import annotations

import copy
import re
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import ParameterError
from pytest_mmedu.text import Text, printable
from pytest_mmedu.train.compat import read_config_file
from pytest_mmedu.train.networks import DEFAULT_SIZE, NETWORKS
from pytest_mmedu.train.newer_config import in_older_words, is_for_mmengine

Config = dict[str, Any]
Replaced = dict[str, Any]

_OF_MMCV = re.compile(r"tmp\w{4,12}\.py")  # the copy of a config that mmcv imports
_SIZES = ("size", "crop_size", "crop_padding", "padding", "scale")
_ENDS_IN = ("CenterCrop", "RandomResizedCrop", "RandomCrop", "Resize")
_WEIGHTS = ("init_cfg", "pretrained")


def load_config(file: Path, parent_of: Callable[[str], Path | None]) -> Config:
    """What the config says once it has been run, its parents included; `parent_of` finds those not beside it.

    An error in it is raised as if its line had been run in its own file.
    """
    try:
        with _parents(parent_of) as loading:
            return _plain_table(read_config_file(file))
    except (Exception, SystemExit) as error:
        inner = loading[-1] if loading else file
        lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if _is_copy(frame.f_code.co_filename)]
        at = "\n" * ((lines[-1] if lines else 1) - 1) + "raise error"
        exec(compile(at, str(inner), "exec"), {"error": error.with_traceback(None)})
        raise


def _is_copy(name: str) -> bool:
    return _OF_MMCV.fullmatch(Path(name).name) is not None


@contextmanager
def _parents(parent_of: Callable[[str], Path | None]) -> Iterator[list[Path]]:
    """While mmcv loads: the files being read, the innermost last; it stays last where it fails."""
    from mmcv import Config as MmcvConfig

    original = MmcvConfig._file2dict
    loading: list[Path] = []

    def read(filename: str, *args: Any, **kwargs: Any) -> Any:
        path = Path(filename)
        if not path.is_file():
            path = parent_of(filename) or _missing(filename)
        loading.append(path)
        found = original(str(path), *args, **kwargs)
        loading.pop()
        return found

    MmcvConfig._file2dict = staticmethod(read)
    try:
        yield loading
    finally:
        MmcvConfig._file2dict = staticmethod(original)


def _missing(filename: str) -> Path:
    name = printable(Path(filename).name, 60)
    seen = Text(f"继承的配置 {name} 没有交。", f"The parent {name} was not handed in.")
    todo = Text("把 _base_ 里写的文件一起交上。", "Hand in the files that _base_ names as well.")
    raise ParameterError(seen, todo)


def trainable(loaded: Mapping[str, Any], exists: Callable[[str], bool]) -> tuple[Config, list[Replaced]]:
    """The config as mmcls 0.x takes it, pictures of a size that a CPU can train on; and what was replaced."""
    replaced: list[Replaced] = []
    newer = is_for_mmengine(loaded)
    config = in_older_words(loaded) if newer else copy.deepcopy(dict(loaded))
    if not isinstance(config.get("model"), dict):
        seen = Text("配置里没有 model。", "The config has no model.")
        raise ParameterError(seen, Text("从 _base_ 继承，或者写上它。", "Inherit it from a _base_, or write it."))
    config.pop("load_from", None)  # train()'s own parameter says where to start
    model = config["model"] = _without_weights(config["model"], exists, replaced)
    data = config["data"] = config["data"] if isinstance(config.get("data"), dict) else {}
    if newer or not _has_pipelines(data):
        _give_pipelines(data, model)
        replaced.append({"what": "pipeline"})
    elif not any("img_size" in part for part in _dicts(model)):
        _make_smaller(data, replaced)
    if any(str(part.get("type", "")).startswith("Fp16") for part in _dicts(config.get("optimizer_config"))):
        config["optimizer_config"] = {"grad_clip": None}
    return config, replaced


def _has_pipelines(data: Config) -> bool:
    return any(part.get("pipeline") for part in _dicts(data))


def _give_pipelines(data: Config, model: Config) -> None:
    grey = any(part.get("type") == "LeNet5" for part in _dicts(model))
    train, val = NETWORKS["LeNet" if grey else "ResNet18"].pipelines(None, augment=False)
    for name, pipeline in (("train", train), ("val", val), ("test", val)):
        data[name] = {"pipeline": pipeline}


def _make_smaller(data: Config, replaced: list[Replaced]) -> None:
    largest = 0
    for part in _dicts(data):
        steps = part.get("pipeline")
        if isinstance(steps, (list, tuple)):
            size = _final_size(steps)
            if size > DEFAULT_SIZE:
                largest = max(largest, size)
                for step in _dicts(list(steps)):
                    _scale(step, DEFAULT_SIZE / size)
    if largest:
        replaced.append({"what": "size", "from": largest, "to": DEFAULT_SIZE})


def _final_size(steps: Any) -> int:
    """The side of the pictures behind the last step that sets it."""
    sides = [_largest(step.get("crop_size", step.get("size"))) for step in _dicts(list(steps))
             if step.get("type") in _ENDS_IN]  # fmt: skip
    return sides[-1] if sides else 0


def _largest(value: Any) -> int:
    values = value if isinstance(value, (list, tuple)) else [value]
    return max((one for one in values if isinstance(one, int)), default=0)


def _scale(step: Config, factor: float) -> None:
    for key in _SIZES:
        value = step.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            step[key] = _scaled(value, factor)
        elif isinstance(value, (list, tuple)) and all(isinstance(one, int) for one in value):
            step[key] = type(value)(_scaled(one, factor) for one in value)


def _scaled(value: int, factor: float) -> int:
    return max(1, round(value * factor)) if value > 0 else value


def _without_weights(model: Config, exists: Callable[[str], bool], replaced: list[Replaced]) -> Config:
    """Weights that were not handed in cannot be fetched here: no network."""
    model = copy.deepcopy(model)
    for part in _dicts(model):
        for key in _WEIGHTS:
            value = part.get(key)
            named = value.get("checkpoint") if isinstance(value, dict) else value
            if isinstance(named, str) and not exists(named):
                del part[key]
                replaced.append({"what": "weights", "name": named})
    return model


def _dicts(value: Any) -> Iterator[Config]:
    """Every dict inside, the outermost first."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for one in value:
            yield from _dicts(one)


def _plain_table(value: Mapping[str, Any]) -> Config:
    return {str(key): _plain(one) for key, one in value.items()}


def _plain(value: Any) -> Any:
    """Data only: a class stands for its name, as mmengine's `type=ResNet`; anything else for its text."""
    if isinstance(value, dict):
        return _plain_table(value)
    if isinstance(value, (list, tuple)):
        return (tuple if isinstance(value, tuple) else list)(map(_plain, value))
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    return getattr(value, "__name__", None) or printable(str(value), 200)
