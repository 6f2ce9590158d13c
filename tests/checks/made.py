"""Subjects for the tables of messages: real logs, run folders, weights and pictures, written into a folder."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.checks.subject import NoRun, Subject
from pytest_mmedu.dataset import read_dataset
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.run import Run
from pytest_mmedu.text import Text
from tests.handmade import small_weights, write_checkpoint

Make = Callable[[Path], Subject]
LOG = "run.log.json"
# What the checks of answers and of several trainings need to be asked at all.
ASKED: Mapping[str, Mapping[str, Any]] = {
    "values_differ": {"name": "lr", "trainings": 1},
    "steps_worked_out": {"name": "q"},
    "effective_batch": {"equals": 16},
    "training_named": {"name": "q", "behaves": "slow"},
    "best_weights_named": {"name": "q"},
    "default_folder_named": {"name": "q"},
    "log_named": {"name": "q"},
    "same_weights_named": {"name": "q"},
    "predictions_named": {"pictures": {"q": Path("q.png")}},
    "mistake_named": {"name": "q", "log": TrainLog("run.log.json", "mmcv json")},
    "remedy_named": {"name": "q", "log": TrainLog("run.log.json", "mmcv json")},
}
META = {"tool": "MMEdu2.0.0", "backbone": "LeNet", "device": "cpu", "dataset_size": 96}


@dataclass(frozen=True)
class Row:
    """One judgement: evidence, rule and hint, each in Chinese and in English."""

    check: str
    outcome: str
    subject: Make
    seen: tuple[str, str]
    wanted: tuple[str, str] | None = None
    hint: tuple[str, str] | None = None
    place: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    share: float | None = None


def train(epoch: int, loss: float | None, *, iter: int = 10, lr: float | None = 0.01, **more: Any) -> dict[str, Any]:
    record = {"mode": "train", "epoch": epoch, "iter": iter, "lr": lr, "loss": loss, **more}
    return {key: value for key, value in record.items() if value is not None}


def val(epoch: int, top1: float | None = None, *, lr: float = 0.01, **more: Any) -> dict[str, Any]:
    record = {"mode": "val", "epoch": epoch, "iter": 4, "lr": lr, "accuracy_top-1": top1}
    return {key: value for key, value in record.items() if value is not None} | more


def course(losses: Sequence[float], accuracies: Sequence[float] = ()) -> list[dict[str, Any]]:
    """A training record and a validation for each epoch."""
    records: list[dict[str, Any]] = []
    for at, loss in enumerate(losses):
        records.append(train(at + 1, loss))
        if at < len(accuracies):
            records.append(val(at + 1, accuracies[at]))
    return records


GOOD = course([1.1, 0.7, 0.4, 0.3, 0.2], [40.0, 60.0, 74.0, 92.0, 90.0])


def written(folder: Path, records: Sequence[Mapping[str, Any]], meta: Mapping[str, Any] | None = None) -> Path:
    path = folder / LOG
    lines = [META if meta is None else meta, *records]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def asked(*, unknown: Mapping[str, str] | None = None, **values: Any) -> Asked:
    """A script homework.py: one argument a line, from line 10 on; an AskedValue may be given as it is."""
    found = {}
    for line, (name, value) in enumerate(values.items(), start=10):
        place = f"homework.py:{line}"
        if value is ...:
            found[name] = AskedValue(None, "not filled in", place)
        else:
            found[name] = value if isinstance(value, AskedValue) else AskedValue(value, "given", place)
    return Asked(found, unknown or {}, "homework.py:9")


def with_asked(*, unknown: Mapping[str, str] | None = None, **values: Any) -> Make:
    return lambda folder: Subject(asked=asked(unknown=unknown, **values))


def with_log(records: Sequence[Mapping[str, Any]] = GOOD, meta: Mapping[str, Any] | None = None, **values: Any) -> Make:
    return lambda folder: Subject(asked=asked(**values), log=read_log(written(folder, records, meta)))


def with_text(text: str, **values: Any) -> Make:
    """A text log."""

    def make(folder: Path) -> Subject:
        path = folder / "run.log"
        path.write_text(text, encoding="utf-8")
        return Subject(asked=asked(**values), log=read_log(path))

    return make


def with_images(pictures: int = 96, classes: int = 3, val_pictures: int = 30, then: Make | None = None) -> Make:
    """A data set of so many pictures; they are only counted, so they are empty files."""

    def make(folder: Path) -> Subject:
        from dataclasses import replace

        root = folder / "data"
        for split, count in (("training_set", pictures), ("val_set", val_pictures)):
            for at in range(count):
                place = root / split / f"c{at % classes}"
                place.mkdir(parents=True, exist_ok=True)
                (place / f"{at:04}.png").write_bytes(b"\x89PNG" + bytes([at % 256, at // 256]) + split.encode())
        before = then(folder) if then is not None else Subject()
        return replace(before, images=read_dataset(root))

    return make


def with_run(
    *,
    epochs: int = 5,
    best: int | None = 4,
    latest: bool = True,
    records: Sequence[Mapping[str, Any]] | None = GOOD,
    params: Mapping[str, Any] | None = None,
    extra: Callable[[Path], None] | None = None,
    **values: Any,
) -> Make:
    """A run folder as a training leaves it, with small weights of three classes."""

    def make(folder: Path) -> Subject:
        place = folder / "run"
        place.mkdir()
        for epoch in range(1, epochs + 1):
            weigh(place / f"epoch_{epoch}.pth", epoch)
        if best is not None:
            weigh(place / f"best_accuracy_top-1_epoch_{best}.pth", best)
        if latest and epochs:
            (place / "latest.pth").write_bytes((place / f"epoch_{epochs}.pth").read_bytes())
        if extra is not None:
            extra(place)
        log = None if records is None else read_log(written(place, records))
        noted = {"epochs": 5, "batch_size": 8} if params is None else params
        return Subject(asked=asked(**values), run=Run(place, noted), log=log)

    return make


def weigh(path: Path, epoch: int, *, classes: int = 3, names: Sequence[str] | None = None, first: float = 0.5) -> Path:
    meta = {"epoch": epoch, "iter": 12 * epoch, "CLASSES": list(names or [f"c{at}" for at in range(classes)])}
    return write_checkpoint(path, small_weights(classes, first), meta)


def with_no_run(outcome: Any = "failed") -> Make:
    reason = NoRun(
        outcome,
        Text("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        Text("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        "homework.py:12",
    )
    return lambda folder: Subject(no_run=reason)
