"""The numbers of a stranger's weights: what torch wrote is read alike, and hostile files never come so far."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_mmedu.checkpoint.tensors import read_tensors
from pytest_mmedu.errors import CheckpointError
from tests.handmade import (
    Call,
    Name,
    Stored,
    pickled,
    raw_floats,
    root_of,
    small_weights,
    tensor,
    write_checkpoint,
    write_legacy,
    write_zip,
)


@pytest.mark.parametrize("write", [write_checkpoint, write_legacy])
def test_numbers_as_they_were_written(write: Callable[..., Path], tmp_path: Path) -> None:
    path = write(tmp_path / "x.pth", small_weights())
    found = read_tensors(path)
    for name, (shape, values) in small_weights().items():
        one = found[name]
        assert (one.shape, one.dtype, one.offset) == (shape, "float32", 0)
        assert list(struct.unpack(f"<{len(values)}f", one.raw)) == list(values)


def test_what_the_weights_do_not_name_stays_in_the_file(tmp_path: Path) -> None:
    """An optimizer's state is as large as the weights; of storages that two tensors share there is one."""
    root = root_of({"a": ((2,), [1.0, 2.0])}, None) | {"optimizer": {"momentum": tensor("7", 3, (3,))}}
    root["state_dict"]["b"] = tensor("0", 2, (1,))
    path = write_zip(tmp_path / "x.pth", pickled(root), [raw_floats([1.0, 2.0])], **{"data/7": raw_floats([0.0] * 3)})
    found = read_tensors(path)
    assert set(found) == {"a", "b"}
    assert found["a"].raw is found["b"].raw


def test_the_same_gate_as_for_the_facts(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "x.pth", pickled(Call("posix system", ("true",))))
    with pytest.raises(CheckpointError, match="carries code that would run"):
        read_tensors(path)


@pytest.mark.train
def test_torch_sees_the_same_numbers(tmp_path: Path) -> None:
    """Views of one storage, other orders of the axes, every kind of number, none at all."""
    import torch

    from pytest_mmedu.train.plain_weights import plain_weights

    whole = torch.arange(24, dtype=torch.float32)
    state = {
        "module.a": whole.view(4, 6),
        "b": whole[3:9],
        "c": whole.view(4, 6).t(),
        "d": torch.tensor(True),
        "e": torch.arange(5),
        "f": torch.full((3,), 0.5, dtype=torch.bfloat16),
        "g": torch.empty(0, 3),
        "h": torch.full((2, 2), 0.25, dtype=torch.float16),
    }
    torch.save({"state_dict": state, "meta": {"lr": whole.numpy()[1]}}, tmp_path / "x.pth")
    found = plain_weights(tmp_path / "x.pth")
    assert set(found) == {"a", "b", "c", "d", "e", "f", "g", "h"}
    for name, value in state.items():
        assert torch.equal(found[name.removeprefix("module.")], value), name
        assert found[name.removeprefix("module.")].dtype == value.dtype


def test_a_tensor_of_no_numbers(tmp_path: Path) -> None:
    storage = Stored(("storage", Name("torch FloatStorage"), "0", "cpu", 0))
    view = Call("torch._utils _rebuild_tensor_v2", (storage, 0, (0, 3), (3, 1), False, None))
    path = write_zip(tmp_path / "x.pth", pickled({"state_dict": {"w": view}}), [b""])
    assert read_tensors(path)["w"].raw == b""
