"""权重里的数 | The numbers of a checkpoint's weights as raw bytes, past the same gate as its facts, without torch.

Only what the weights name is read: an optimizer's state, as large again, stays in the file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.checkpoint.reader import opened


@dataclass(frozen=True)
class RawTensor:
    """A view of `raw`, whole little-endian numbers of `dtype`; several tensors may share one `raw`."""

    raw: bytearray
    dtype: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


def read_tensors(path: Path) -> dict[str, RawTensor]:
    """The weights by name. Every view lies inside its bytes: nothing is larger than the file.

    Raises:
        CheckpointError: as `read_checkpoint`.
        OSError: the file cannot be read.
    """
    with path.open("rb") as file:
        shell, tensors, *_ = opened(path, file, path.stat().st_size)
        used = {tensor.storage.key: tensor.storage for tensor in tensors.values()}
        raw = {key: _joined(shell.read(storage)) for key, storage in used.items()}
    return {
        name: RawTensor(raw[one.storage.key], one.storage.dtype, one.offset, one.shape, one.strides)
        for name, one in tensors.items()
    }


def _joined(pieces: Iterable[bytes]) -> bytearray:
    whole = bytearray()
    for piece in pieces:
        whole += piece
    return whole
