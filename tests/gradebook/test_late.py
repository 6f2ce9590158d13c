"""What is taken off for handing in late: rules for all values, and the days one by one."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.gradebook.late import LateRule

CHINA = timezone(timedelta(hours=8))
DUE = datetime(2026, 11, 20, 23, 59, tzinfo=CHINA)

numbers = st.floats(0.25, 200)
rules = st.builds(
    LateRule,
    due=st.just(DUE),
    per_day=numbers,
    unit=st.sampled_from(["points", "percent"]),
    most=st.none() | numbers,
    grace_hours=st.floats(0, 72),
)
hours = st.floats(0, 2000)
scores = st.floats(0, 100)


@pytest.mark.parametrize(
    ("late", "points"),
    [
        (timedelta(hours=-5), 0),
        (timedelta(0), 0),
        (timedelta(minutes=59), 0),
        (timedelta(hours=1), 0),
        (timedelta(hours=1, seconds=1), 10),
        (timedelta(hours=24), 10),
        (timedelta(hours=24, seconds=1), 20),
        (timedelta(days=3), 30),
        (timedelta(days=30), 50),
    ],
)
def test_ten_points_for_each_day_that_has_begun(late: timedelta, points: float) -> None:
    rule = LateRule(DUE, per_day=10, most=50, grace_hours=1)
    assert rule.penalty(rule.hours_late(DUE + late), 95, 100) == points


def test_percent_are_of_the_full_score() -> None:
    rule = LateRule(DUE, per_day=10, unit="percent", most=50)
    assert rule.penalty(1, 30, 40) == 4
    assert rule.penalty(24 * 9, 30, 40) == 20


def test_a_time_is_the_same_in_every_zone() -> None:
    rule = LateRule(DUE, per_day=10)
    assert rule.hours_late(datetime(2026, 11, 20, 15, 59, tzinfo=timezone.utc)) == 0
    assert rule.hours_late(datetime(2026, 11, 20, 17, 59, tzinfo=timezone.utc)) == 2


@given(rule=rules, late=hours, score=scores)
def test_never_more_than_was_earned_and_never_a_bonus(rule: LateRule, late: float, score: float) -> None:
    assert 0 <= rule.penalty(late, score, 100) <= score


@given(rule=rules, late=hours, more=hours, score=scores)
def test_later_never_costs_less(rule: LateRule, late: float, more: float, score: float) -> None:
    assert rule.penalty(late, score, 100) <= rule.penalty(late + more, score, 100)


@given(rule=rules, score=scores, late=st.floats(0, 1))
def test_nothing_within_the_grace(rule: LateRule, score: float, late: float) -> None:
    assert rule.penalty(late * rule.grace_hours, score, 100) == 0


@given(rule=rules, late=hours, score=scores)
def test_never_more_than_the_most(rule: LateRule, late: float, score: float) -> None:
    taken = rule.penalty(late, score, 250)
    if rule.most is not None:
        assert taken <= (rule.most * 250 / 100 if rule.unit == "percent" else rule.most)  # rounded alike


@given(rule=rules)
def test_it_is_kept_as_plain_data(rule: LateRule) -> None:
    assert LateRule.from_json(rule.to_json()) == rule
