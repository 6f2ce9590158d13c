"""报告里的证据 | What a page shows beside the verdicts: curves, mixed-up classes, pictures, own lines.

All of it is a stranger's text and numbers, so every part has an upper bound, which the published schema states as well.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from annotated_types import Ge, Le, MaxLen, MinLen

MOST_POINTS = 200  # of a curve
MOST_METRICS = 2
MOST_TRAININGS = 4
MOST_EVALUATIONS = 3
MOST_PICTURES = 12  # of one report
MOST_PICTURE_CHARACTERS = 10_000
MOST_CLASSES = 20  # of a confusion matrix
MOST_PLACES = 24
LONGEST_LINE = 120
_MOST_NAMES = 200

Number = Annotated[float, Ge(-1e300), Le(1e300)]
Count = Annotated[int, Ge(0), Le(10**9)]
Points = Annotated[tuple[tuple[Number, Number], ...], MaxLen(MOST_POINTS)]
Name = Annotated[str, MaxLen(400)]
Line = Annotated[str, MaxLen(8 * LONGEST_LINE)]  # a sign that is not shown as it is takes up to eight
Row = Annotated[tuple[Count, ...], MaxLen(MOST_CLASSES)]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Curve:
    """A metric as the log names it, "accuracy_top-1", and its values."""

    name: Name
    points: Points


@dataclass(frozen=True, slots=True)
class TrainingCurves:
    """The log of one training. `number` from 1 where a program trains several times, else 0."""

    log: Name
    number: Count
    unit: Literal["epoch", "iteration"]
    loss: Points
    metrics: Annotated[tuple[Curve, ...], MaxLen(MOST_METRICS)]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TrainingCurves:
        metrics = tuple(Curve(one["name"], _points(one["points"])) for one in data["metrics"])
        return cls(**{**data, "loss": _points(data["loss"]), "metrics": metrics})


@dataclass(frozen=True, slots=True)
class WrongPicture:
    """A small copy of a picture. `label` and `predicted` are numbers of classes; None: the network gave NaN."""

    label: Count
    predicted: Count | None
    width: Count
    height: Count
    kind: Literal["png", "jpeg"]
    data: Annotated[str, MaxLen(MOST_PICTURE_CHARACTERS)]  # base64


@dataclass(frozen=True, slots=True)
class LookedAt:
    """What the judge's own look at the pictures of a split came to.

    confusion  a row for each class that the pictures show, a column for each that the network took them for; empty
               where there are too many classes
    pictures   some of the wrong ones; none of a split that is held out, which nobody is shown
    """

    weights: Name
    split: Name
    held_out: bool
    classes: Annotated[tuple[Name, ...], MaxLen(_MOST_NAMES)]
    n: Count
    right: Count
    confusion: Annotated[tuple[Row, ...], MaxLen(MOST_CLASSES)]
    pictures: Annotated[tuple[WrongPicture, ...], MaxLen(MOST_PICTURES)]

    def __post_init__(self) -> None:
        size = len(self.confusion)
        if size not in (0, len(self.classes)) or any(len(row) != size for row in self.confusion):
            raise ValueError("a confusion matrix has a row and a column for each class")
        known = len(self.classes)
        if any(max(one.label, one.predicted or 0) >= known for one in self.pictures):
            raise ValueError("a picture of a class that there is not")

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> LookedAt:
        changed = {
            "classes": tuple(data["classes"]),
            "confusion": tuple(tuple(row) for row in data["confusion"]),
            "pictures": tuple(WrongPicture(**one) for one in data["pictures"]),
        }
        return cls(**{**data, **changed})


@dataclass(frozen=True, slots=True)
class OwnLines:
    """Lines of the student's around a place. `first` numbers the first of them, `line` the one that is meant."""

    place: Name
    first: Count
    line: Count
    lines: Annotated[tuple[Line, ...], MinLen(1), MaxLen(5)]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> OwnLines:
        return cls(**{**data, "lines": tuple(data["lines"])})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Nothing is run or evaluated for it: what no check asked for is not there."""

    curves: Annotated[tuple[TrainingCurves, ...], MaxLen(MOST_TRAININGS)] = ()
    evaluations: Annotated[tuple[LookedAt, ...], MaxLen(MOST_EVALUATIONS)] = ()
    lines: Annotated[tuple[OwnLines, ...], MaxLen(MOST_PLACES)] = ()

    def and_(self, other: Evidence) -> Evidence:
        """What two processes know of one submission, each thing once, within the bounds."""
        return Evidence(
            _unique((*self.curves, *other.curves), lambda one: one.number)[:MOST_TRAININGS],
            _few_pictures(_unique((*self.evaluations, *other.evaluations), lambda one: (one.weights, one.split))),
            _unique((*self.lines, *other.lines), lambda one: one.place)[:MOST_PLACES],
        )

    def line_at(self, place: str | None) -> OwnLines | None:
        return next((one for one in self.lines if one.place == place), None)

    def to_json(self) -> dict[str, Any]:
        plain: dict[str, Any] = _plain(self)
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        changed = {
            "curves": tuple(map(TrainingCurves.from_json, data["curves"])),
            "evaluations": tuple(map(LookedAt.from_json, data["evaluations"])),
            "lines": tuple(map(OwnLines.from_json, data["lines"])),
        }
        return cls(**{**data, **changed})


def _points(data: Iterable[Iterable[float]]) -> tuple[tuple[float, float], ...]:
    return tuple((x, y) for x, y in data)


def _unique(all_of_them: Iterable[T], key: Callable[[T], object]) -> tuple[T, ...]:
    found: dict[object, T] = {}
    for one in all_of_them:
        found.setdefault(key(one), one)
    return tuple(found.values())


def _few_pictures(found: tuple[LookedAt, ...]) -> tuple[LookedAt, ...]:
    left, kept = MOST_PICTURES, []
    for one in found[:MOST_EVALUATIONS]:
        kept.append(dataclasses.replace(one, pictures=one.pictures[:left]))
        left -= len(kept[-1].pictures)
    return tuple(kept)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
