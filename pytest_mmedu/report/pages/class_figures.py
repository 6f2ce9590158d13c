"""全班的数字 | The figures of a class: how the scores lie, what was hard, what took long. Read once, row by row.

Nothing here keeps a report: a class of 10,000 needs no more memory than its scores.
"""

from __future__ import annotations

import heapq
import statistics
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.text import Text

Seen = Literal["passed", "half", "failed", "undecidable", "blocked", "error", "not run"]
BINS = 10
SLOWEST = 8
LISTED = 50  # that could not be graded; of more only the number is told
LEAST_JUDGED = 3
_MOST_CHECKS = 300
_MOST_HINTS = 20  # different ones of a check that are counted


@dataclass(frozen=True, slots=True)
class Bin:
    """Students with `low` to below `high` per cent of the points; the last one holds 100 as well."""

    low: int
    high: int
    count: int


@dataclass(frozen=True, slots=True)
class CheckFigures:
    """How one check went for the students it judged. `hint` is what most of those who failed were told."""

    title: Text
    counts: Mapping[Seen, int]
    hint: Text | None = None

    @property
    def judged(self) -> int:
        """Students with a verdict. What could not be decided or went wrong says nothing about them."""
        return self.counts.get("passed", 0) + self.missed

    @property
    def missed(self) -> int:
        """Students who did not get everything."""
        return self.counts.get("failed", 0) + self.counts.get("half", 0)

    @property
    def rate(self) -> float:
        """The share that missed it, 0 to 1."""
        return self.missed / self.judged if self.judged else 0.0


@dataclass(frozen=True, slots=True)
class TestFigures:
    """One test of the exercise: as a whole, and check by check. `mean` is of the points earned."""

    __test__ = False

    nodeid: str
    whole: CheckFigures
    points: float
    mean: float
    checks: tuple[CheckFigures, ...]

    @property
    def hardest_first(self) -> list[CheckFigures]:
        return sorted(self.checks, key=lambda check: -check.rate)


@dataclass(frozen=True, slots=True)
class Slow:
    student: str
    seconds: float


@dataclass(frozen=True, slots=True)
class NotGraded:
    student: str
    why: Text | None


@dataclass(frozen=True)
class Figures:
    """What the page says about the class as a whole.

    students     rows in the gradebook; `scored` of them have a final score, `waiting` are still to be graded,
                 `missing` have handed nothing in
    full         students with every point; `mean`, `median` in per cent of the points, None without a score
    isolation    students by the level their programs ran at; "" where nothing was run
    refused      programs that were not run, against all wishes: no isolation was strong enough
    not_graded   the first of those where our part went wrong; `failed_to_grade` is their number
    """

    students: int
    scored: int
    waiting: int
    missing: int
    full: int
    mean: float | None
    median: float | None
    bins: tuple[Bin, ...]
    tests: tuple[TestFigures, ...]
    slowest: tuple[Slow, ...]
    isolation: Mapping[str, int]
    refused: int
    not_graded: tuple[NotGraded, ...]
    failed_to_grade: int

    @property
    def hardest_first(self) -> list[tuple[CheckFigures, TestFigures]]:
        """The checks that somebody missed, with their tests. A test without checks stands for itself.

        One that could judge only a student or two of a class tells nothing about the class.
        """
        each = [(check, test) for test in self.tests for check in (test.checks or (test.whole,))]
        hard = [one for one in each if one[0].missed and one[0].judged >= min(LEAST_JUDGED, self.scored)]
        return sorted(hard, key=lambda one: (-one[0].rate, -one[0].missed))


def figures(rows: Iterable[Row]) -> Figures:
    """The figures of a whole class."""
    counting = Counting()
    for row in rows:
        counting.add(row)
    return counting.figures()


@dataclass
class _Check:
    title: Text
    counts: Counter[Seen] = field(default_factory=Counter)
    hints: Counter[Text] = field(default_factory=Counter)

    def add(self, outcome: Seen, hint: Text | None) -> None:
        self.counts[outcome] += 1
        if hint is not None and outcome in ("failed", "half") and (hint in self.hints or len(self.hints) < _MOST_HINTS):
            self.hints[hint] += 1

    def figures(self) -> CheckFigures:
        most = self.hints.most_common(1)
        return CheckFigures(self.title, dict(self.counts), most[0][0] if most else None)


@dataclass
class _Test:
    whole: _Check
    points: float
    earned: float = 0.0
    checks: dict[tuple[str, Text], _Check] = field(default_factory=dict)

    def add(self, test: TestReport) -> None:
        self.earned += test.earned
        self.points = max(self.points, test.points)
        self.whole.add(seen(test.outcome, test.earned), None)
        worst: dict[tuple[str, Text], Result] = {}
        for result in test.results:
            before = worst.setdefault((result.check, result.title), result)
            if _rank(result) > _rank(before):
                worst[result.check, result.title] = result
        for key, result in worst.items():
            if key in self.checks or len(self.checks) < _MOST_CHECKS:
                check = self.checks.setdefault(key, _Check(result.title))
                check.add(seen(result.outcome, result.share), result.hint)


def seen(outcome: Outcome, earned: float) -> Seen:
    """A test or check that earned something without passing is half right, as on the card."""
    return "half" if outcome == "failed" and earned else outcome


def _rank(result: Result) -> tuple[int, float]:
    """A check that is asked twice in a test counts once for a student, by what was worst."""
    return ("passed", "undecidable", "error", "failed").index(result.outcome), -result.share


class Counting:
    """The figures while the rows go by."""

    def __init__(self) -> None:
        self._students = self._waiting = self._missing = self._full = self._refused = self._failed = 0
        self._percents = array("d")
        self._tests: dict[str, _Test] = {}
        self._slowest: list[tuple[float, int, str]] = []
        self._isolation: Counter[str] = Counter()
        self._not_graded: list[NotGraded] = []

    def add(self, row: Row) -> None:
        """One student's row, which may be forgotten afterwards."""
        self._students += 1
        self._waiting += row.status == "waiting"
        self._missing += row.status == "missing"
        if row.status == "not graded":
            self._failed += 1
            if len(self._not_graded) < LISTED:
                self._not_graded.append(NotGraded(row.student, row.problem))
        if row.final is not None and row.max_score:
            percent = 100 * row.final / row.max_score
            self._percents.append(percent)
            self._full += percent >= 100 - 1e-6
        if row.report is not None and row.status == "graded":
            self._report(row.student, row.report)

    def _report(self, student: str, report: Report) -> None:
        self._isolation[report.isolation] += 1
        self._refused += report.refused is not None
        # The number between keeps the order of the class where two took equally long.
        heapq.heappush(self._slowest, (report.seconds, -self._students, student))
        if len(self._slowest) > SLOWEST:
            heapq.heappop(self._slowest)
        for test in report.tests:
            known = self._tests.setdefault(test.nodeid, _Test(_Check(test.title), test.points))
            known.add(test)

    @property
    def tests(self) -> tuple[str, ...]:
        """The node ids so far, in the order of the reports."""
        return tuple(self._tests)

    def figures(self) -> Figures:
        return Figures(
            students=self._students,
            scored=len(self._percents),
            waiting=self._waiting,
            missing=self._missing,
            full=self._full,
            mean=statistics.fmean(self._percents) if self._percents else None,
            median=statistics.median(self._percents) if self._percents else None,
            bins=_bins(self._percents),
            tests=tuple(_test(nodeid, test) for nodeid, test in self._tests.items()),
            slowest=tuple(Slow(student, seconds) for seconds, _, student in sorted(self._slowest, reverse=True)),
            isolation=dict(self._isolation.most_common()),
            refused=self._refused,
            not_graded=tuple(self._not_graded),
            failed_to_grade=self._failed,
        )


def _test(nodeid: str, test: _Test) -> TestFigures:
    whole = test.whole.figures()
    students = sum(whole.counts.values())
    checks = tuple(check.figures() for check in test.checks.values())
    return TestFigures(nodeid, whole, test.points, test.earned / students, checks)


def _bins(percents: Iterable[float]) -> tuple[Bin, ...]:
    counts: defaultdict[int, int] = defaultdict(int)
    width = 100 // BINS
    for percent in percents:
        counts[min(BINS - 1, max(0, int((percent + 1e-9) // width)))] += 1
    return tuple(Bin(at * width, (at + 1) * width, counts[at]) for at in range(BINS))
