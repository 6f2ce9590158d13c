"""Statistics of curves: scale does not matter, a fall passes, its reverse does not, noise flips no clear fall."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.checks import curves

losses = st.floats(min_value=1e-4, max_value=1e4)
scales = st.sampled_from([1e-6, 0.03, 1.0, 7.0, 1e6])
falling = st.lists(losses, min_size=3, max_size=60, unique=True).map(lambda values: sorted(values, reverse=True))


@st.composite
def noisy_falls(draw: st.DrawFn) -> list[float]:
    """From 2.3 to a fifth of it or less, each value off by at most a tenth of the start."""
    count = draw(st.integers(min_value=5, max_value=80))
    end = draw(st.floats(min_value=0.05, max_value=0.46))
    noise = draw(st.lists(st.floats(min_value=-0.2, max_value=0.2), min_size=count, max_size=count))
    clean = [2.3 + (end - 2.3) * at / (count - 1) for at in range(count)]
    return [max(0.001, value + off) for value, off in zip(clean, noise, strict=True)]


def _trend(values: list[float]) -> curves.Trend:
    found = curves.trend(values)
    assert found is not None
    return found


@given(falling)
def test_a_monotone_fall_is_a_fall(values: list[float]) -> None:
    found = _trend(values)
    assert found.falling
    assert found.fall > 0
    assert found.steadiness == pytest.approx(-1)


@given(falling)
def test_the_reverse_of_a_fall_is_none(values: list[float]) -> None:
    found = _trend(values[::-1])
    assert not found.falling
    assert found.fall < 0
    assert found.steadiness == pytest.approx(1)


@given(st.lists(losses, min_size=2, max_size=60), scales)
def test_scale_does_not_matter(values: list[float], scale: float) -> None:
    before, after = _trend(values), _trend([value * scale for value in values])
    assert after.fall == pytest.approx(before.fall, rel=1e-9, abs=1e-9)
    assert after.slope == pytest.approx(before.slope, abs=1e-9)


@given(noisy_falls())
def test_noise_does_not_flip_a_clear_fall(values: list[float]) -> None:
    found = _trend(values)
    assert found.falling
    assert found.fall > 0.5


@given(noisy_falls())
def test_noise_does_not_make_a_rise_a_fall(values: list[float]) -> None:
    assert not _trend(values[::-1]).falling


@given(st.floats(min_value=0.01, max_value=100), st.integers(min_value=2, max_value=50))
def test_a_constant_falls_nowhere(value: float, count: int) -> None:
    found = _trend([value] * count)
    assert (found.falling, found.fall, found.steadiness) == (False, 0.0, 0.0)


def test_one_value_has_no_trend() -> None:
    assert curves.trend([0.5]) is None
    assert curves.loss_trend([(1, 0.5), (2, math.nan), (3, math.inf)]) is None


def test_huge_values_do_not_overflow() -> None:
    found = curves.loss_trend([(epoch, 1.7e308) for epoch in range(1, 9)])
    assert found is not None
    assert math.isfinite(found.first)
    assert math.isfinite(found.slope)


def test_a_slow_but_steady_fall_counts() -> None:
    steady = [1.0 - 0.004 * at for at in range(10)]
    assert _trend(steady).fall < curves.CLEAR_DROP
    assert _trend(steady).falling


def test_a_small_jump_is_no_fall() -> None:
    assert not _trend([1.0, 1.02, 0.99, 1.01, 1.0, 1.02, 0.985]).falling


def test_epochs_are_averaged_and_nan_left_out() -> None:
    points = [(2, 0.5), (1, 1.0), (1, 3.0), (2, math.nan), (3, math.inf)]
    assert curves.epoch_means(points) == {1: 2.0, 2: 0.5}


def test_the_start_is_the_beginning_of_the_first_epoch() -> None:
    """A first epoch that learns most of it: its mean alone would hide the fall."""
    first = [(1, 2.3), *((1, 0.3) for _ in range(9))]
    found = curves.loss_trend([*first, (2, 0.2), (3, 0.2), (4, 0.2)])
    assert found is not None
    assert (found.first, found.last) == (pytest.approx(1.3), 0.2)


def test_two_epochs_are_judged_by_their_single_values() -> None:
    found = curves.loss_trend([(1, 2.0), (1, 1.0), (2, 0.9), (2, 0.4)])
    assert found is not None
    assert (found.first, found.last, found.falling) == (2.0, 0.4, True)


@pytest.mark.parametrize(("values", "ranks"), [([3.0, 1.0, 2.0], [3, 1, 2]), ([1.0, 1.0, 2.0], [1.5, 1.5, 3])])
def test_equal_values_share_their_rank(values: list[float], ranks: list[float]) -> None:
    assert curves.ranks(values) == ranks


@pytest.mark.parametrize(
    ("accuracies", "classes", "k", "pictures", "guessing"),
    [
        ([0.10, 0.11, 0.09], 10, 1, 100, True),
        ([0.10, 0.17, 0.25], 10, 1, 100, False),
        ([0.57], 10, 5, 100, True),  # an untrained network of ten classes: top-5 of 57 is no achievement
        ([0.75], 10, 5, 100, False),
        ([0.34, 0.33, 0.35], 3, 1, None, True),
        ([0.9, 0.1, 0.1, 0.1], 10, 1, None, True),  # what counts is where it ends
        ([1.0], 5, 5, None, False),  # top-5 of five classes says nothing
        ([], 10, 1, None, False),
    ],
)
def test_chance(accuracies: list[float], classes: int, k: int, pictures: int | None, guessing: bool) -> None:
    assert curves.at_chance(accuracies, classes, k, pictures) is guessing


@given(st.integers(min_value=2, max_value=1000), st.integers(min_value=1, max_value=5000))
def test_chance_limit_lies_above_chance(classes: int, pictures: int) -> None:
    assert curves.chance_limit(classes, 1, pictures) > 1 / classes


@pytest.mark.parametrize(
    ("logged", "asked"),
    [
        ([0.1, 0.1, 0.01], 0.1),
        ([0.095, 0.09, 0.085], 0.1),  # poly: falls in every step, the log shows every tenth
        ([0.08, 0.064, 0.0512], 0.1),  # exp
        ([0.002, 0.004, 0.006], 0.1),  # a warm-up longer than the training
        ([0.02, 0.06, 0.05, 0.01], 0.1),  # a warm-up that runs into the decay
        ([0.0, 0.0], 1e-6),  # rounded to five decimals
    ],
)
def test_a_learning_rate_that_the_log_may_have_had(logged: list[float], asked: float) -> None:
    assert curves.may_reach(logged, asked, 6e-6)


@pytest.mark.parametrize(
    ("logged", "asked"),
    [
        ([0.01, 0.01, 0.01], 0.1),
        ([0.01, 0.01, 0.001], 0.1),
        ([0.1, 0.09], 0.01),
        ([0.095, 0.09, 0.085], 0.2),
        ([0.005, 0.01, 0.01], 0.1),  # the warm-up is over
        ([0.01], 0.1),
    ],
)
def test_a_learning_rate_of_another_training(logged: list[float], asked: float) -> None:
    assert not curves.may_reach(logged, asked, 6e-6)
