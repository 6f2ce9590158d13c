"""权重文件的信息 | What a checkpoint says about itself: MMEdu's pth_info()."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_mmedu.mmedu.arguments import weights_file
from pytest_mmedu.mmedu.printing import say
from pytest_mmedu.text import printable

_FIRST = ("tool", "backbone", "device")


def pth_info(checkpoint: str) -> None:
    """输出权重文件的信息 | Print who made the checkpoint, with which network, and how far the training was.

    Nothing that the file holds is run.

    Raises:
        ParameterError: -202, it is not the path of a `.pth`.
        CheckpointError: -102, there is no such file; without a number where the file is no checkpoint.
    """
    file = weights_file(checkpoint)
    from pytest_mmedu.checkpoint import read_checkpoint

    meta = read_checkpoint(file).meta
    line = "=" * (len(str(checkpoint)) + 9)
    say(f"{checkpoint} 相关信息如下:")
    say(line)
    for name, value in in_order(meta).items():
        say(f"{name} : {printable(str(value), 2000)}")
    say(line)


def in_order(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Tool, network and device first, the rest as it stands in the file."""
    first = {name: meta[name] for name in _FIRST if name in meta}
    return first | {name: value for name, value in meta.items() if name not in first}
