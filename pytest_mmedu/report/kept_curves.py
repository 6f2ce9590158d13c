"""留在报告里的曲线 | The curves of a log that a report keeps: few points, and none of the peaks lost."""

from __future__ import annotations

from collections.abc import Sequence

from pytest_mmedu.logs import TrainLog
from pytest_mmedu.report.log_rows import Point, loss_points, metric_points
from pytest_mmedu.report.page_evidence import MOST_METRICS, MOST_POINTS, Curve, TrainingCurves
from pytest_mmedu.text import printable

_LIMIT = 1e300
_DIGITS = 6


def curves_of(log: TrainLog, number: int = 0) -> TrainingCurves | None:
    """The loss and up to two metrics of this log, accuracies first; None where it has not a single number."""
    accuracies = sorted(log.metric_names, key=lambda name: not name.startswith("accuracy"))
    curves = [Curve(printable(name, 80), _kept(metric_points(log, name))) for name in accuracies[:MOST_METRICS]]
    loss = _kept(loss_points(log))
    metrics = tuple(curve for curve in curves if curve.points)
    if not loss and not metrics:
        return None
    by_epoch = any(log.train.epoch) or any(log.val.epoch)
    return TrainingCurves(printable(log.source), number, "epoch" if by_epoch else "iteration", loss, metrics)


def thinned(points: Sequence[Point], most: int) -> list[Point]:
    """At most so many points: the lowest and the highest of each stretch, so that a leap stays a leap."""
    if len(points) <= most:
        return list(points)
    stretches = most // 2
    kept: list[Point] = []
    for i in range(stretches):
        part = points[i * len(points) // stretches : (i + 1) * len(points) // stretches]
        kept += sorted({min(part, key=_height), max(part, key=_height)})
    return kept


def _kept(points: Sequence[Point]) -> tuple[Point, ...]:
    shown = [point for point in points if max(map(abs, point)) <= _LIMIT]
    return tuple((_rounded(x), _rounded(y)) for x, y in thinned(shown, MOST_POINTS))


def _height(point: Point) -> float:
    return point[1]


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
