"""迟交扣分 | What is taken off for handing in late: a rule of the exercise, applied to a time that is known.

[late]
due = 2026-11-20T23:59:00+08:00
per_day = 10          # for each day that has begun
unit = "points"       # or "percent", of the full score
most = 50             # never more than this
grace_hours = 1       # nothing is taken off for a delay up to this
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Unit = Literal["points", "percent"]
_HOURS_A_DAY = 24


@dataclass(frozen=True)
class LateRule:
    """`due` has a time zone; the days count from there, also where the grace was not enough."""

    due: datetime
    per_day: float
    unit: Unit = "points"
    most: float | None = None
    grace_hours: float = 0.0

    def hours_late(self, handed_in: datetime) -> float:
        """0 for what came in time, to the second."""
        return max(0.0, (handed_in - self.due).total_seconds() / 3600)

    def penalty(self, hours_late: float, score: float, max_score: float) -> float:
        """Points, never more than were earned."""
        if hours_late <= self.grace_hours:
            return 0.0
        taken = math.ceil(hours_late / _HOURS_A_DAY) * self.per_day
        if self.most is not None:
            taken = min(taken, self.most)
        if self.unit == "percent":
            taken = taken * max_score / 100
        return min(taken, score)

    def to_json(self) -> dict[str, Any]:
        return {
            "due": self.due.isoformat(),
            "per_day": self.per_day,
            "unit": self.unit,
            "most": self.most,
            "grace_hours": self.grace_hours,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LateRule:
        return cls(**{**data, "due": datetime.fromisoformat(data["due"])})
