"""用 mmcls 训练 | Training with mmcls: `train`, `evaluate`, `cached_train`, `Settings`.

Importing this package imports neither torch nor mmcv: a cached run is found without them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_mmedu.train.cached import cached_train
    from pytest_mmedu.train.evaluation import Evaluation, Network, evaluate, load_network
    from pytest_mmedu.train.settings import Settings
    from pytest_mmedu.train.trainer import train

__all__ = ["Evaluation", "Network", "Settings", "cached_train", "evaluate", "load_network", "train"]

_HANDED_ON = {
    "Evaluation": "evaluation",
    "Network": "evaluation",
    "Settings": "settings",
    "cached_train": "cached",
    "evaluate": "evaluation",
    "load_network": "evaluation",
    "train": "trainer",
}


def __getattr__(name: str) -> Any:
    if name not in _HANDED_ON:
        raise AttributeError(f"module 'pytest_mmedu.train' has no attribute {name!r}")
    return getattr(import_module(f"pytest_mmedu.train.{_HANDED_ON[name]}"), name)
