"""参数名和权重路径 | What every method checks first: the names of its arguments, the device, the path of the weights.

Values are judged by the one table in `pytest_mmedu.params`; nothing is judged twice here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import CheckpointError, ParameterError
from pytest_mmedu.params import BACKBONES, PARAMETERS, problems, unknown_name
from pytest_mmedu.text import Text, printable

_OF_TRAIN = {row.name for row in PARAMETERS if row.owner == "train"}


def refuse_unknown(given: Mapping[str, Any], known: Sequence[str]) -> None:
    """Raise -501 for the first of the names that the method does not know."""
    for name in given:
        problem = unknown_name(name, known)
        if name in _OF_TRAIN and "lr" not in known:
            todo = Text("它是 train() 的参数，请写到 train(...) 里。", "It belongs to train(...): move it there.")
            problem = ParameterError(problem.seen, todo, code=problem.code)
        raise problem


def check(**given: Any) -> None:
    """Raise the first problem of these values: `check(device=device)`."""
    wrong = problems(given)
    if wrong:
        raise wrong[0]


def plain_path(value: Any) -> Any:
    """A `Path` becomes the text that the table expects; everything else stays as it is."""
    return os.fspath(value) if isinstance(value, Path) else value


def config_or_name(backbone: Any) -> str:
    """The network's name, or the path of an mmcls config that exists; else -302."""
    backbone = plain_path(backbone)
    check(backbone=backbone)
    if backbone in BACKBONES or Path(backbone).expanduser().is_file():
        return str(backbone)
    shown = printable(backbone)
    raise ParameterError(
        Text(f"没有配置文件 {shown}。", f"There is no config file {shown}."),
        Text(
            "请核对路径；相对路径从运行程序的文件夹算起。",
            "Check the path: relative ones start at the folder you run in.",
        ),
        code=-302,
    )


def weights_file(checkpoint: Any) -> Path:
    """The checkpoint as an existing file.

    Raises:
        ParameterError: -202, it is not the path of a `.pth`.
        CheckpointError: -102, there is no such file.
    """
    checkpoint = "" if checkpoint is None else plain_path(checkpoint)  # None is right for train() alone
    check(checkpoint=checkpoint)
    path = Path(checkpoint).expanduser()
    if path.is_file():
        return path
    raise CheckpointError(
        Text(f"没有权重文件 {printable(checkpoint)}。", f"There is no checkpoint {printable(checkpoint)}."),
        Text(
            "相对路径从运行程序的文件夹算起；请到训练的 save_fold 里看看有哪些 .pth 文件。",
            "Relative paths start at the folder you run in; look which .pth files lie in the save folder.",
        ),
        code=-102,
    )
