"""样例作业与应得的结果 | The sample submissions of an exercise and the verdict that each must meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from pytest_mmedu.exercise import tables, toml_file
from pytest_mmedu.exercise.load import SUBMISSIONS_FILE, Exercise
from pytest_mmedu.text import Lang


@dataclass(frozen=True)
class Expected:
    """`score` None means full; `fails` are checks as "loss_falls" or "param epochs"; `hints` words per language."""

    folder: Path
    kind: Literal["accepted", "rejected"]
    score: float | None = None
    fails: tuple[str, ...] = ()
    undecidable: tuple[str, ...] = ()
    hints: Mapping[Lang, tuple[str, ...]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.folder.name}"


def expected_submissions(exercise: Exercise) -> tuple[Expected, ...]:
    """What submissions.toml says, accepted ones first.

    Raises:
        ExerciseError: submissions.toml is missing or wrong.
    """
    table = toml_file.read(exercise.folder / SUBMISSIONS_FILE, tables.SUBMISSIONS)
    folder = exercise.submissions
    accepted = [
        Expected(folder / "accepted" / name, "accepted", one.get("score"))
        for name, one in table.get("accepted", {}).items()
    ]
    rejected = [_rejected(folder / "rejected" / name, one) for name, one in table.get("rejected", {}).items()]
    return (*accepted, *rejected)


def _rejected(folder: Path, one: Mapping[str, Any]) -> Expected:
    hints: dict[Lang, tuple[str, ...]] = {"zh": tuple(one["hint"]["zh"]), "en": tuple(one["hint"]["en"])}
    return Expected(folder, "rejected", one["score"], tuple(one["fails"]), tuple(one.get("undecidable", ())), hints)
