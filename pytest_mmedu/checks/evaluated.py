"""重新评估的结果 | What the judge's own process saw in the pictures with the weights that a run left."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple, Protocol

from pytest_mmedu.text import Text

_TOP = 5
_LEAST_LIKELY = 1e-12


class Evaluated(Protocol):
    """`n` pictures, accuracies in percent; `train.Evaluation` is one, too."""

    @property
    def n(self) -> int: ...
    @property
    def top1(self) -> float: ...
    @property
    def top5(self) -> float | None: ...


class Recomputed(NamedTuple):
    """For each picture its label and the classes that the network ranks first, the likeliest first.

    `network` is the one that the weights fit, `likely` how likely it holds each of these classes. A picture without a
    ranking is one that the network answered with NaN.
    """

    network: str
    classes: int
    labels: tuple[int, ...]
    ranked: tuple[tuple[int, ...], ...]
    likely: tuple[tuple[float, ...], ...] = ()

    @property
    def n(self) -> int:
        return len(self.labels)

    @property
    def top1(self) -> float:
        return self._right(1)

    @property
    def top5(self) -> float | None:
        return self._right(_TOP) if self.classes >= _TOP else None

    @property
    def loss(self) -> float:
        """The cross entropy, as in training; a class that is not among the first is as likely as the others left."""
        rows = zip(self.labels, self.ranked, self.likely, strict=True)
        return sum(-math.log(max(self._probability(*row), _LEAST_LIKELY)) for row in rows) / self.n

    def _probability(self, label: int, ranked: tuple[int, ...], likely: tuple[float, ...]) -> float:
        if label in ranked:
            return likely[ranked.index(label)]
        return (1 - sum(likely)) / (self.classes - len(ranked)) if ranked else 0.0

    @property
    def predictions(self) -> tuple[int | None, ...]:
        """What a confusion matrix is made of, together with `labels`."""
        return tuple(row[0] if row else None for row in self.ranked)

    def _right(self, first: int) -> float:
        return 100 * sum(label in row[:first] for label, row in zip(self.labels, self.ranked, strict=True)) / self.n


class NotEvaluated(NamedTuple):
    """Why nothing can be said about the weights, and what would let it be said. It accuses nobody."""

    seen: Text
    hint: Text


class Evaluate(Protocol):
    """Looks at the pictures of a split with these weights, in a process of its own.

    networks    names of known networks; the first one that the weights fit is taken
    image_size  side of the pictures that the network was trained on, None: the usual one
    pictures    some that belong to no split: looked at in this order, and nobody knows their labels

    Raises:
        CheckpointError: the file is none, or holds the weights of none of these networks.
    """

    def __call__(
        self,
        weights: Path,
        *,
        networks: Sequence[str],
        image_size: int | None,
        split: str,
        pictures: Sequence[Path] = (),
    ) -> Recomputed | NotEvaluated: ...
