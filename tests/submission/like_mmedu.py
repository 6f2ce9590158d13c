"""A package that behaves as the real MMEdu 2.0.0 does, as far as its recorded runs and what it prints tell.

It takes that one's place in tests because the real one needs Python 3.8 and a torch of its own, which no test can
install. Nothing is computed: the loss falls by a rule, and is NaN where `lr` is 1e5 or more. It is copied into an
environment as a file, imports the standard library alone, and is written in Python 3.8.
"""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

__version__ = "2.0.0"
DIVERGES = 1e5


class MMClassification:
    def __init__(self, backbone: str = "LeNet", num_classes: int = -1, dataset_path: str = "../dataset/cls") -> None:
        if backbone not in ("LeNet", "ResNet18"):
            raise Exception("Error Code: -302. No such argument: " + backbone)
        self.cwd = str(Path.cwd().parent)
        self.backbone, self.num_classes, self.dataset_path = backbone, num_classes, dataset_path
        self.save_fold: str | None = None

    def load_dataset(self, path: str, check: bool = True) -> None:
        if not Path(path).exists():
            raise Exception("Error Code: -101. No such dateset directory: " + path)
        self.dataset_path = path

    def train(
        self,
        random_seed: int = 0,
        save_fold: str | None = None,
        distributed: bool = False,
        validate: bool = True,
        device: str = "cpu",
        metric: str = "accuracy",
        save_best: str = "auto",
        optimizer: str = "SGD",
        epochs: int = 100,
        lr: float = 0.01,
        weight_decay: float = 0.001,
        checkpoint: str | None = None,
        batch_size: int | None = None,
        topk: Any = None,
        **kwargs: Any,
    ) -> Any:
        if kwargs:
            raise Exception("Error Code: -501. No such parameter: " + next(iter(kwargs)))
        if device not in ("cpu", "cuda"):
            raise Exception("Error Code: -301. No such argument: " + device)
        if not self.save_fold:
            self.save_fold = save_fold or str(Path(self.cwd, "checkpoints/cls_model"))
        self.load_dataset(self.dataset_path)
        Path(self.save_fold).mkdir(parents=True, exist_ok=True)
        classes = list(Path(self.dataset_path, "training_set").iterdir())
        shown = "accuracy_top-1" if len(classes) <= 5 else "accuracy_top-5"
        lines = [self.head(device, lr)]
        for epoch in range(1, epochs + 1):
            loss, accuracy = (float("nan"), 0.0) if lr >= DIVERGES else (round(2.3 / (1 + epoch), 5), 80.0 + epoch)
            timed = {"data_time": 0.2, "loss": loss, "time": 0.3}
            lines.append({"mode": "train", "epoch": epoch, "iter": 10, "lr": lr, **timed})
            if validate:
                lines.append({"mode": "val", "epoch": epoch, "iter": 7, "lr": lr, shown: accuracy})
            self.save(f"epoch_{epoch}.pth")
        self.save("latest.pth")
        if validate and lr < DIVERGES:
            self.save(f"best_{shown}_epoch_{epochs}.pth")
        log = Path(self.save_fold, "20261123_071436.log.json")
        log.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
        return [ast.literal_eval(line) for line in log.read_text("utf-8").splitlines()]

    def head(self, device: str, lr: float) -> dict[str, Any]:
        pictures = [path for path in Path(self.dataset_path, "training_set").rglob("*") if path.is_file()]
        about = {"tool": "MMEdu" + __version__, "task": "Classification", "backbone": self.backbone, "device": device}
        return {**about, "dataset_size": len(pictures), "learning_rate": lr, "hook_msgs": {}}

    def save(self, name: str) -> None:
        Path(self.save_fold or "", name).write_bytes(b"weights")
