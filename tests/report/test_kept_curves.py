"""The curves that a report keeps: few points, the peaks among them, and nothing that is no number."""

from __future__ import annotations

import math
from typing import Any

from pytest_mmedu.logs import TrainLog, from_records
from pytest_mmedu.report.kept_curves import curves_of, thinned
from pytest_mmedu.report.page_evidence import MOST_POINTS, Curve


def log_of(*records: dict[str, Any]) -> TrainLog:
    return from_records(list(records))


def train(epoch: int, at: int, loss: float) -> dict[str, Any]:
    return {"mode": "train", "epoch": epoch, "iter": at, "lr": 0.1, "loss": loss}


def val(epoch: int, **metrics: float) -> dict[str, Any]:
    return {"mode": "val", "epoch": epoch, "iter": 4, "lr": 0.1, **metrics}


def test_the_loss_within_its_epoch_and_the_accuracies_before_other_metrics() -> None:
    log = log_of(
        train(1, 1, 2.0), train(1, 2, 1.0), val(1, **{"precision": 3.0, "accuracy_top-1": 50.0, "accuracy_top-5": 90.0})
    )
    kept = curves_of(log)
    assert kept is not None
    assert (kept.unit, kept.number) == ("epoch", 0)
    assert kept.loss == ((0.5, 2.0), (1.0, 1.0))
    assert kept.metrics == (Curve("accuracy_top-1", ((1.0, 50.0),)), Curve("accuracy_top-5", ((1.0, 90.0),)))


def test_nan_and_what_is_out_of_all_bounds_is_left_out() -> None:
    log = log_of(train(1, 1, math.nan), train(1, 2, math.inf), train(2, 1, 1.7e308), train(2, 2, 0.1234567))
    kept = curves_of(log, 3)
    assert kept is not None
    assert kept.number == 3
    assert kept.loss == ((2.0, 0.123457),)


def test_a_log_without_any_number_has_no_curves() -> None:
    assert curves_of(log_of(train(1, 1, math.nan))) is None


def test_a_leap_stays_a_leap_however_long_the_log() -> None:
    points = [(float(i), 900.0 if i == 77_777 else -5.0 if i == 40_000 else math.sin(i)) for i in range(100_000)]
    kept = thinned(points, MOST_POINTS)
    assert len(kept) <= MOST_POINTS
    assert {(77_777.0, 900.0), (40_000.0, -5.0)} <= set(kept)
    assert kept == sorted(kept)


def test_few_points_stay_as_they_are() -> None:
    points = [(1.0, 2.0), (2.0, 2.0)]
    assert thinned(points, 2) == points
