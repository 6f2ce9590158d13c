"""The score: a table of cases, and what must hold for any tests, any results, in any order."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.score import Declared, Scored, Seen, outcome_of, score
from pytest_mmedu.text import Text

TITLE = Text("标题", "Title")
ZERO = Fraction(0)


def result(share: float = 1.0, outcome: str | None = None) -> Result:
    kind = outcome or ("passed" if share == 1 else "failed")
    return Result("x", kind, TITLE, TITLE, share=share)  # type: ignore[arg-type]


def declared(name: str, points: float = 10, after: str | None = None, case: str = "") -> Declared:
    return Declared(name + case, name, Text(name, name), points, after)


def called(name: str, outcome: Outcome = "passed", *results: Result, finished: bool = True) -> Seen:
    return Seen(name, "call", outcome_of(results) if results else outcome, results, finished=finished)


def only(one: Declared, *seen: Seen) -> Scored:
    (scored,) = score([one], seen)
    return scored


ERROR = result(0, "error")
UNDECIDABLE = result(0, "undecidable")


@pytest.mark.parametrize(
    ("seen", "outcome", "earned", "undecided"),
    [
        ((), "not run", 0, 0),
        ((called("a"),), "passed", 10, 0),
        ((called("a", "failed"),), "failed", 0, 0),
        ((called("a", "passed", result(), result()),), "passed", 10, 0),
        ((called("a", "passed", result(), result(0.5)),), "failed", 7.5, 0),
        ((called("a", "passed", result(), result(0)),), "failed", 5, 0),
        ((called("a", "passed", result(), UNDECIDABLE),), "undecidable", 5, 5),
        ((called("a", "passed", result(0), UNDECIDABLE),), "failed", 0, 5),
        ((called("a", "passed", result(), ERROR),), "error", 5, 0),
        ((called("a", "failed", result(), result(), finished=False),), "passed", 0, 0),
        ((Seen("a", "setup", "error", finished=False),), "error", 0, 0),
        ((Seen("a", "setup", "failed", finished=False),), "failed", 0, 0),
        ((Seen("a", "setup", "not run", finished=False),), "not run", 0, 0),
        ((Seen("a", "crash", "error", finished=False),), "error", 0, 0),
        # What was earned stays, also where the clean-up or the worker fails afterwards.
        ((called("a"), Seen("a", "teardown", "error", finished=False)), "passed", 10, 0),
        ((called("a"), Seen("a", "crash", "error", finished=False)), "passed", 10, 0),
        # Seen twice (run on every worker): the less favourable one, whichever came first.
        ((called("a"), called("a", "failed")), "failed", 0, 0),
        # What was never declared counts nothing.
        ((called("b"),), "not run", 0, 0),
    ],
)
def test_one_test(seen: tuple[Seen, ...], outcome: str, earned: float, undecided: float) -> None:
    scored = only(declared("a"), *seen)
    assert (scored.outcome, scored.earned, scored.undecided) == (outcome, earned, undecided)
    assert only(declared("a"), *reversed(seen)) == scored


@pytest.mark.parametrize(
    ("first", "outcome", "earned", "undecided"),
    [
        ((), "passed", 10, 0),  # deselected: it stands in nobody's way
        ((called("a"),), "passed", 10, 0),
        ((called("a", "failed"),), "blocked", 0, 0),
        ((called("a", "passed", result(0.9)),), "blocked", 0, 0),
        ((called("a", "passed", UNDECIDABLE),), "blocked", 0, 10),
        ((Seen("a", "setup", "error", finished=False),), "blocked", 0, 0),
        ((Seen("a", "setup", "not run", finished=False),), "passed", 10, 0),
    ],
)
def test_after(first: tuple[Seen, ...], outcome: str, earned: float, undecided: float) -> None:
    _, second = score([declared("a"), declared("b", after="a")], [*first, called("b")])
    assert (second.outcome, second.earned, second.undecided) == (outcome, earned, undecided)
    if outcome == "blocked":
        assert second.message == Text("要先通过「a」", "'a' has to pass first")


def test_blocked_goes_on_through_a_chain() -> None:
    tests = [declared("a"), declared("b", after="a"), declared("c", after="b")]
    scored = score(tests, [called("a", "failed"), called("b"), called("c")])
    assert [one.outcome for one in scored] == ["failed", "blocked", "blocked"]


def test_a_link_that_did_not_run_opens_the_chain() -> None:
    tests = [declared("a"), declared("b", after="a"), declared("c", after="b")]
    scored = score(tests, [called("a", "failed"), called("c")])
    assert [one.outcome for one in scored] == ["failed", "not run", "passed"]


def test_an_error_behind_a_closed_gate_stays_an_error() -> None:
    tests = [declared("a"), declared("b", after="a")]
    _, second = score(tests, [called("a", "failed"), called("b", "passed", result(), ERROR)])
    assert (second.outcome, second.earned) == ("error", 0)


def test_tests_that_wait_for_each_other_do_not_hang() -> None:
    tests = [declared("a", after="b"), declared("b", after="a")]
    assert [one.earned for one in score(tests, [called("a"), called("b")])] == [10, 10]


def test_cases_share_the_points_of_their_function() -> None:
    tests = [declared("a", 10, case=f"[{n}]") for n in range(3)]
    scored = score(tests, [called("a[0]"), called("a[2]")])
    assert [one.points for one in scored] == [Fraction(10, 3)] * 3
    assert sum(one.points for one in scored) == 10
    assert [one.earned for one in scored] == [Fraction(10, 3), 0, Fraction(10, 3)]


def test_one_failing_case_closes_the_gate() -> None:
    tests = [declared("a", case="[0]"), declared("a", case="[1]"), declared("b", after="a")]
    *_, last = score(tests, [called("a[0]"), called("a[1]", "failed"), called("b")])
    assert last.outcome == "blocked"


def test_decimal_points_add_up_exactly() -> None:
    tests = [declared(str(n), 0.1) for n in range(10)]
    assert sum(one.earned for one in score(tests, [called(str(n)) for n in range(10)])) == 1


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ([], "passed"),
        ([result()], "passed"),
        ([result(), UNDECIDABLE], "undecidable"),
        ([UNDECIDABLE, result(0.5)], "failed"),
        ([result(0), ERROR, UNDECIDABLE], "error"),
    ],
)
def test_outcome_of(results: list[Result], outcome: str) -> None:
    assert outcome_of(results) == outcome


def test_declared_and_seen_survive_being_plain_data() -> None:
    one = Declared("f::a[1]", "f::a", TITLE, 2.5, "f::b", "ex", TITLE)
    assert Declared.from_json(one.to_json()) == one
    seen = Seen("f::a[1]", "call", "failed", (result(0.5), UNDECIDABLE), TITLE, finished=False)
    assert Seen.from_json("f::a[1]", seen.to_json()) == seen


NAMES = ("a", "b", "c", "d")
RESULTS = st.lists(
    st.one_of(
        st.floats(0, 1).map(result),
        st.sampled_from(["undecidable", "error"]).map(lambda kind: result(0, kind)),
    ),
    max_size=3,
)
POINTS = st.one_of(st.integers(0, 100), st.floats(0, 100))


@st.composite
def drawn_tests(draw: st.DrawFn) -> list[Declared]:
    found = []
    for name in NAMES:
        points, after, cases = draw(POINTS), draw(st.sampled_from([None, *NAMES])), draw(st.integers(1, 3))
        found += [declared(name, points, after, f"[{case}]") for case in range(cases)]
    return found


@st.composite
def things_seen(draw: st.DrawFn) -> list[Seen]:
    node = st.builds("{}[{}]".format, st.sampled_from(NAMES), st.integers(0, 2))
    call = st.builds(
        lambda nodeid, results, finished: called(nodeid, "failed", *results, finished=finished),
        node, RESULTS, st.booleans(),
    )  # fmt: skip
    plain = st.builds(called, node)
    setup = st.builds(
        lambda nodeid, outcome: Seen(nodeid, "setup", outcome, finished=False),
        node, st.sampled_from(["error", "failed", "not run"]),
    )  # fmt: skip
    died = st.builds(lambda nodeid: Seen(nodeid, "crash", "error", finished=False), node)
    return draw(st.lists(st.one_of(call, plain, setup, died), max_size=12))


def totals(scored: tuple[Scored, ...]) -> tuple[Fraction, Fraction, Fraction]:
    return (
        sum((one.earned for one in scored), ZERO),
        sum((one.points for one in scored), ZERO),
        sum((one.undecided for one in scored), ZERO),
    )


@given(drawn_tests(), things_seen(), st.randoms(use_true_random=False))
def test_order_and_repetition_change_nothing(tests: list[Declared], seen: list[Seen], chance: random.Random) -> None:
    shuffled, again = list(tests), [*seen, *seen]
    chance.shuffle(shuffled)
    chance.shuffle(again)
    assert set(score(tests, seen)) == set(score(shuffled, again))


@given(drawn_tests(), things_seen())
def test_nobody_earns_more_than_was_declared(tests: list[Declared], seen: list[Seen]) -> None:
    scored = score(tests, seen)
    assert all(one.earned >= 0 and one.undecided >= 0 for one in scored)
    assert all(one.earned + one.undecided <= one.points for one in scored)
    earned, points, _ = totals(scored)
    functions = {one.function: one.points for one in tests}
    assert points == sum(Fraction(str(points)) for points in functions.values())
    assert float(earned) <= float(points)


@given(drawn_tests(), things_seen(), st.sampled_from(NAMES))
def test_a_crash_never_makes_the_full_score_smaller_nor_the_earned_larger(
    tests: list[Declared], seen: list[Seen], name: str
) -> None:
    crash = Seen(f"{name}[0]", "crash", "error", finished=False)
    before, after = totals(score(tests, seen)), totals(score(tests, [*seen, crash]))
    assert after[1] == before[1]
    assert after[0] <= before[0]


@given(drawn_tests(), things_seen())
def test_what_is_not_run_earns_nothing(tests: list[Declared], seen: list[Seen]) -> None:
    assert all(one.earned == 0 for one in score(tests, seen) if one.outcome in ("not run", "blocked"))
