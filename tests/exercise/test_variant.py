"""Choices made for a student: the same everywhere and always, evenly spread, and nobody else's."""

from __future__ import annotations

import subprocess
import sys
import unicodedata
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.errors import ExerciseError
from pytest_mmedu.exercise.student_id import same_id
from pytest_mmedu.exercise.variant import Variant

ids = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
names = st.text(max_size=10).filter(lambda name: "\0" not in name and name.isprintable())
COLOURS = ("red", "green", "blue", "grey", "pink")


def choices(variant: Variant) -> list[object]:
    return [
        variant.integer("n", 1, 1000),
        variant.real("lr", 0.001, 0.1),
        variant.real("lr", 0.001, 0.1, digits=3),
        variant.choice("colour", COLOURS),
        variant.sample("some", COLOURS, 3),
        variant.shuffled("all", COLOURS),
    ]


# Written down once: a student who comes back next year, on another machine, gets the same.
KNOWN = {
    "": [116, 0.08960555896899625, 0.09, "pink", ["grey", "pink", "blue"], ["green", "blue", "pink", "red", "grey"]],
    "2024001": [
        736,
        0.015794396373653284,
        0.016,
        "pink",
        ["red", "pink", "grey"],
        ["green", "blue", "grey", "red", "pink"],
    ],
    "王小红": [
        647,
        0.09148184958082478,
        0.091,
        "green",
        ["red", "pink", "blue"],
        ["green", "pink", "red", "grey", "blue"],
    ],
}


@pytest.mark.parametrize("student", KNOWN)
def test_written_down_once_and_for_ever(student: str) -> None:
    assert choices(Variant("12_read_a_log", student)) == KNOWN[student]


def test_the_same_in_a_process_with_other_hashes() -> None:
    code = "from pytest_mmedu.exercise.variant import Variant as V; print(V('e', 's').shuffled('x', range(20)))"
    command = [sys.executable, "-c", code]
    seen = {
        subprocess.run(command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}).stdout for seed in "12"
    }
    assert seen == {f"{Variant('e', 's').shuffled('x', range(20))}\n".encode().replace(b"\n", _line_end())}


def _line_end() -> bytes:
    return b"\r\n" if sys.platform == "win32" else b"\n"


@given(ids, names, st.integers(-50, 50), st.integers(0, 100))
def test_a_choice_stays_in_its_bounds(student: str, name: str, low: int, more: int) -> None:
    variant = Variant("x", student)
    assert low <= variant.integer(name, low, low + more) <= low + more
    assert low <= variant.real(name, low, low + more) <= low + more
    options = [f"{n}" for n in range(more + 1)]
    assert variant.choice(name, options) in options
    assert sorted(variant.shuffled(name, options)) == sorted(options)
    some = variant.sample(name, options, more // 2)
    assert len(set(some)) == len(some) == more // 2


@given(ids, st.lists(names, min_size=2, max_size=5, unique=True))
def test_no_choice_depends_on_another(student: str, several: list[str]) -> None:
    variant = Variant("x", student)
    forwards = {name: variant.integer(name, 0, 10**9) for name in several}
    again = Variant("x", student)
    assert forwards == {name: again.integer(name, 0, 10**9) for name in reversed(several)}


@given(ids)
def test_two_spellings_of_one_id(student: str) -> None:
    for other in (f" {student} ", student.upper().lower(), unicodedata.normalize("NFD", student)):
        if same_id(other) == same_id(student):
            assert choices(Variant("x", other)) == choices(Variant("x", student))
        else:
            assert choices(Variant("x", other)) != choices(Variant("x", student))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2024001", "２０２４００１"),
        ("Li Ming", " li  ming\t"),
        (unicodedata.normalize("NFD", "Zoë"), "zoë"),
        ("", " "),
    ],
)
def test_ids_that_are_the_same(one: str, other: str) -> None:
    assert same_id(one) == same_id(other)
    assert Variant("x", one).is_neutral is Variant("x", other).is_neutral is (not one)


@pytest.mark.parametrize(("one", "other"), [("1", "01"), ("2024001", "2024002"), ("王小红", "王小虹"), ("", "0")])
def test_ids_that_are_not(one: str, other: str) -> None:
    assert choices(Variant("x", one)) != choices(Variant("x", other))


def test_another_exercise_chooses_anew() -> None:
    assert choices(Variant("12", "2024001")) != choices(Variant("13", "2024001"))
    assert choices(Variant("1", "2x")) != choices(Variant("12", "x"))


def test_a_class_is_spread_evenly() -> None:
    """600 students, 6 values: each about 100 times. Always the same 600, so this cannot fail by chance."""
    students = [f"2024{number:04}" for number in range(600)]
    for counted in (
        Counter(Variant("12", one).integer("n", 1, 6) for one in students),
        Counter(Variant("12", one).choice("c", "abcdef") for one in students),
        Counter(Variant("12", one).shuffled("s", "abcdef")[0] for one in students),
        Counter(int(Variant("12", one).real("r", 0, 6)) for one in students),
    ):
        assert len(counted) == 6
        assert all(70 <= count <= 130 for count in counted.values()), counted


def test_hardly_two_of_a_class_have_the_same() -> None:
    rows = list(range(30))
    seen = Counter(tuple(Variant("12", f"2024{n:03}").sample("rows", rows, 5)) for n in range(200))
    assert len(seen) == 200


@pytest.mark.parametrize(
    ("options", "shown"), [([], "[]"), ({"a"}, "{'a'}"), ((), "()")], ids=["an empty list", "a set", "an empty tuple"]
)
def test_there_is_nothing_to_choose_from(options: object, shown: str) -> None:
    with pytest.raises(ExerciseError) as caught:
        Variant("x").choice("which", options)  # type: ignore[call-overload]
    assert caught.value.text.zh == f"变式的 which 没法从 {shown} 里选。请给一个不空的列表，或从小到大的范围。"
    assert caught.value.text.en == (
        f"Variant: which cannot be chosen from {shown}. Give a list that is not empty, or a range from low to high."
    )


def test_a_range_the_wrong_way_round_and_too_large_a_sample() -> None:
    for wrong, shown in (
        (lambda: Variant("x").integer("n", 5, 4), "5..4"),
        (lambda: Variant("x").real("n", 0.5, 0.4), "0.5..0.4"),
        (lambda: Variant("x").sample("n", "abc", 4), "4 / 3"),
    ):
        with pytest.raises(ExerciseError, match=shown):
            wrong()
