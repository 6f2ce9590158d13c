"""The figures of a class: exact for a class made by hand, and right in shape for any."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mmedu.gradebook.row import Row
from pytest_mmedu.report.pages.class_figures import LISTED, SLOWEST, Bin, CheckFigures, figures
from pytest_mmedu.result import failed
from pytest_mmedu.text import Text
from tests.report.made_class import (
    ACCURACY,
    CHOSEN,
    EPOCHS,
    LEARNED,
    LOSS,
    LR,
    MORE,
    SMALLER,
    graded,
    report_of,
    without_report,
)

CLASS = [
    graded("a", report_of((1, 1, 1, 1), seconds=4.0)),
    graded("b", report_of((0, 1, 1, 0.5), seconds=9.0)),
    graded("c", report_of((0, 1, 0, None), seconds=2.0, isolation="process")),
    graded("d", report_of((0, 0, 0.5, 0), seconds=3.0), override=90.0),
    without_report("e", "waiting"),
    without_report("f", "not graded", Text("没有内存", "no memory")),
]
SCORES = [100.0, 67.5, 15.0, 90.0]


def of_scores(scores: list[float]) -> list[Row]:
    return [graded(str(at), report_of((1, 1, 1, 1)), final=score) for at, score in enumerate(scores)]


def test_the_class_as_a_whole() -> None:
    seen = figures(CLASS)
    assert (seen.students, seen.scored, seen.waiting, seen.full, seen.failed_to_grade) == (6, 4, 1, 1, 1)
    assert (seen.mean, seen.median) == (sum(SCORES) / 4, (67.5 + 90) / 2)
    assert [(part.low, part.count) for part in seen.bins if part.count] == [(10, 1), (60, 1), (90, 2)]
    assert [(one.student, one.seconds) for one in seen.slowest] == [("b", 9.0), ("a", 4.0), ("d", 3.0), ("c", 2.0)]
    assert seen.isolation == {"namespaces": 3, "process": 1}
    assert [(one.student, one.why) for one in seen.not_graded] == [("f", Text("没有内存", "no memory"))]


def test_every_check_with_how_it_went_and_what_was_told_most() -> None:
    chosen, learned = figures(CLASS).tests
    assert (chosen.whole.title, learned.whole.title) == (CHOSEN, LEARNED)
    assert chosen.checks == (
        CheckFigures(EPOCHS, {"passed": 1, "failed": 3}, MORE),
        CheckFigures(LR, {"passed": 3, "failed": 1}, SMALLER),
    )
    assert learned.checks == (
        CheckFigures(LOSS, {"passed": 2, "failed": 1, "half": 1}, SMALLER),
        CheckFigures(ACCURACY, {"passed": 1, "half": 1, "undecidable": 1, "failed": 1}, MORE),
    )
    assert chosen.whole.counts == {"passed": 1, "half": 2, "failed": 1}
    assert (chosen.points, chosen.mean) == (30.0, (30 + 15 + 15 + 0) / 4)


def test_what_could_not_be_decided_is_no_mistake() -> None:
    accuracy = figures(CLASS).tests[1].checks[1]
    assert (accuracy.judged, accuracy.missed, accuracy.rate) == (3, 2, 2 / 3)


def test_the_hardest_check_comes_first() -> None:
    seen = figures(CLASS)
    assert [(check.title, test.nodeid) for check, test in seen.hardest_first] == [
        (EPOCHS, "t.py::a"),
        (ACCURACY, "t.py::b"),
        (LOSS, "t.py::b"),
        (LR, "t.py::a"),
    ]


def test_a_check_that_could_judge_hardly_anybody_is_not_called_hard() -> None:
    rows = [graded(str(at), report_of((1, 1, 1, None if at else 0.0))) for at in range(5)]
    assert figures(rows).hardest_first == []


def test_a_single_student_has_a_hardest_check_as_well() -> None:
    assert [check.title for check, _ in figures([CLASS[3]]).hardest_first] == [EPOCHS, LR, LOSS, ACCURACY]


def test_a_test_without_checks_stands_for_itself() -> None:
    report = report_of((0, 0, 1, 1))
    bare = replace(report, tests=tuple(replace(test, results=()) for test in report.tests))
    assert [check.title for check, _ in figures([graded("a", bare)]).hardest_first] == [CHOSEN]


def test_a_check_that_is_asked_twice_counts_once_by_what_was_worst() -> None:
    report = report_of((1, 1, 1, 1))
    half = failed("made", EPOCHS, Text.same("0"), hint=MORE, share=0.5)
    first = replace(report.tests[0], results=(*report.tests[0].results, half), outcome="failed")
    seen = figures([graded("a", replace(report, tests=(first, report.tests[1])))])
    assert seen.tests[0].checks[0].counts == {"half": 1}


def test_nobody_at_all() -> None:
    seen = figures([])
    assert (seen.students, seen.mean, seen.median, seen.tests, seen.hardest_first) == (0, None, None, (), [])
    assert {part.count for part in seen.bins} == {0}


@pytest.mark.parametrize(
    ("score", "low"), [(0.0, 0), (9.99, 0), (10.0, 10), (30.0, 30), (70.0, 70), (99.99, 90), (100.0, 90), (120.0, 90)]
)
def test_a_score_on_a_border_is_in_the_upper_bin(score: float, low: int) -> None:
    assert [part.low for part in figures(of_scores([score])).bins if part.count] == [low]


def test_the_bins_cover_everything() -> None:
    assert figures([]).bins == tuple(Bin(low, low + 10, 0) for low in range(0, 100, 10))


@settings(deadline=None)
@given(st.lists(st.floats(0, 100), max_size=30))
def test_everybody_with_a_score_is_in_one_bin(scores: list[float]) -> None:
    seen = figures(of_scores(scores))
    assert sum(part.count for part in seen.bins) == seen.scored == len(scores)
    if scores:
        assert seen.mean is not None
        assert seen.median is not None
        assert min(scores) - 1e-9 <= seen.median <= max(scores) + 1e-9
        assert min(scores) - 1e-9 <= seen.mean <= max(scores) + 1e-9


@settings(deadline=None)
@given(st.lists(st.floats(0, 1000), max_size=30))
def test_the_slowest_are_the_slowest(seconds: list[float]) -> None:
    rows = [graded(str(at), report_of((1, 1, 1, 1), seconds=one)) for at, one in enumerate(seconds)]
    assert [one.seconds for one in figures(rows).slowest] == sorted(seconds, reverse=True)[:SLOWEST]


@settings(deadline=None)
@given(st.permutations(range(len(CLASS))))
def test_the_order_of_the_rows_changes_no_figure(order: list[int]) -> None:
    there, here = figures(CLASS), figures(CLASS[at] for at in order)
    assert (here.mean, here.median) == pytest.approx((there.mean, there.median))
    assert here.bins == there.bins
    for one, other in zip(here.tests, there.tests, strict=True):
        assert [check.counts for check in one.checks] == [check.counts for check in other.checks]


def test_rows_are_read_once_and_not_kept() -> None:
    """A generator is enough, and a long list of what was not graded is cut."""
    rows = (without_report(str(at), "not graded") for at in range(LISTED + 5))
    seen = figures(rows)
    assert (seen.failed_to_grade, len(seen.not_graded)) == (LISTED + 5, LISTED)
    assert Counter(one.why for one in seen.not_graded) == {None: LISTED}
