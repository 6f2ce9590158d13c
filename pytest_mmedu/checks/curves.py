"""曲线的统计 | Statistics of curves: numbers in, numbers out, nothing of logs or languages.

Real losses are noisy: of 105 real student runs only 19 fall in every epoch. So a fall is judged over the whole curve:
the slope of the epochs' means is below zero, the last fifth lies below the start, and the drop is clear.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from typing import NamedTuple

CLEAR_DROP = 0.05  # a smaller drop counts only where the curve falls steadily ...
STEADY = -0.5  # ... that is, where its rank correlation with time is at most this


class Trend(NamedTuple):
    """`first` is the start of the curve, `last` the median of its last fifth."""

    first: float
    last: float
    slope: float
    steadiness: float

    @property
    def fall(self) -> float:
        """The part of the start that is gone at the end: 0.8 for 1.0 -> 0.2; negative where the curve rose."""
        return (self.first - self.last) / self.first if self.first > 0 else 0.0

    @property
    def falling(self) -> bool:
        return self.slope < 0 and self.last < self.first and (self.fall > CLEAR_DROP or self.steadiness <= STEADY)


def finite(values: Iterable[float]) -> list[float]:
    return [value for value in values if math.isfinite(value)]


def mean(values: Sequence[float]) -> float:
    """Divided first, then added: a sum of huge losses must not become infinite."""
    return math.fsum(value / len(values) for value in values)


def epoch_means(points: Iterable[tuple[int, float]]) -> dict[int, float]:
    """The mean of the finite values of each epoch, in order of epochs."""
    by_epoch: dict[int, list[float]] = {}
    for epoch, value in points:
        if math.isfinite(value):
            by_epoch.setdefault(epoch, []).append(value)
    return {epoch: mean(by_epoch[epoch]) for epoch in sorted(by_epoch)}


def slope(values: Sequence[float]) -> float:
    """Slope of the least-squares line through equally spaced values, relative to the largest of them."""
    largest = max((abs(value) for value in values), default=0.0)
    if len(values) < 2 or largest == 0:
        return 0.0
    middle = (len(values) - 1) / 2
    scaled = [value / largest for value in values]
    spread = sum((at - middle) ** 2 for at in range(len(scaled)))
    return math.fsum((at - middle) * value for at, value in enumerate(scaled)) / spread


def ranks(values: Sequence[float]) -> list[float]:
    """1 for the smallest; equal values share the mean of their ranks."""
    order = sorted(range(len(values)), key=lambda at: values[at])
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        stop = start
        while stop < len(order) and values[order[stop]] == values[order[start]]:
            stop += 1
        for at in order[start:stop]:
            found[at] = (start + 1 + stop) / 2
        start = stop
    return found


def steadiness(values: Sequence[float]) -> float:
    """Spearman's rank correlation with time: -1 falls in every step, 1 rises in every step, 0 does neither."""
    if len(values) < 2 or len(set(values)) == 1:
        return 0.0
    middle = (len(values) - 1) / 2
    of_time = [at - middle for at in range(len(values))]
    of_value = [rank - 1 - middle for rank in ranks(values)]
    both = math.sqrt(sum(t * t for t in of_time) * sum(v * v for v in of_value))
    return sum(t * v for t, v in zip(of_time, of_value, strict=True)) / both


def trend(values: Sequence[float], *, start: float | None = None) -> Trend | None:
    """The trend of a curve of at least two finite values; `start` where the beginning is known more finely."""
    if len(values) < 2:
        return None
    tail = values[-max(1, len(values) // 5) :]
    return Trend(
        first=values[0] if start is None else start,
        last=statistics.median(tail),
        slope=slope(values),
        steadiness=steadiness(values),
    )


def loss_trend(points: Sequence[tuple[int, float]]) -> Trend | None:
    """The trend of a loss from (epoch, loss) in order of time; None for fewer than two finite values.

    Up to two epochs the single values are judged, later the means of the epochs.
    """
    usable = [(epoch, value) for epoch, value in points if math.isfinite(value)]
    means = epoch_means(usable)
    values = [value for _, value in usable] if len(means) <= 2 else list(means.values())
    if len(means) < 2:
        return trend(values)
    beginning = [value for epoch, value in usable if epoch == next(iter(means))]
    return trend(values, start=max(values[0], mean(beginning[: max(1, len(beginning) // 5)])))


def may_reach(values: Sequence[float], wanted: float, rounding: float) -> bool:
    """May a learning rate with these logged values have started from, or grown to, `wanted`?

    A log shows every tenth step or so: what falls or grows in each step has its peak between two records, a warm-up
    longer than the training never gets there, and one that runs into the decay is bent down on the way.
    """
    peak = max(range(len(values)), key=values.__getitem__)
    if math.isclose(values[peak], wanted, rel_tol=0.01, abs_tol=rounding):
        return True
    grew = values[peak] - values[peak - 1] if peak else 0.0
    if wanted < values[peak] or (grew > 0 and peak == len(values) - 1):
        return wanted > values[peak]
    fell = values[peak] - values[peak + 1] if peak + 1 < len(values) else 0.0
    most = 2 * values[peak] if grew > 0 and fell > 0 else values[peak] + 2 * max(grew, fell)
    return wanted <= most


def chance_limit(classes: int, k: int = 1, pictures: int | None = None) -> float:
    """The accuracy that guessing among `classes` stays below: chance plus two standard deviations.

    Where the number of pictures is not known, a fifth above chance.
    """
    chance = min(1.0, k / classes)
    if pictures:
        return chance + 2 * math.sqrt(chance * (1 - chance) / pictures)
    return chance * 1.2


def at_chance(accuracies: Sequence[float], classes: int, k: int = 1, pictures: int | None = None) -> bool:
    """Is the later half of these accuracies (0 to 1) no better than guessing?"""
    later = accuracies[len(accuracies) // 2 :]
    return bool(later) and k < classes and statistics.median(later) <= chance_limit(classes, k, pictures)
