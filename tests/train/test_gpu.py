"""What a GPU has to give: the same trainings and evaluations, and figures that agree with the processor's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from pytest_mmedu.dataset import ImageFolder
from pytest_mmedu.logs import read_log
from pytest_mmedu.run import Run
from pytest_mmedu.train.devices import usable_device

pytestmark = [pytest.mark.train, pytest.mark.gpu]
Trained = Callable[..., Run]


@pytest.fixture
def both(trained: Trained, digits: ImageFolder) -> dict[str, Run]:
    """The same training on the processor and on the card."""
    usual: dict[str, Any] = {"epochs": 3, "batch_size": 16, "lr": 0.05, "random_seed": 1, "topk": (1, 5)}
    return {device: trained(digits, folder=device, device=device, **usual) for device in ("cpu", "cuda")}


def test_auto_is_the_gpu() -> None:
    assert (usable_device("auto"), usable_device("cuda"), usable_device("cuda:0")) == ("cuda", "cuda", "cuda:0")


def test_a_training_on_the_gpu_learns_as_one_on_the_processor(both: dict[str, Run]) -> None:
    logs = {device: read_log(run.log) for device, run in both.items() if run.log is not None}
    assert {device: run.environment["device"] for device, run in both.items()} == {"cpu": "cpu", "cuda": "cuda"}
    best = {device: max(log.val.metrics["accuracy_top-1"]) for device, log in logs.items()}  # type: ignore[type-var]
    assert best["cuda"] == pytest.approx(best["cpu"], abs=5)  # of 100 pictures
    assert any(value for value in logs["cuda"].train.memory)


def test_weights_are_worth_the_same_on_both(both: dict[str, Run], digits: ImageFolder) -> None:
    from pytest_mmedu.train import evaluate

    checkpoint = both["cuda"].best
    assert checkpoint is not None
    found = {device: evaluate(checkpoint, digits, device=device) for device in ("cpu", "cuda")}
    assert found["cpu"].n == found["cuda"].n == 100
    assert found["cuda"].top1 == pytest.approx(found["cpu"].top1, abs=1)  # one picture
