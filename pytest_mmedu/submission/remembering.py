"""记住重新评估的结果 | What the judge's own looks at pictures came to, kept for those who want to show more of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pytest_mmedu.checks.evaluated import NotEvaluated, Recomputed

if TYPE_CHECKING:
    from pytest_mmedu.submission.evaluating import Evaluator


class Looked(NamedTuple):
    """One evaluation that a check asked for; `evaluator` knows the pictures."""

    evaluator: Evaluator
    weights: str
    split: str
    found: Recomputed

    def pictures(self) -> list[Path]:
        """In the order of the labels that were found."""
        return [path for _, path, _ in self.evaluator.pictures(self.split)]


@dataclass(frozen=True)
class Remembering:
    """An evaluator that keeps what it found, as `checks.evaluated.Evaluate`; made when it is first asked."""

    make: Callable[[], Evaluator]
    looked: list[Looked] = field(default_factory=list)
    _known: dict[tuple[object, ...], Recomputed | NotEvaluated] = field(default_factory=dict)

    @cached_property
    def evaluator(self) -> Evaluator:
        return self.make()

    def __call__(
        self,
        weights: Path,
        *,
        networks: Sequence[str],
        image_size: int | None,
        split: str,
        pictures: Sequence[Path] = (),
    ) -> Recomputed | NotEvaluated:
        asked = (weights, tuple(networks), image_size, split, tuple(pictures))
        if asked in self._known:
            return self._known[asked]
        found = self.evaluator(weights, networks=networks, image_size=image_size, split=split, pictures=pictures)
        self._known[asked] = found
        if isinstance(found, Recomputed) and not pictures:
            self.looked.append(Looked(self.evaluator, weights.name, split, found))
        return found
