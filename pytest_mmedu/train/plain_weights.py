"""陌生人的权重 | A stranger's weights as tensors, past torch's own loader: it unpickles nothing of the file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pytest_mmedu.checkpoint.tensors import RawTensor, read_tensors
from pytest_mmedu.train.stack import torch


def plain_weights(path: Path) -> dict[str, Any]:
    """The weights by name. What the checkpoint says beside them is not even looked at.

    torch.load(weights_only=True) would refuse honest files (a numpy number in their meta data) and trusts the shell
    that the structure check has read; here both see the same bytes in the same way.

    Raises:
        CheckpointError: the file is none, is damaged, or holds more than weights and plain data.
    """
    blocks: dict[int, Any] = {}
    return {name.removeprefix("module."): _tensor(raw, blocks) for name, raw in read_tensors(path).items()}


def _tensor(given: RawTensor, blocks: dict[int, Any]) -> Any:
    """Tensors of one storage share it here, too."""
    kind, key = getattr(torch, given.dtype), id(given.raw)
    if key not in blocks:
        blocks[key] = torch.frombuffer(given.raw, dtype=kind) if given.raw else torch.empty(0, dtype=kind)
    return torch.as_strided(blocks[key], given.shape, given.strides, given.offset)
