"""A teacher's own mistakes are told to the teacher; values of any kind are judged without a crash."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.answered import Answer, Answers
from pytest_mmedu.checks import CHECKS, Subject, figures
from pytest_mmedu.errors import ExerciseError
from tests.checks.made import ASKED, GOOD, asked, with_log, with_run

BAD_RULES = [
    ("param", {"name": "learning_rate", "equals": 1}, "train() has no parameter learning_rate."),
    ("param", {"name": "lr"}, "Parameter lr needs exactly one rule."),
    ("param", {"name": "lr", "equals": 1, "at_most": 2}, "Parameter lr needs exactly one rule."),
    ("param", {"name": "lr", "between": (0.1, 0.001)}, "The range of parameter lr is upside down."),
    ("loss_falls", {"by": 50}, "loss_falls got by=50."),
    ("accuracy", {"full": 90}, "accuracy got full=90, half=None."),
    ("accuracy", {"full": 0.5, "half": 0.9}, "accuracy got full=0.5, half=0.9."),
]


@pytest.mark.parametrize(("name", "given_", "words"), BAD_RULES)
def test_a_rule_that_cannot_be_meant_is_the_teachers(
    name: str, given_: dict[str, Any], words: str, tmp_path: Path
) -> None:
    with pytest.raises(ExerciseError) as caught:
        CHECKS[name](with_log()(tmp_path), **given_)
    assert caught.value.seen.en == words


anything = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=10**400, max_value=10**401),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.integers(), max_size=3),
    st.tuples(st.text(max_size=3), st.floats()),
    st.dictionaries(st.text(max_size=3), st.integers(), max_size=2),
)
NAMES = ("lr", "epochs", "batch_size", "topk", "validate", "save_fold", "checkpoint", "metric", "save_best", "device")
OF_PARAMETERS = (
    "parameters_valid",
    "batch_size_fits",
    "class_count_fits",
    "topk_fits",
    "save_best_fits",
    "lr_fits_optimizer",
    "start_checkpoint",
    "device_used",
    "epochs_given",
    "save_fold_inside",
)


@given(st.sampled_from(NAMES), anything)
def test_no_value_of_a_parameter_crashes_a_check(name: str, value: Any) -> None:
    subject = Subject(asked=asked(**{name: value}))
    for check in OF_PARAMETERS:
        assert CHECKS[check](subject).outcome in ("passed", "failed", "undecidable")
    assert CHECKS["param"](subject, name, at_least=1).outcome in ("passed", "failed")


@given(anything)
def test_only_what_equals_the_wanted_value_passes(value: Any) -> None:
    result = CHECKS["param"](Subject(asked=asked(validate=value)), "validate", equals=True)
    assert (result.outcome == "passed") is (value is True)


class AlwaysEqual:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize("rule", [{"equals": 5}, {"one_of": (5, 6)}, {"between": (1, 9)}])
def test_an_object_that_equals_everything_equals_nothing(rule: dict[str, Any]) -> None:
    assert CHECKS["param"](Subject(asked=asked(epochs=AlwaysEqual())), "epochs", **rule).outcome == "failed"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.01, "0.01"),
        (1e-5, "0.00001"),
        (10**400, "10^400"),
        (-(10**400), "-10^400"),
        ("a\x1b[31m", "a\\x1b[31m"),
        (None, "None"),
        ((1, 5), "(1, 5)"),
        (True, "True"),
    ],
)
def test_values_as_they_are_shown(value: Any, text: str) -> None:
    assert figures.shown(value) == text


@pytest.mark.parametrize(
    ("value", "limits", "text"),
    [
        (0.74, (0.9, 0.7), "0.74"),
        (0.8999, (0.9,), "0.8999"),
        (0.9, (0.9,), "0.90"),
        (0.6951, (0.7,), "0.695"),
        (1.0, (), "1.00"),
    ],
)
def test_a_number_never_contradicts_its_verdict(value: float, limits: tuple[float, ...], text: str) -> None:
    assert figures.fraction(value, *limits) == text


@given(st.floats(min_value=0, max_value=1), st.floats(min_value=0.01, max_value=1))
def test_the_shown_number_lies_on_the_side_of_the_value(value: float, limit: float) -> None:
    assert (float(figures.fraction(value, limit)) >= limit) is (value >= limit)


@pytest.mark.parametrize(
    ("value", "text"), [(1.1, "1.10"), (0.0007, "0.0007"), (478.2, "478"), (0.0, "0.00"), (float("nan"), "NaN")]
)
def test_losses_as_they_are_shown(value: float, text: str) -> None:
    assert figures.loss(value) == text


@pytest.mark.parametrize(("count", "text"), [(12, "12 bytes"), (5010, "5.0 KB"), (3 * 10**6, "3.0 MB")])
def test_sizes(count: int, text: str) -> None:
    assert figures.size(count).en == text


HOSTILE: list[Callable[[], list[dict[str, Any]]]] = [
    lambda: [*GOOD, {"mode": "train", "epoch": 10**9, "iter": 10**9, "loss": 1e308, "lr": -1.0, "time": -5.0}],
    lambda: [{"mode": "val", "epoch": 0, "iter": 0, "accuracy_top-1": float("nan")}],
    lambda: [{"mode": "val", "epoch": 3, "iter": 10**9, "accuracy_top-1": 1e308, "accuracy_top-5": -1e308}],
    lambda: [{"mode": "train", "epoch": 1, "iter": 1, "loss": float("-inf")}] * 3,
    lambda: [{"mode": "train", "epoch": 1, "iter": 1, "loss": -5.0}, {"mode": "train", "epoch": 2, "loss": -9.0}],
    lambda: [{"mode": "train", "epoch": 1, "iter": 1, "loss": 0.0}, {"mode": "train", "epoch": 2, "loss": 0.0}],
]


@pytest.mark.parametrize("records", HOSTILE)
@pytest.mark.parametrize("classes", [None, 3])
def test_no_log_crashes_a_check(
    records: Callable[[], list[dict[str, Any]]], classes: int | None, tmp_path: Path
) -> None:
    """Whatever numbers stand in a log: every check says something, and an impossible accuracy never passes."""
    values = {} if classes is None else {"num_classes": classes}
    subject = with_run(records=records(), **values)(tmp_path)
    arguments: dict[str, dict[str, Any]] = {"param": {"name": "lr", "at_least": 0}, "accuracy": {"full": 0.95}}
    arguments["accuracy_recomputed"] = {"full": 0.95}
    arguments["answer"] = {"name": "epochs_run", "equals": 5}
    arguments["function"] = {"name": "double", "examples": [(1,)], "reference": abs}
    arguments["field"] = {"path": "optimizer.lr", "at_least": 0}
    arguments |= {name: dict(given) for name, given in ASKED.items()}
    subject = dataclasses.replace(subject, answers=Answers("answers.toml", {"q": Answer(1)}))
    for name, check in CHECKS.items():
        result = check(subject, **arguments.get(name, {}))
        assert result.outcome in ("passed", "failed", "undecidable")
        assert not (name == "accuracy" and result.outcome == "passed")
