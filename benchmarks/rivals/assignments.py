"""相同的作业 | Equal assignments for tools that do not know this kit: a program in cells, tests on its names.

`training` is exercise 01's own training (LeNet, 6 epochs on digits10, a validation after each) as a bare torch loop,
which does less than ours: it keeps no log and no checkpoint. `answers` is exercise 12's: numbers read from a log, by a
program that imports torch as most homework does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_mmedu.dataset import find_dataset


@dataclass(frozen=True)
class Assignment:
    """`cells` are the student's; `tests` are names and one line of Python each, which is true for right work."""

    name: str
    cells: tuple[str, ...]
    tests: Mapping[str, str]


def training() -> Assignment:
    pictures = find_dataset("digits10").resolve()
    parameters = f"EPOCHS, BATCH, LR = 6, 16, 0.05\nPICTURES = {str(pictures)!r}"
    return Assignment(
        "training",
        (_IMPORTS, parameters, _READ, _NETWORK, _TRAIN),
        {
            "parameters": "5 <= EPOCHS <= 30",
            "finished": "len(losses) == EPOCHS and len(accuracies) == EPOCHS",
            "learned": "losses[-1] <= 0.5 * losses[0] and max(accuracies) >= 0.8",
        },
    )


def answers(exercise: Path) -> Assignment:
    """The right answers are those of a submission that earns everything."""
    given = json.loads((exercise / "submissions" / "accepted" / "as_json" / "answers.json").read_text("utf-8"))
    cell = "\n".join(["answers = {", *(f"    {name!r}: {value!r}," for name, value in given.items()), "}"])
    tests = {name: f"answers[{name!r}] == {value!r}" for name, value in given.items()}
    return Assignment("answers", (_IMPORTS, cell), tests)


_IMPORTS = """\
from pathlib import Path
import torch
torch.set_num_threads(1)
torch.manual_seed(7)"""

_READ = """\
import numpy
from PIL import Image

def read(split):
    files = sorted(Path(PICTURES, split).glob("*/*"))
    pixels = [numpy.array(Image.open(file).convert("L").resize((32, 32)), dtype="float32") for file in files]
    pictures = torch.from_numpy(numpy.stack(pixels))[:, None] / 255 - 0.5
    return pictures, torch.tensor([int(file.parent.name) for file in files])

pictures, labels = read("training_set")
val_pictures, val_labels = read("val_set")"""

_NETWORK = """\
from torch import nn
model = nn.Sequential(
    nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
    nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(),
    nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
)"""

_TRAIN = """\
optimizer = torch.optim.SGD(model.parameters(), lr=LR, momentum=0.9)
losses, accuracies = [], []
for epoch in range(EPOCHS):
    seen = []
    for rows in torch.randperm(len(pictures)).split(BATCH):
        loss = nn.functional.cross_entropy(model(pictures[rows]), labels[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        seen.append(loss.item())
    losses.append(sum(seen) / len(seen))
    with torch.no_grad():
        accuracies.append((model(val_pictures).argmax(1) == val_labels).float().mean().item())"""
