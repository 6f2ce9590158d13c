"""Runs made up for the tests, and how each stack would log them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from pytest_mmedu.logs import TrainLog

STAMP = "2026-03-01 10:00:00,000 - mmcls - INFO - "
STAMP_NEW = "2026/03/01 10:00:00 - mmengine - INFO - "


@dataclass
class Epoch:
    """Losses by iteration, and what was measured after the epoch (None: not evaluated)."""

    losses: list[float]
    top1: float | None = None


@dataclass
class MadeUpRun:
    epochs: list[Epoch]
    per_epoch: int = 100
    interval: int = 10
    lr: float = 0.01
    config: dict[str, str] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[int, int, float]]:
        for number, epoch in enumerate(self.epochs, 1):
            for i, loss in enumerate(epoch.losses, 1):
                yield number, i * self.interval, loss


def number(value: float, digits: int) -> str:
    """As Python's format prints it: nan and inf in letters."""
    return f"{value:.{digits}f}"


def mmcv_json(run: MadeUpRun) -> list[str]:
    lines = ['{"env_info": "made up", "hook_msgs": {}}']
    for number_, epoch in enumerate(run.epochs, 1):
        for i, loss in enumerate(epoch.losses, 1):
            record = {"mode": "train", "epoch": number_, "iter": i * run.interval, "lr": run.lr, "memory": 836}
            record |= {"data_time": 0.05137, "loss": round(loss, 4), "time": 0.07641}
            lines.append(json.dumps(record))
        if epoch.top1 is not None:
            measured = {"mode": "val", "epoch": number_, "iter": 7, "lr": run.lr, "accuracy_top-1": epoch.top1}
            lines.append(json.dumps(measured))
    return lines


def mmcv_text(run: MadeUpRun) -> list[str]:
    lines = [STAMP + "Environment info:"]
    for number_, epoch in enumerate(run.epochs, 1):
        for i, loss in enumerate(epoch.losses, 1):
            lines.append(
                f"{STAMP}Epoch [{number_}][{i * run.interval}/{run.per_epoch}]\tlr: {run.lr:.3e}, eta: 0:01:05, "
                f"time: 0.076, data_time: 0.051, memory: 836, loss: {number(loss, 4)}"
            )
        if epoch.top1 is not None:
            lines.append(f"{STAMP}Epoch(val) [{number_}][7]\taccuracy_top-1: {number(epoch.top1, 4)}")
    return lines


def mmengine_json(run: MadeUpRun) -> list[str]:
    lines = []
    for number_, epoch in enumerate(run.epochs, 1):
        for i, loss in enumerate(epoch.losses, 1):
            step = (number_ - 1) * run.per_epoch + i * run.interval
            record = {"lr": run.lr, "data_time": 0.051, "loss": round(loss, 4), "time": 0.076, "epoch": number_}
            lines.append(json.dumps({**record, "memory": 836, "step": step}))
        if epoch.top1 is not None:
            lines.append(json.dumps({"accuracy/top1": epoch.top1, "data_time": 0.06, "time": 0.1, "step": number_}))
    return lines


def mmengine_text(run: MadeUpRun) -> list[str]:
    lines = [STAMP_NEW + "System environment:"]
    for number_, epoch in enumerate(run.epochs, 1):
        for i, loss in enumerate(epoch.losses, 1):
            lines.append(
                f"{STAMP_NEW}Epoch(train)  [{number_}][{i * run.interval:>4}/{run.per_epoch}]  lr: {run.lr:.4e}  "
                f"eta: 0:01:05  time: 0.0760  data_time: 0.0510  memory: 836  loss: {number(loss, 4)}"
            )
        if epoch.top1 is not None:
            lines.append(f"{STAMP_NEW}Epoch(val) [{number_}][7/7]    accuracy/top1: {number(epoch.top1, 4)}  time: 0.1")
    return lines


def returned(run: MadeUpRun) -> list[str]:
    """What train() returned, saved with indent=1."""
    records = [json.loads(line) for line in mmcv_json(run)]
    return json.dumps(records, indent=1).split("\n")


WRITERS: dict[str, Callable[[MadeUpRun], list[str]]] = {
    "mmcv json": mmcv_json,
    "mmcv text": mmcv_text,
    "mmengine json": mmengine_json,
    "mmengine text": mmengine_text,
    "records": returned,
}


def read_back(log: TrainLog, run: MadeUpRun) -> MadeUpRun:
    """The run as the log tells it; the global iteration of mmengine's JSON is brought back into the epoch."""
    epochs: dict[int, Epoch] = {}
    for record in log.train:
        assert record.epoch is not None
        assert record.loss is not None
        assert record.iter is not None
        within = record.iter - (record.epoch - 1) * run.per_epoch if log.format == "mmengine json" else record.iter
        epoch = epochs.setdefault(record.epoch, Epoch([]))
        epoch.losses.append(record.loss)
        assert within == len(epoch.losses) * run.interval
    for measured in log.val:
        assert measured.epoch is not None
        epochs.setdefault(measured.epoch, Epoch([])).top1 = measured.metrics["accuracy_top-1"]
    return MadeUpRun([epochs[n] for n in sorted(epochs)], run.per_epoch, run.interval, run.lr)


def small_run(epochs: int = 3, losses: Sequence[float] = (2.3, 1.2, 0.6)) -> MadeUpRun:
    return MadeUpRun([Epoch([loss / n for loss in losses], 40.0 + 10 * n) for n in range(1, epochs + 1)])
