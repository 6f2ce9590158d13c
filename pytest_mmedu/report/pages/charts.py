"""网页上的曲线图 | Line charts of a page: where each point, line and word stands; the template draws them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pytest_mmedu.report.log_rows import Point
from pytest_mmedu.report.page_evidence import Curve, TrainingCurves
from pytest_mmedu.report.svg_plot import ticks, value_range
from pytest_mmedu.text import Text

WIDTH, HEIGHT = 400, 240
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 14, 38
_MOST_ROWS = 12  # of the table that says the same
_PERCENT = 100
_TINY = 1e-12

LOSS = Text("损失", "Loss")
ACCURACY = Text("验证准确率", "Validation accuracy")
UNITS = {"epoch": Text("轮", "epoch"), "iteration": Text("步", "iteration")}
_KNOWN = {
    "loss": LOSS,
    "accuracy_top-1": Text.same("top-1"),
    "accuracy_top-5": Text.same("top-5"),
}


@dataclass(frozen=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """`drawn` are the points of an SVG polyline; `dots` the same, where there are few enough to be seen."""

    name: Text
    drawn: str
    dots: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Chart:
    """`said` is the whole chart in a sentence; `columns` and `rows` are its table."""

    title: Text
    said: Text
    unit: Text
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]
    columns: tuple[Text, ...]
    rows: tuple[tuple[str, ...], ...]
    training: Text | None = None


def charts_of(training: TrainingCurves) -> list[Chart]:
    """The loss, and the metrics together; what has no number is left out."""
    which = Text(f"第 {training.number} 次训练", f"Training {training.number}") if training.number else None
    return [replace(chart, training=which) for chart in _charts(training)]


def _charts(training: TrainingCurves) -> list[Chart]:
    unit = UNITS[training.unit]
    found = []
    if training.loss:
        found.append(_chart(LOSS, unit, [Curve("loss", training.loss)]))
    if training.metrics:
        accuracies = [_as_fraction(curve) for curve in training.metrics]
        named = all(curve.name.startswith("accuracy") for curve in accuracies)
        found.append(_chart(ACCURACY if named else Text("验证指标", "Validation"), unit, accuracies))
    return found


def _as_fraction(curve: Curve) -> Curve:
    """0.74 as on the card, where the log says 74 %."""
    if not curve.name.startswith("accuracy"):
        return curve
    return Curve(curve.name, tuple((x, y / _PERCENT) for x, y in curve.points))


def _chart(title: Text, unit: Text, curves: Sequence[Curve]) -> Chart:
    points = [point for curve in curves for point in curve.points]
    x_low, x_high = _from_zero(x for x, _ in points)
    y_low, y_high = _with_room(*_from_zero((*_top_of(title), *(y for _, y in points))))
    x_scale = (WIDTH - LEFT - RIGHT) / (x_high - x_low)
    y_scale = (HEIGHT - TOP - BOTTOM) / (y_high - y_low)

    def across(x: float) -> float:
        return round(LEFT + (x - x_low) * x_scale, 1)

    def up(y: float) -> float:
        return round(HEIGHT - BOTTOM - (y - y_low) * y_scale, 1)

    return Chart(
        title,
        _in_words(title, unit, curves[0]),
        unit,
        tuple(_line(curve, [(across(x), up(y)) for x, y in curve.points]) for curve in curves),
        tuple(Tick(across(x), f"{x:g}") for x in ticks(x_low, x_high) if x == int(x)),
        tuple(Tick(up(y), f"{y:g}") for y in ticks(y_low, y_high)),
        (unit, *(_named(curve) for curve in curves)),
        tuple(_rows(curves)),
    )


def _from_zero(values: Iterable[float]) -> tuple[float, float]:
    """With zero among them; numbers too small to be told from it are drawn as it."""
    return value_range((0.0, *(value if abs(value) > _TINY else 0.0 for value in values)))


def _with_room(low: float, high: float) -> tuple[float, float]:
    """Up to the next round number, so that no point lies on the edge."""
    round_ones = list(ticks(low, high))
    step = round_ones[1] - round_ones[0] if len(round_ones) > 1 else high - low
    return low, high if round_ones[-1] >= high else round_ones[-1] + step


def _top_of(title: Text) -> Iterable[float]:
    return (1.0,) if title is ACCURACY else ()


def _line(curve: Curve, places: Sequence[tuple[float, float]]) -> Line:
    few = places if len(places) <= 30 else ()
    dots = tuple((f"{x:g}", f"{y:g}") for x, y in few)
    return Line(_named(curve), " ".join(f"{x:g},{y:g}" for x, y in places), dots)


def _named(curve: Curve) -> Text:
    return _KNOWN.get(curve.name) or Text.same(curve.name)


def _in_words(title: Text, unit: Text, curve: Curve) -> Text:
    first, last = curve.points[0], curve.points[-1]
    best = (min if title is LOSS else max)(curve.points, key=lambda point: point[1])
    which = Text("最低", "lowest") if title is LOSS else Text("最高", "highest")
    begins, ends, extreme = (_shown(point[1]) for point in (first, last, best))
    at = f"{math.ceil(best[0])}"  # within an epoch as well
    if len(curve.points) == 1:
        return Text(f"{title.zh}只记了一次：{ends}，第 {at} {unit.zh}。", f"{title.en} once: {ends} at {unit.en} {at}.")
    return Text(
        f"{title.zh}从 {begins} 到 {ends}，{which.zh} {extreme}，在第 {at} {unit.zh}。",
        f"{title.en} from {begins} to {ends}, {which.en} {extreme} at {unit.en} {at}.",
    )


def _shown(value: float) -> str:
    """0.192, 2450, 3.1e+09"""
    return f"{value:.0f}" if 1000 <= abs(value) < 1e7 else f"{value:.3g}"


def _rows(curves: Sequence[Curve]) -> Iterable[tuple[str, ...]]:
    """Evenly chosen places of the first curve, the last one always."""
    others = [dict(curve.points) for curve in curves[1:]]
    for x, y in _spread(curves[0].points):
        yield (f"{x:.6g}", _shown(y), *(_shown(other[x]) if x in other else "" for other in others))


def _spread(points: Sequence[Point]) -> list[Point]:
    if len(points) <= _MOST_ROWS:
        return list(points)
    return [points[round(i * (len(points) - 1) / (_MOST_ROWS - 1))] for i in range(_MOST_ROWS)]
