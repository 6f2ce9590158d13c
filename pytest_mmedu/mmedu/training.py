"""一次训练 | One train() call: read the data, apply the limits of grading, train, return the log as MMEdu does."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.dataset import ImageFolder, read_dataset
from pytest_mmedu.mmedu import LIKE, recorder
from pytest_mmedu.mmedu.printing import say
from pytest_mmedu.params import TrainParams
from pytest_mmedu.text import Text

Records = list[dict[str, Any]]

_NOT_FINITE = Text(
    "损失变成了 NaN 或无穷大：模型没有学到东西。试试小一些的学习率。",
    "The loss became NaN or infinite: nothing was learned. Try a smaller learning rate.",
)


def run_training(params: TrainParams, folder: Path) -> Records:
    """Train into `folder` and return what the log says."""
    images = recorder.cap_images(read_dataset(params.dataset or ""))
    note = recorder.cap_note(params.epochs)
    if note is not None:
        say(note)
    params = replace(params, epochs=recorder.cap_epochs(params.epochs))
    from pytest_mmedu.train import train

    # Lines on the console, as MMEdu's users know them, in place of a bar: in a notebook or an editor a bar is not seen.
    run = train(params, images, folder, watch=False, echo=True, about=_about(params, images))
    recorder.finish(run.folder)
    records = read_records(run.log)
    if not losses_finite(records):
        say(_NOT_FINITE)
    return records


def _about(params: TrainParams, images: ImageFolder) -> dict[str, Any]:
    """The first line of the log and the meta of the weights, as MMEdu writes them."""
    return {
        "tool": f"MMEdu{LIKE}",
        "task": "Classification",
        "backbone": params.backbone,
        "device": params.device,
        "dataset_size": len(images.splits["training_set"]),
        "learning_rate": params.lr,
    }


def read_records(log: Path | None) -> Records:
    """The lines of a `.log.json` as dicts. A NaN loss stays NaN; the real MMEdu ends with a ValueError there."""
    if log is None:
        return []
    return [json.loads(line) for line in log.read_text("utf-8").splitlines() if line.strip()]


def losses_finite(records: Iterable[dict[str, Any]]) -> bool:
    return all(math.isfinite(record["loss"]) for record in records if "loss" in record)
