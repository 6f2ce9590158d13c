"""组成报告 | A report from what was declared, what was seen, and what is known of the submission: pure functions."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pytest_mmedu import __version__
from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.score import Declared, Scored, Seen, score
from pytest_mmedu.submission.isolation.levels import Word
from pytest_mmedu.text import Text

MOST_NOTES = 100


@dataclass(frozen=True)
class Facts:
    """What one process knows about the submission of one exercise. Workers know parts of it: `and_` joins them."""

    exercise_id: str | None = None
    exercise_title: Text | None = None
    submission: SubmissionName = field(default_factory=SubmissionName)
    isolation: str = ""
    from_cache: bool | None = None
    notes: tuple[Text, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    guarantees: Mapping[str, Word] = field(default_factory=dict)
    refused: Text | None = None

    def and_(self, other: Facts) -> Facts:
        """Only where every process had its run from the cache did nothing train."""
        known = [cached for cached in (self.from_cache, other.from_cache) if cached is not None]
        return Facts(
            exercise_id=self.exercise_id or other.exercise_id,
            exercise_title=self.exercise_title or other.exercise_title,
            submission=self.submission if self.submission.name else other.submission,
            isolation=self.isolation or other.isolation,
            from_cache=all(known) if known else None,
            notes=tuple(dict.fromkeys((*self.notes, *other.notes))),
            versions={**other.versions, **self.versions},
            guarantees=self.guarantees or other.guarantees,
            refused=self.refused or other.refused,
        )

    def to_json(self) -> dict[str, Any]:
        return {
            "exercise_id": self.exercise_id,
            "exercise_title": self.exercise_title and self.exercise_title.to_json(),
            "submission": {
                "name": self.submission.name,
                "sha256": self.submission.sha256,
                "student": self.submission.student,
            },
            "isolation": self.isolation,
            "from_cache": self.from_cache,
            "notes": [note.to_json() for note in self.notes],
            "versions": dict(self.versions),
            "guarantees": dict(self.guarantees),
            "refused": self.refused and self.refused.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Facts:
        changed = {
            "exercise_title": data["exercise_title"] and Text.from_json(data["exercise_title"]),
            "submission": SubmissionName(**data["submission"]),
            "notes": tuple(Text.from_json(note) for note in data["notes"]),
            "refused": data["refused"] and Text.from_json(data["refused"]),
        }
        return cls(**{**data, **changed})


def build(declared: Sequence[Declared], seen: Iterable[Seen], facts: Facts, *, seconds: float = 0.0) -> Report:
    """The report of one exercise; `declared` are its tests and not empty."""
    scored = score(declared, seen)
    first = declared[0]
    folder = first.exercise.rpartition("/")[2] or first.exercise
    title = facts.exercise_title or next((one.exercise_title for one in declared if one.exercise_title), None)
    return Report(
        exercise=ExerciseName(facts.exercise_id or folder, title or Text.same(folder)),
        submission=facts.submission,
        tests=tuple(_test(one) for one in scored),
        score=float(sum(one.earned for one in scored)),
        max_score=float(sum(one.points for one in scored)),
        undecided=float(sum(one.undecided for one in scored)),
        isolation=facts.isolation,
        notes=_at_most(facts.notes),
        from_cache=bool(facts.from_cache),
        seconds=round(seconds, 3),
        versions={"pytest-mmedu": __version__, "python": platform.python_version(), **facts.versions},
        guarantees=facts.guarantees,
        refused=facts.refused,
    )


def _at_most(notes: tuple[Text, ...]) -> tuple[Text, ...]:
    """A report has a bound, whatever a submission gives cause to say."""
    more = len(notes) - MOST_NOTES
    if more <= 0:
        return notes
    return (*notes[:MOST_NOTES], Text(f"另有 {more} 条说明没有列出。", f"{more} more notes are not listed."))


def _test(one: Scored) -> TestReport:
    return TestReport(
        nodeid=one.declared.nodeid,
        title=one.declared.title,
        points=float(one.points),
        earned=float(one.earned),
        outcome=one.outcome,
        results=one.results,
        message=one.message,
    )
