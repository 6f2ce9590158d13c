"""One check's result: it holds together, and it survives JSON."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.result import Result, failed, passed, undecidable
from pytest_mmedu.text import Text

TITLE, SEEN, HINT = Text("损失下降", "Loss falls"), Text("1.1 → 0.2", "1.1 → 0.2"), Text("再试试。", "Try again.")
texts = st.builds(Text, st.text(), st.text())
results = st.one_of(
    st.builds(passed, st.text(), texts, texts, st.none() | texts, st.none() | st.text()),
    st.builds(
        failed,
        st.text(),
        texts,
        texts,
        st.none() | texts,
        hint=texts,
        place=st.none() | st.text(),
        share=st.floats(0, 1, exclude_max=True),
    ),
    st.builds(undecidable, st.text(), texts, texts, hint=texts),
)


@given(results)
def test_json_gives_the_same_result_back(result: Result) -> None:
    assert Result.from_json(json.loads(json.dumps(result.to_json(), allow_nan=False))) == result


@pytest.mark.parametrize(
    ("outcome", "share"),
    [("passed", 0.5), ("failed", 1.0), ("undecidable", 0.5), ("error", 0.1), ("failed", -0.1), ("passed", 1.1)],
)
def test_an_outcome_and_a_share_that_contradict_each_other_are_refused(outcome: str, share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        Result("x", outcome, TITLE, SEEN, share=share)  # type: ignore[arg-type]


def test_the_shares_of_the_three_verdicts() -> None:
    assert passed("x", TITLE, SEEN).share == 1
    assert failed("x", TITLE, SEEN, hint=HINT).share == 0
    assert failed("x", TITLE, SEEN, hint=HINT, share=0.5).share == 0.5
    assert undecidable("x", TITLE, SEEN, hint=HINT).share == 0
