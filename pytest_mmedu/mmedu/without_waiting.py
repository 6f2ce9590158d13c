"""不等待 | While the real MMEdu trains: no processes that load pictures, no pauses, and a log that shows the loss.

A box lets no process talk to another through memory that nobody sees, and mmcv sleeps for two seconds in every epoch
lest those processes lock one another: with neither, a homework has the time that the exercise gives it. And it logs
every tenth step alone: on a small data set that is none. Written in Python 3.8, as what uses it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_RUNNER = "mmcv.runner.epoch_based_runner"


@contextmanager
def without_waiting(train: Callable[..., Any]) -> Iterator[None]:
    """Within, `train` loads its pictures itself; where torch or mmcv are not imported, nothing changes."""
    torch, runner = sys.modules.get("torch"), sys.modules.get(_RUNNER)
    undo = []
    inner = train.__globals__.get("train_model")  # mmcls's, which it calls
    if inner is not None:
        undo.append(_replaced(sys.modules[train.__module__], "train_model", _logged(inner)))
    if torch is not None:
        undo.append(_replaced(torch.utils.data.DataLoader, "__init__", _alone(torch.utils.data.DataLoader.__init__)))
    if runner is not None:
        undo.append(_replaced(runner, "time", _Awake()))
    try:
        yield
    finally:
        for holder, name, before in undo:
            setattr(holder, name, before)


def _replaced(holder: Any, name: str, value: Any) -> tuple[Any, str, Any]:
    before = getattr(holder, name)
    setattr(holder, name, value)
    return holder, name, before


def _logged(original: Any) -> Any:
    def train_model(model: Any, dataset: Any, config: Any, *args: Any, **kwargs: Any) -> Any:
        steps = -(-len(dataset[0]) // config.data.samples_per_gpu)
        config.log_config.interval = max(1, min(config.log_config.interval, steps))
        return original(model, dataset, config, *args, **kwargs)

    return train_model


def _alone(original: Any) -> Any:
    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **{**kwargs, "num_workers": 0, "persistent_workers": False})

    return init


class _Awake:
    """The module `time`, whose sleep is short."""

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)

    def sleep(self, _: float) -> None: ...
