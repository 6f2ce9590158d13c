"""Evidence made by hand, as much of it as a report can hold, and a report of every outcome that has it."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

from PIL import Image

from pytest_mmedu.report.page_evidence import (
    Curve,
    Evidence,
    LookedAt,
    OwnLines,
    TrainingCurves,
    WrongPicture,
)
from tests.report.every_outcome import EVERY_OUTCOME

LOG = "20260101_120000.log.json"


def picture(label: int, predicted: int | None, side: int = 28) -> WrongPicture:
    sink = io.BytesIO()
    Image.linear_gradient("L").resize((side, side)).rotate(90 * label).save(sink, "PNG")
    return WrongPicture(label, predicted, side, side, "png", base64.b64encode(sink.getvalue()).decode("ascii"))


TRAINING = TrainingCurves(
    log=LOG,
    number=0,
    unit="epoch",
    loss=tuple((epoch / 2, 2.3 / epoch) for epoch in range(1, 13)),
    metrics=(
        Curve("accuracy_top-1", tuple((float(epoch), 40.0 + 8 * epoch) for epoch in range(1, 7))),
        Curve("accuracy_top-5", tuple((float(epoch), 80.0 + 3 * epoch) for epoch in range(1, 7))),
    ),
)
SEEN = LookedAt(
    weights="best_accuracy_top-1_epoch_6.pth",
    split="val_set",
    held_out=False,
    classes=("cat", "斑马", "a very long name of a class"),
    n=30,
    right=24,
    confusion=((9, 1, 0), (2, 8, 0), (0, 2, 7)),
    pictures=(picture(0, 1), picture(1, 0), picture(2, None, side=96)),
)
UNSEEN = replace(SEEN, split="test_set", held_out=True, pictures=())
LINES = (
    OwnLines("homework.py:10", 9, 10, ("model.train(", "    epochs=1,", "    lr=0.05,")),
    OwnLines("homework.ipynb[3]:2", 2, 2, ("    seed = 1 + 1  # 随机",)),
)
EVIDENCE = Evidence(curves=(TRAINING,), evaluations=(SEEN, UNSEEN), lines=LINES)
WITH_EVIDENCE = replace(EVERY_OUTCOME, evidence=EVIDENCE)
SEVERAL = replace(
    WITH_EVIDENCE, evidence=replace(EVIDENCE, curves=(replace(TRAINING, number=1), replace(TRAINING, number=2)))
)
