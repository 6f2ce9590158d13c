"""Forged evidence: what was changed in the folder of an honest training, and which checks say so in which words.

Each case is an edit of the files of one real training of four epochs; a classmate's, of six, lies at hand.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

BEST, LAST = "best_accuracy_top-1_epoch_4.pth", "epoch_4.pth"
DISAGREES = "computed again, 100 pictures"
Edit = Callable[[Path, Path], None]


@dataclass(frozen=True)
class Forgery:
    """`says`: the checks that do not pass, and words of each. `half`: those of them that still earn a half."""

    edit: Edit
    says: Mapping[str, str] = field(default_factory=dict)
    half: tuple[str, ...] = ()


def log_of(run: Path) -> Path:
    return next(run.glob("*.log.json"))


def edit_log(run: Path, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    lines = [change(json.loads(line)) for line in log_of(run).read_text("utf-8").splitlines()]
    write_log(run, lines)


def write_log(run: Path, lines: list[dict[str, Any]]) -> None:
    log_of(run).write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def better_number(run: Path, _: Path) -> None:
    def change(line: dict[str, Any]) -> dict[str, Any]:
        validated = line.get("mode") == "val" and line["epoch"] == 4
        return line | {"accuracy_top-1": 99.5} if validated else line

    edit_log(run, change)


def one_more_line(run: Path, _: Path) -> None:
    more = {"mode": "val", "epoch": 5, "iter": 7, "lr": 0.05, "accuracy_top-1": 99.0, "accuracy_top-5": 100.0}
    with log_of(run).open("a", encoding="utf-8") as file:
        file.write(json.dumps(more) + "\n")


def written_by_hand(run: Path, _: Path) -> None:
    """One epoch was trained; the log tells of four, each better than the one before."""
    head = json.loads(log_of(run).read_text("utf-8").splitlines()[0])
    lines = [head]
    for epoch in range(1, 5):
        lines.append({"mode": "train", "epoch": epoch, "iter": 20, "lr": 0.05, "loss": 2.0 / 2**epoch})
        lines.append({"mode": "val", "epoch": epoch, "iter": 7, "lr": 0.05, "accuracy_top-1": 95.0 + epoch})
    write_log(run, lines)
    for name in (BEST, LAST, "latest.pth"):
        shutil.copy(run / "epoch_1.pth", run / name)
    for epoch in (2, 3):
        (run / f"epoch_{epoch}.pth").unlink()


def of_a_classmate(name: str) -> Edit:
    def edit(run: Path, other: Path) -> None:
        for own in (BEST, LAST, "latest.pth"):
            shutil.copy(other / name, run / own)

    return edit


def others_log(run: Path, other: Path) -> None:
    shutil.copy(log_of(other), log_of(run))


def first_for_best(run: Path, _: Path) -> None:
    shutil.copy(run / "epoch_1.pth", run / BEST)


def told_in_run_json(**changes: Any) -> Edit:
    def edit(run: Path, _: Path) -> None:
        facts = json.loads((run / "run.json").read_text("utf-8"))
        for part, values in changes.items():
            facts[part] = facts.get(part, {}) | values
        (run / "run.json").write_text(json.dumps(facts), encoding="utf-8")

    return edit


HOLDS_ANOTHER = "named epoch 4, holds epoch {}"

FORGERIES: dict[str, Forgery] = {
    "an edited number": Forgery(better_number, {"accuracy_reproduced": DISAGREES}),
    "a validation appended": Forgery(
        one_more_line, {"best_checkpoint_matches": "the file is of epoch 4, the log's best is 5"}
    ),
    "a curve written by hand": Forgery(
        written_by_hand,
        {
            "accuracy_reproduced": DISAGREES,
            "best_checkpoint_matches": HOLDS_ANOTHER.format(1),
            "checkpoint_agrees": HOLDS_ANOTHER.format(1),
            "accuracy_recomputed": "of 100 pictures of val_set",
        },
        half=("accuracy_recomputed",),
    ),
    "a classmate's weights": Forgery(of_a_classmate(LAST), {"accuracy_reproduced": DISAGREES}),
    "weights trained longer than declared": Forgery(
        of_a_classmate("epoch_6.pth"),
        {"best_checkpoint_matches": HOLDS_ANOTHER.format(6), "checkpoint_agrees": HOLDS_ANOTHER.format(6)},
    ),
    "a classmate's log": Forgery(
        others_log,
        {
            "accuracy_reproduced": DISAGREES,
            "best_checkpoint_matches": "the file is of epoch 4, the log's best is 5",
        },
    ),
    "the first epoch's weights named the best": Forgery(
        first_for_best,
        {
            "accuracy_reproduced": DISAGREES,
            "best_checkpoint_matches": HOLDS_ANOTHER.format(1),
            "accuracy_recomputed": "of 100 pictures of val_set",
        },
        half=("accuracy_recomputed",),
    ),
    # What run.json says is a claim that can take nothing away and give nothing: the weights fit one network only.
    "a run.json that names another network": Forgery(told_in_run_json(params={"backbone": "ResNet50"})),
    "a run.json that names no network": Forgery(told_in_run_json(params={"backbone": ["LeNet"]})),
    "a run.json with pictures of a million pixels": Forgery(told_in_run_json(settings={"image_size": 10**6})),
}
