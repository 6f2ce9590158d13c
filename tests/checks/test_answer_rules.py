"""When an answer is right, and that nothing of a wrong one tells what would be."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.answered import Answer, Answers
from pytest_mmedu.checks import CHECKS, Subject
from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.result import Result
from pytest_mmedu.text import Text


def judged(value: Any, **rule: Any) -> Result:
    answers = Answers("answers.toml", {"q": Answer(value, "given", "answers.toml:7")}, "answers.toml")
    return CHECKS["answer"](Subject(answers=answers), "q", **rule)


BAD_RULES: list[tuple[dict[str, Any], str]] = [
    ({}, "The rule for answer q is wrong: give equals or one_of, one of the two."),
    ({"equals": 1, "one_of": (1, 2)}, "The rule for answer q is wrong: give equals or one_of, one of the two."),
    *(
        ({"equals": value}, "The rule for answer q is wrong: it expects numbers, texts, booleans or lists of them.")
        for value in (math.nan, None, object(), "", [], [[1]], {"a": 1})
    ),
    ({"one_of": "SGD"}, "The rule for answer q is wrong: it expects numbers, texts, booleans or lists of them."),
    *(
        ({"equals": 1, "within": wrong}, 'The rule for answer q is wrong: within takes a positive number, or "5%".')
        for wrong in (-1, 0, "5", True, math.nan)
    ),
    ({"equals": "SGD", "within": 1}, "The rule for answer q is wrong: within is for numbers."),
]


@pytest.mark.parametrize(("rule", "words"), BAD_RULES)
def test_a_rule_that_cannot_be_meant_is_the_teachers(rule: dict[str, Any], words: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        judged(1, **rule)
    assert caught.value.seen.en == words


plain = st.one_of(
    st.booleans(), st.integers(-(10**29), 10**29), st.floats(allow_nan=False, allow_infinity=False), st.text(max_size=9)
)
answers = plain | st.lists(plain, max_size=3)
expected = st.integers(1000, 9999) | st.floats(1000, 9999) | st.sampled_from(["Zq-answer", "正确的词"])


@given(answers, expected)
def test_a_wrong_answer_never_tells_the_right_one(value: Any, right: Any) -> None:
    result = judged(value, equals=right, where=Text("看日志。", "Look into the log."))
    told = result.to_json()
    del told["seen"]  # what the student wrote
    if result.outcome != "passed":
        assert str(right) not in json.dumps(told, ensure_ascii=False)


@given(plain)
def test_what_is_expected_is_right(value: Any) -> None:
    if not (isinstance(value, str) and not value.strip()):
        assert judged(value, equals=value).outcome == "passed"


@given(st.floats(-1e6, 1e6), st.floats(0.001, 10), st.floats(-2, 2))
def test_a_tolerance_reaches_as_far_as_it_says(right: float, within: float, steps: float) -> None:
    result = judged(right + within * steps, equals=right, within=within)
    if abs(steps) < 0.99:
        assert result.outcome == "passed"
    if abs(steps) > 1.01:
        assert result.outcome == "failed"


class AlwaysEqual:
    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 0


@pytest.mark.parametrize("right", [5, 0.5, "SGD", True, (1, 2)])
def test_an_object_that_equals_everything_equals_nothing(right: Any) -> None:
    assert judged(AlwaysEqual(), equals=right).outcome == "failed"


@pytest.mark.parametrize(
    ("value", "right"), [(1, True), (0, False), (True, 1), (False, 0), (1.0, True), ("1", True), (True, "True")]
)
def test_a_truth_is_no_number(value: Any, right: Any) -> None:
    assert judged(value, equals=right).outcome == "failed"


def test_the_title_is_the_authors() -> None:
    title = Text("训练了几轮？", "How many epochs?")
    assert judged(3, equals=3, title=title).title == title
    assert judged(3, equals=3).title == Text("答案 q", "Answer q")
