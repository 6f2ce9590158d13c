"""A file for every student, on every system, and never one file for two."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_mmedu.gradebook.file_names import file_name, same_name

names = st.text(max_size=300) | st.text(alphabet="aA./\\:~ 张ßſ", max_size=8)
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}


@pytest.mark.parametrize("name", ["张三", "Li Si", "Li (2)", "submission_12", "O'Brien", "王小红、李小明"])
def test_a_name_stays_as_it_is(name: str) -> None:
    assert file_name(name) == name


@pytest.mark.parametrize("name", ["a/b", "CON", "nul.txt", "..", ".hidden", "x ", "x.", "", "a\nb", "=1~0123456789"])
def test_one_that_cannot_be_a_file_gets_a_mark(name: str) -> None:
    assert file_name(name)[-11] == "~"


@given(name=names)
@example("con.")
@example("\udc80")
@example("a" * 149 + "é")
def test_every_system_can_write_it(name: str) -> None:
    made = file_name(name)
    assert made
    assert not set(made) & set('<>:"/\\|?*')
    assert all(ord(char) > 31 for char in made)
    assert made[-1] not in ". "
    assert made[0] not in ". "
    assert made.partition(".")[0].casefold() not in DEVICES
    assert len(f".{made}.html.01234567.tmp".encode()) < 255


@given(one=names, two=names)
@example("a/b", "a:b")
@example("a" * 400, "a" * 401)
@example("x", "x ")
def test_two_students_never_share_a_file(one: str, two: str) -> None:
    on_disk = {unicodedata.normalize("NFC", file_name(name)).casefold() for name in (one, two)}
    assert len(on_disk) == len({same_name(one), same_name(two)})


def test_a_name_that_looks_like_a_marked_one_is_marked_itself() -> None:
    taken = file_name("a/b")
    assert file_name(taken) != taken
