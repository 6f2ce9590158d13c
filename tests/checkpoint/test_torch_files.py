"""Files that torch and mmcv really write: read without torch, and the same as torch reads them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.errors import CheckpointError

pytestmark = pytest.mark.train


def _network() -> Any:
    import torch
    from torch import nn

    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Flatten(), nn.Linear(8, 5))


def _save(path: Path, value: Any, **how: Any) -> Path:
    import torch

    torch.save(value, path, **how)
    return path


@pytest.mark.parametrize("zipped", [True, False])
def test_as_torch_reads_it(zipped: bool, tmp_path: Path) -> None:
    import torch

    net = _network()
    optimizer = torch.optim.Adam(net.parameters())
    net(torch.zeros(2, 3, 3, 3)).sum().backward()
    optimizer.step()
    whole = {"meta": {"epoch": 2, "iter": 40}, "state_dict": net.state_dict(), "optimizer": optimizer.state_dict()}
    path = _save(tmp_path / "x.pth", whole, _use_new_zipfile_serialization=zipped)
    found = read_checkpoint(path)
    expected = torch.load(path, weights_only=True)["state_dict"]
    assert found.shapes == {name: tuple(value.shape) for name, value in expected.items()}
    assert found.dtypes == {name: str(value.dtype).removeprefix("torch.") for name, value in expected.items()}
    assert (found.epoch, found.iter, found.head_size, found.finite) == (2, 40, 5, True)


def test_both_formats_have_one_fingerprint(tmp_path: Path) -> None:
    state = _network().state_dict()
    new = read_checkpoint(_save(tmp_path / "new.pth", state))
    old = read_checkpoint(_save(tmp_path / "old.pth", state, _use_new_zipfile_serialization=False))
    assert new.fingerprint == old.fingerprint


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "int8", "bool", "complex64"])
def test_kinds_of_numbers(dtype: str, tmp_path: Path) -> None:
    import torch

    value = torch.ones(3, 4).to(getattr(torch, dtype))
    found = read_checkpoint(_save(tmp_path / "x.pth", {"w": value}))
    assert (found.dtypes, found.shapes, found.finite) == ({"w": dtype}, {"w": (3, 4)}, True)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16", "bfloat16", "complex64"])
@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_not_finite(dtype: str, bad: float, tmp_path: Path) -> None:
    import torch

    value = torch.full((5,), 60000.0).to(getattr(torch, dtype))
    assert read_checkpoint(_save(tmp_path / "fine.pth", {"w": value})).finite
    value[3] = bad
    assert read_checkpoint(_save(tmp_path / "bad.pth", {"w": value})).not_finite == ("w",)


def test_views_and_shared_storages(tmp_path: Path) -> None:
    import torch

    base = torch.arange(12.0).reshape(3, 4)
    state = {"whole": base, "turned": base.t(), "row": base[1], "none": torch.zeros(0, 3), "one": torch.tensor(2.0)}
    found = read_checkpoint(_save(tmp_path / "x.pth", state))
    assert found.shapes == {"whole": (3, 4), "turned": (4, 3), "row": (4,), "none": (0, 3), "one": ()}


def test_meta_with_numpy_and_objects(tmp_path: Path) -> None:
    """mmcv's own best score is sometimes a numpy number, which torch's weights_only refuses."""
    import numpy as np
    import torch

    meta = {
        "epoch": 1,
        "score": np.float64(93.25),
        "single": np.float32(0.5),
        "steps": np.int64(7),
        "array": np.arange(3),
        "path": Path("a"),
        "ids": range(2),
        "sizes": torch.Size([1, 2]),
        "kind": torch.float32,
        "device": torch.device("cpu"),
        "raw": b"ab",
    }
    found = read_checkpoint(_save(tmp_path / "x.pth", {"meta": meta, "state_dict": _network().state_dict()})).meta
    assert (found["score"], found["single"], found["steps"]) == (93.25, 0.5, 7)
    assert (found["sizes"], found["kind"], found["device"]) == ([1, 2], "float32", "cpu")
    assert {found[name] for name in ("array", "path", "ids")} == {"<object>"}


def test_what_the_optimizer_was_set_to(tmp_path: Path) -> None:
    """Its settings, not the weights that it moves nor what it remembers of them."""
    import torch

    network = _network()
    settings = torch.optim.Adam(network.parameters(), lr=0.003).state_dict()
    whole = {"meta": {}, "state_dict": network.state_dict(), "optimizer": settings}
    found = read_checkpoint(_save(tmp_path / "x.pth", whole)).optimizer
    assert (found["lr"], found["betas"]) == (0.003, [0.9, 0.999])
    assert "params" not in found
    for name, other in (("none", None), ("list", []), ("empty", {"param_groups": []}), ("odd", {"param_groups": [7]})):
        path = _save(tmp_path / f"{name}.pth", {**whole, "optimizer": other})
        assert read_checkpoint(path).optimizer == {}


def test_a_whole_model_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match=r"holds a whole model \(torch\.nn\.modules\.container\.Sequential\)"):
        read_checkpoint(_save(tmp_path / "x.pth", _network()))


class Runs:
    def __init__(self, marker: Path) -> None:
        self._marker = marker

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self._marker),)


@pytest.mark.parametrize("zipped", [True, False])
def test_code_in_a_real_file_is_not_run(zipped: bool, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    value = {"meta": {"hook": Runs(marker)}, "state_dict": _network().state_dict()}
    path = _save(tmp_path / "x.pth", value, _use_new_zipfile_serialization=zipped)
    with pytest.raises(CheckpointError, match=r"carries code that would run \((posix|nt)\.mkdir\)"):
        read_checkpoint(path)
    assert not marker.exists()


def test_reading_imports_neither_torch_nor_numpy(tmp_path: Path) -> None:
    path = _save(tmp_path / "x.pth", _network().state_dict())
    code = (
        "import sys; from pathlib import Path; from pytest_mmedu.checkpoint import read_checkpoint; "
        "read_checkpoint(Path(sys.argv[1])); "
        "print(sorted({'torch', 'numpy', 'mmcv', 'pytest'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")
