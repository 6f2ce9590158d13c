"""Who is named: those who share what others do not have, whatever the size of the class; nobody for what all have."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mmedu.alike.findings import Kind
from pytest_mmedu.alike.pairing import FEW, MOST_FOUND, alike_pairs
from pytest_mmedu.alike.traces import MOST_MARKS, Trace, trace_of
from pytest_mmedu.alike.winnowing import Mark


def made(student: str, codes: Iterable[int], kind: Kind = "program", file: str = "homework.py") -> Trace:
    return trace_of(student, kind, file, [Mark(code, line, line) for line, code in enumerate(codes, 1)])


def own(number: int, count: int = 40) -> list[int]:
    """Fingerprints that only this student has."""
    return [number * 1000 + at for at in range(count)]


def named(traces: Sequence[Trace], handed_out: Sequence[int] = (), size: int | None = None) -> list[tuple[str, ...]]:
    return [pair.students for pair in alike_pairs(traces, frozenset(handed_out), size)]


def test_who_wrote_alone_is_not_named() -> None:
    assert named([made(str(number), own(number)) for number in range(50)]) == []


def test_a_pair_is_found_in_a_class() -> None:
    copy = [*own(7)[:30], *own(99, 10)]
    traces = [made(str(number), own(number)) for number in range(50)]
    pairs = alike_pairs([*traces, made("copy", copy)])
    assert [(pair.students, round(pair.share, 2), len(pair.common)) for pair in pairs] == [(("7", "copy"), 0.75, 30)]


@pytest.mark.parametrize(("common", "found"), [(24, True), (23, False)])
def test_less_than_the_share_is_not_named(common: int, found: bool) -> None:
    traces = [made("a", own(1)), made("b", [*own(1)[:common], *own(2)[common:]])]
    assert bool(named(traces)) is found


@pytest.mark.parametrize(("count", "found"), [(20, True), (19, False)])
def test_little_of_ones_own_is_no_evidence(count: int, found: bool) -> None:
    traces = [made("a", own(1, count)), made("b", own(1, count))]
    assert bool(named(traces)) is found


def test_what_was_handed_out_does_not_count() -> None:
    assert named([made("a", own(1)), made("b", own(1))], own(1)[:21]) == []


def test_what_a_quarter_of_the_class_has_does_not_count() -> None:
    """A lesson's own example, which nobody told the exercise about."""
    traces = [made(str(number), [*own(0), *own(number + 1)]) for number in range(20)]
    assert named(traces) == []


def test_a_group_with_the_very_same_is_one_finding() -> None:
    traces = [made(str(number), own(1 if number < 4 else number)) for number in range(20)]
    assert named(traces) == [("0", "1", "2", "3")]


def test_a_small_class_may_have_a_group() -> None:
    traces = [made(str(number), own(1)) for number in range(FEW)]
    assert named(traces) == [tuple(map(str, range(FEW)))]


def test_nobody_is_compared_with_himself() -> None:
    traces = [made("a", own(1)), made("a", own(1), file="copy.py"), made("b", own(2))]
    assert named(traces) == []


def test_two_students_are_named_once_for_a_kind_of_file() -> None:
    files = ("homework.py", "homework.ipynb")
    traces = [made(student, own(at), file=file) for student in "ab" for at, file in enumerate(files)]
    assert named(traces) == [("a", "b")]


def test_another_kind_is_another_finding() -> None:
    traces = [made(student, own(1), kind) for student in "ab" for kind in ("program", "log")]
    assert {pair.first.kind for pair in alike_pairs(traces)} == {"program", "log"}


def test_one_file_of_weights_is_enough() -> None:
    assert named([made("a", [5], "weights"), made("b", [6], "weights"), made("c", [5], "weights")]) == [("a", "c")]


def test_the_most_alike_come_first_and_no_more_than_can_be_looked_at() -> None:
    traces = [made(f"{number}{side}", own(number)) for number in range(150) for side in "ab"]
    traces += [made("almost", [*own(3)[:35], *own(999, 5)])]
    pairs = alike_pairs(traces)
    assert len(pairs) == MOST_FOUND
    assert {pair.share for pair in pairs} == {1.0}


def test_a_long_program_keeps_the_same_marks_in_every_copy() -> None:
    chance = random.Random(5)
    codes = chance.sample(range(2**60), 3000)
    mine, theirs = made("a", codes), made("b", codes[500:] + chance.sample(range(2**60), 200))
    assert len(mine.codes) == MOST_MARKS
    assert named([mine, theirs]) == [("a", "b")]


@settings(deadline=None)
@given(st.permutations(range(8)), st.integers(0, 7), st.integers(0, 7))
def test_the_order_of_the_class_changes_nothing(order: list[int], one: int, other: int) -> None:
    codes = {number: own(number) for number in range(8)}
    codes[other] = codes[one]
    found = named([made(str(number), codes[number]) for number in order])
    assert [set(pair) for pair in found] == ([{str(one), str(other)}] if one != other else [])


def test_time_grows_with_the_class_and_not_with_its_square(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted in meetings of two students, which is what would grow: a common example must not bring all together."""
    from pytest_mmedu.alike import pairing

    meetings: list[int] = []
    met = pairing._met

    def counted(*arguments: object) -> object:
        found = met(*arguments)  # type: ignore[arg-type]
        meetings.append(sum(found.values()))
        return found

    monkeypatch.setattr(pairing, "_met", counted)
    work = []
    for size in (100, 400):
        meetings.clear()
        alike_pairs([made(str(at), [*own(0), *own(1 + at // 2), *own(5000 + at, 5)]) for at in range(size)])
        work.append(sum(meetings))
    assert 0 < work[1] <= 4.5 * work[0]
