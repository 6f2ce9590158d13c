"""读入权重 | Loading weights into a network, with a sentence for each way in which they may not fit."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pytest_mmedu.errors import CheckpointError
from pytest_mmedu.text import Text
from pytest_mmedu.train import compat

_AGAIN = Text("请换一个 .pth 文件，或重新训练。", "Choose another .pth file, or train again.")


def read_weights(path: Path) -> dict[str, Any]:
    """A checkpoint's content: `state_dict`, `meta`, `optimizer`; a bare state dict is wrapped.

    Raises:
        CheckpointError: no such file (-102), or not a checkpoint.
    """
    if not path.is_file():
        raise CheckpointError(
            Text(f"没有权重文件 {path.name}。", f"There is no checkpoint {path.name}."),
            Text(
                "请核对路径；训练会把 .pth 文件写进保存文件夹。",
                "Check the path; training writes .pth files to the save folder.",
            ),
            code=-102,
        )
    try:
        content = compat.load_tensors(path)
    except Exception as error:
        seen = Text(
            f"{path.name} 不是可以安全读取的权重文件，可能没有传完整。",
            f"{path.name} is not a checkpoint that can be read safely; it may have been cut off.",
        )
        raise CheckpointError(seen, _AGAIN) from error
    state = content.get("state_dict", content) if isinstance(content, dict) else None
    if not isinstance(state, dict) or not state or not all(hasattr(value, "shape") for value in state.values()):
        raise CheckpointError(Text(f"{path.name} 里没有权重。", f"There are no weights in {path.name}."), _AGAIN)
    state = {str(key).removeprefix("module."): value for key, value in state.items()}
    return {**content, "state_dict": state} if "state_dict" in content else {"state_dict": state}


def put_into(model: Any, state: Mapping[str, Any], name: str, *, other_classes: bool = False) -> list[str]:
    """Load all weights. With `other_classes` the last layer may differ and keeps its fresh values; its keys come back.

    Raises:
        CheckpointError: weights of another network, or of another number of classes.
    """
    own = model.state_dict()
    differing = [key for key in own if key in state and state[key].shape != own[key].shape]
    if set(own) != set(state) or any(not _only_classes(own[key], state[key]) for key in differing):
        raise CheckpointError(
            Text(f"{name} 是另一种网络的权重。", f"{name} holds the weights of another network."),
            Text("请核对 backbone。", "Check backbone."),
        )
    if differing and not other_classes:
        raise _of_other_classes(name, int(state[differing[0]].shape[0]), int(own[differing[0]].shape[0]))
    model.load_state_dict({**state, **{key: own[key] for key in differing}})
    return differing


def _only_classes(own: Any, other: Any) -> bool:
    """The class count is the first axis of the last layer's weights and of its bias."""
    return bool(own.dim() == other.dim() <= 2 and own.shape[1:] == other.shape[1:])


def _of_other_classes(name: str, found: int, wanted: int) -> CheckpointError:
    seen = Text(
        f"{name} 是 {found} 类的权重，数据集有 {wanted} 类。",
        f"{name} holds weights for {found} classes, the data set has {wanted}.",
    )
    return CheckpointError(seen, Text("请核对数据集和权重文件。", "Check the data set and the checkpoint."))
