"""一份报告 | The report of one submission: one JSON document, both languages inside.

`report.schema.json` beside this file is its published form; `python -m pytest_mmedu.report.schema` writes it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pytest_mmedu import strict_json
from pytest_mmedu.errors import MachineError
from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.submission.isolation.levels import Word
from pytest_mmedu.text import Text

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from pytest_mmedu.report.page_evidence import Evidence

FORMAT: Literal["pytest-mmedu report 1"] = "pytest-mmedu report 1"
_CLOSE = 1e-6


@dataclass(frozen=True, slots=True)
class ExerciseName:
    """`id` is the one of exercise.toml, the folder's name without one."""

    id: str
    title: Text


@dataclass(frozen=True, slots=True)
class SubmissionName:
    """`sha256` of the file that was judged; None where nothing was handed in. `name` is empty without a submission.

    student  the id whose variant of the exercise was judged, empty for the neutral one
    """

    name: str = ""
    sha256: str | None = None
    student: str = ""


@dataclass(frozen=True, slots=True)
class TestReport:
    """One graded test. `message` says what is not in the results: why blocked, the text of an assert, an error."""

    __test__: ClassVar[bool] = False  # a name that pytest would collect

    nodeid: str
    title: Text
    points: float
    earned: float
    outcome: Outcome
    results: tuple[Result, ...] = ()
    message: Text | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "nodeid": self.nodeid,
            "title": self.title.to_json(),
            "points": self.points,
            "earned": self.earned,
            "outcome": self.outcome,
            "results": [result.to_json() for result in self.results],
            "message": self.message and self.message.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> TestReport:
        changed = {
            "title": Text.from_json(data["title"]),
            "results": tuple(Result.from_json(result) for result in data["results"]),
            "message": data["message"] and Text.from_json(data["message"]),
        }
        return cls(**{**data, **changed})


@dataclass(frozen=True)
class Report:
    """What one submission came to.

    undecided   points that no check could decide; they are not in `score`
    isolation   the level the student's program ran at ("process"), "artefacts" where what was handed in was judged
                without running it, empty where there was nothing of both
    guarantees  verified | watched | not provided, for files, network, processes, memory, disk
    refused     why the program was not run although nobody chose that: no isolation that is strong enough
    from_cache  nothing was trained: every run came from the cache
    seconds     how long grading took
    versions    of Python, pytest, this kit, and what trained
    evidence    what a page shows beside the verdicts; None in a report of a time when there was none
    """

    exercise: ExerciseName
    submission: SubmissionName
    tests: tuple[TestReport, ...]
    score: float
    max_score: float
    undecided: float = 0.0
    isolation: str = ""
    notes: tuple[Text, ...] = ()
    from_cache: bool = False
    seconds: float = 0.0
    versions: Mapping[str, str] = field(default_factory=dict)
    guarantees: Mapping[str, Word] = field(default_factory=dict)
    refused: Text | None = None
    evidence: Evidence | None = None
    format: Literal["pytest-mmedu report 1"] = FORMAT

    @property
    def all_earned(self) -> bool:
        """Every declared point is there, and there was one. Never for a program that was not run against all wishes."""
        return self.refused is None and 0 < self.max_score <= self.score + _CLOSE

    @property
    def has_errors(self) -> bool:
        """Something of ours or the machine's went wrong: the grading is to be repeated."""
        return not self.tests or self.refused is not None or any(test.outcome == "error" for test in self.tests)

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "exercise": {"id": self.exercise.id, "title": self.exercise.title.to_json()},
            "submission": {
                "name": self.submission.name,
                "sha256": self.submission.sha256,
                "student": self.submission.student,
            },
            "score": self.score,
            "max_score": self.max_score,
            "undecided": self.undecided,
            "tests": [test.to_json() for test in self.tests],
            "isolation": self.isolation,
            "notes": [note.to_json() for note in self.notes],
            "from_cache": self.from_cache,
            "seconds": self.seconds,
            "versions": dict(self.versions),
            "guarantees": dict(self.guarantees),
            "refused": self.refused and self.refused.to_json(),
            "evidence": self.evidence and self.evidence.to_json(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Report:
        """A report from plain data that is known to be right; `loads` takes data of unknown origin."""
        changed: dict[str, Any] = {
            "exercise": ExerciseName(data["exercise"]["id"], Text.from_json(data["exercise"]["title"])),
            "submission": SubmissionName(**data["submission"]),
            "tests": tuple(TestReport.from_json(test) for test in data["tests"]),
            "notes": tuple(Text.from_json(note) for note in data["notes"]),
            "refused": data["refused"] and Text.from_json(data["refused"]),
            "evidence": None,
        }
        if data.get("evidence") is not None:
            from pytest_mmedu.report.page_evidence import Evidence

            changed["evidence"] = Evidence.from_json(data["evidence"])
        return cls(**{**data, **changed})


def dumps(report: Report) -> str:
    """The report as a JSON text: no NaN, and no half characters that a file could not hold."""
    text = json.dumps(report.to_json(), ensure_ascii=False, allow_nan=False, indent=2)
    return text.encode("utf-8", "replace").decode("utf-8") + "\n"


def loads(text: str) -> Report:
    """The report in a JSON text, every name, type and sum checked.

    Raises:
        MachineError: this is not a whole report of this version.
    """
    try:
        data = strict_json.parse(text)
        adapter().validate_json(text, strict=True)
        report = Report.from_json(data)
        data.setdefault("evidence", None)  # what older reports lack
        same = report.to_json() == data  # also finds names that do not belong
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise _unreadable(_first_line(error)) from None
    if not same:
        raise _unreadable("unknown names")
    if not _adds_up(report):
        raise _unreadable("the points do not add up")
    return report


@cache
def adapter() -> TypeAdapter[Report]:
    """What pydantic makes of the dataclasses. It finds the name of the evidence's class here."""
    from pydantic import TypeAdapter

    from pytest_mmedu.report.page_evidence import Evidence  # noqa: F401

    return TypeAdapter(Report)


def _adds_up(report: Report) -> bool:
    numbers = [report.score, report.max_score, report.undecided, report.seconds]
    numbers += [number for test in report.tests for number in (test.points, test.earned)]
    if not all(math.isfinite(number) and number >= 0 for number in numbers):
        return False
    earned = math.fsum(test.earned for test in report.tests)
    declared = math.fsum(test.points for test in report.tests)
    right = abs(earned - report.score) < _CLOSE and abs(declared - report.max_score) < _CLOSE
    return right and all(test.earned <= test.points + _CLOSE for test in report.tests)


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


def _unreadable(reason: str) -> MachineError:
    seen = Text(f"这不是一份完整的成绩报告：{reason}。", f"This is not a whole report: {reason}.")
    return MachineError(seen, Text("请重新批改。", "Grade again."))
