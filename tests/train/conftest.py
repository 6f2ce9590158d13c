"""What the tests of the training share: real digits, few of them, and short runs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_mmedu.dataset import ImageFolder, find_dataset, read_dataset
from pytest_mmedu.params import TrainParams
from pytest_mmedu.run import Run

Records = list[dict[str, Any]]


@pytest.fixture(scope="session")
def digits() -> ImageFolder:
    """320 pictures to train on, 100 to validate on."""
    return read_dataset(find_dataset("digits10"))


@pytest.fixture(scope="session")
def few(digits: ImageFolder) -> ImageFolder:
    """Every eighth picture: 40 to train on, 13 to validate on."""
    return dataclasses.replace(digits, splits={name: found[::8] for name, found in digits.splits.items()})


@pytest.fixture
def trained(few: ImageFolder, tmp_path: Path) -> Callable[..., Run]:
    """`trained(lr=1.0)`: one epoch of LeNet on `few`, unless told otherwise."""
    from pytest_mmedu.train import Settings, train

    def run(images: ImageFolder = few, settings: Settings | None = None, folder: str = "run", **given: Any) -> Run:
        params = TrainParams.of(**{"epochs": 1, "batch_size": 8, **given})
        return train(params, images, tmp_path / folder, settings=settings or Settings(), watch=False)

    return run


@pytest.fixture
def records() -> Callable[[Run], Records]:
    """The lines of a run's log after the first, without the times."""

    def read(run: Run) -> Records:
        assert run.log is not None
        lines = [json.loads(line) for line in run.log.read_text("utf-8").splitlines()[1:]]
        return [{key: value for key, value in line.items() if key not in ("time", "data_time")} for line in lines]

    return read


@pytest.fixture
def weights() -> Callable[[Path], dict[str, Any]]:
    """The tensors of a checkpoint as bytes, so that equal means bit by bit."""

    def read(path: Path) -> dict[str, Any]:
        from pytest_mmedu.train.stack import torch

        state = torch.load(path, weights_only=True)["state_dict"]
        return {key: tensor.numpy().tobytes() for key, tensor in state.items()}

    return read
