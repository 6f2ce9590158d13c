"""一项检查的结果 | The result of one check: what was seen, what was wanted, the share earned, the hint, the place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pytest_mmedu.text import Text

Outcome = Literal["passed", "failed", "undecidable", "blocked", "error", "not run"]


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found.

    check    the check's id, the name of its function: "loss_falls"
    outcome  "passed" (share 1), "failed" (share below 1), "undecidable" or "error" (share 0)
    title    what is judged: Text("损失下降", "Loss falls")
    seen     the evidence: Text("1.10 → 0.21，10 轮", "1.10 → 0.21, 10 epochs")
    wanted   the rule: Text("要求下降 50%", "must fall by 50 %"); None where there is none to state
    share    0 to 1, the part of the points that it earns
    hint     the next step, never the answer; None when passed
    place    where the evidence was read, "run.log.json:21"
    """

    check: str
    outcome: Literal["passed", "failed", "undecidable", "error"]
    title: Text
    seen: Text
    wanted: Text | None = None
    share: float = 0.0
    hint: Text | None = None
    place: str | None = None

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise ValueError(f"share must be within 0 and 1, got {self.share}")
        if (self.outcome == "passed") != (self.share == 1.0):
            raise ValueError(f"outcome {self.outcome!r} does not go with share {self.share}")
        if self.outcome in ("undecidable", "error") and self.share:
            raise ValueError(f"outcome {self.outcome!r} earns nothing, got share {self.share}")

    def to_json(self) -> dict[str, Any]:
        """Plain data for a report; `from_json` gives an equal Result back."""
        return {
            "check": self.check,
            "outcome": self.outcome,
            "title": self.title.to_json(),
            "seen": self.seen.to_json(),
            "wanted": self.wanted and self.wanted.to_json(),
            "share": self.share,
            "hint": self.hint and self.hint.to_json(),
            "place": self.place,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Result:
        texts = {key: data[key] and Text.from_json(data[key]) for key in ("title", "seen", "wanted", "hint")}
        return cls(check=data["check"], outcome=data["outcome"], share=data["share"], place=data["place"], **texts)


def passed(check: str, title: Text, seen: Text, wanted: Text | None = None, place: str | None = None) -> Result:
    return Result(check, "passed", title, seen, wanted, share=1.0, place=place)


def failed(
    check: str,
    title: Text,
    seen: Text,
    wanted: Text | None = None,
    *,
    hint: Text,
    place: str | None = None,
    share: float = 0.0,
) -> Result:
    """`share` between 0 and 1 earns part of the points and is shown as half right."""
    return Result(check, "failed", title, seen, wanted, share=share, hint=hint, place=place)


def undecidable(
    check: str,
    title: Text,
    seen: Text,
    wanted: Text | None = None,
    *,
    hint: Text,
    place: str | None = None,
) -> Result:
    """The check cannot know; `seen` says why, `hint` what would let it know."""
    return Result(check, "undecidable", title, seen, wanted, hint=hint, place=place)
