"""What a submission asks for, and what a run folder holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pytest_mmedu.asked import Asked, AskedValue
from pytest_mmedu.run import best_epoch, read_run


def test_what_is_not_mentioned_has_mmedus_default() -> None:
    asked = Asked({"lr": AskedValue(0.1, place="homework.py:3")})
    assert asked["lr"] == AskedValue(0.1, "given", "homework.py:3")
    assert asked["epochs"] == AskedValue(100, "default")


def test_what_is_still_open_is_found() -> None:
    open_value = AskedValue(state="not filled in", place="homework.py:9")
    assert Asked({"epochs": open_value, "lr": AskedValue(0.1)}).not_filled_in == {"epochs": open_value}


def test_a_run_names_its_files(tmp_path: Path) -> None:
    for name in (
        "20260101_000000.log.json",
        "20260102_000000.log.json",
        "epoch_10.pth",
        "epoch_2.pth",
        "latest.pth",
        "best_accuracy_top-1_epoch_9.pth",
        "best_accuracy_top-1_epoch_10.pth",
        "notes.txt",
    ):
        (tmp_path / name).touch()
    (tmp_path / "run.json").write_text(json.dumps({"params": {"lr": 0.1}, "seconds": 2.5}), "utf-8")
    run = read_run(tmp_path)
    assert run.log == tmp_path / "20260102_000000.log.json"
    assert list(run.checkpoints) == [2, 10]
    assert run.latest == tmp_path / "latest.pth"
    assert run.best == tmp_path / "best_accuracy_top-1_epoch_10.pth"
    assert run.params == {"lr": 0.1}
    assert run.seconds == 2.5


@pytest.mark.parametrize("damaged", ["", "{", "[]", "null", '{"params": null}', "[" * 100_000])
def test_a_damaged_run_json_leaves_the_rest_readable(tmp_path: Path, damaged: str) -> None:
    (tmp_path / "run.json").write_text(damaged, "utf-8")
    run = read_run(tmp_path)
    assert run.params == {}
    assert (run.log, run.best, run.latest, run.checkpoints) == (None, None, None, {})


@pytest.mark.parametrize(
    ("name", "epoch"),
    [("best_accuracy_top-1_epoch_4.pth", 4), ("best_f1_score_epoch_12.pth", 12), ("best.pth", None)],
)
def test_the_epoch_in_a_best_checkpoints_name(name: str, epoch: int | None) -> None:
    assert best_epoch(Path(name)) == epoch
