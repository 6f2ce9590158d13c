"""Fingerprints of programs: what changes nothing, what changes them, and what they promise."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_mmedu.alike.winnowing import GRAM, WINDOW, Mark, grams, program_marks, program_tokens, winnow

PROGRAM = '''
def best_of(folder):
    """The best file."""
    best, name = 0.0, None
    for path in sorted(folder.glob("*.pth")):
        score = float(path.stem.split("_")[-1])  # after the last line
        if score > best:
            best, name = score, path
    return name
'''


def codes(text: str) -> set[int]:
    return {mark.code for mark in program_marks(text)}


def words(text: str) -> str:
    return " ".join(token.word for token in program_tokens(text))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("best", "zuihao"),
        ("score", "分数"),
        ("    ", "\t"),
        ("  # after the last line", ""),
        ("0.0", "17"),
        ('"*.pth"', "'*.ckpt'"),
        ('"_"', 'r"_"'),
        (" = ", "="),
        ("\n", "\r\n"),
        ("sorted(", "sorted(\n        "),
    ],
)
def test_a_disguise_changes_no_fingerprint(old: str, new: str) -> None:
    assert codes(PROGRAM.replace(old, new)) == codes(PROGRAM)


@pytest.mark.parametrize(("old", "new"), [("sorted", "reversed"), (".glob", ".rglob"), (" > ", " <= ")])
def test_another_program_has_other_fingerprints(old: str, new: str) -> None:
    assert codes(PROGRAM.replace(old, new)) != codes(PROGRAM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", "v = 0"),
        ("model.train(lr=0.01, epochs=n)", "v . train ( lr = 0 , epochs = v )"),
        ("print(a == b)", "print ( v = = v )"),
        ("s = '''a\nb''' # c", "v = s"),
        ('f\'{x}\' + "\\""', "s + s"),
        ("print('没有关", "print ( ' v"),
        ("名字 = 3e-2", "v = 0 - 0"),
        ("", ""),
    ],
)
def test_what_a_program_says_without_its_words(text: str, expected: str) -> None:
    assert words(text) == expected


def test_the_lines_of_a_fingerprint_are_those_of_its_tokens() -> None:
    text = "'''\ntwo\n'''\n\n" + "a = b\n" * 20
    first = next(grams(text))
    assert (first.first, first.last) == (1, 8)  # the text, then eleven tokens from line 5 on
    assert max(mark.last for mark in grams(text)) == 24


def test_a_short_program_has_none() -> None:
    assert program_marks("model = cls(1)\n") == []


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), max_size=60), st.integers(1, 8))
def test_every_window_leaves_one_and_only_those_are_kept(numbers: list[int], window: int) -> None:
    marks = [Mark(code, at, at) for at, code in enumerate(numbers)]
    kept = {mark.first for mark in winnow(marks, window)}
    assert kept <= set(range(len(numbers)))
    for start in range(len(numbers) - window + 1):
        inside = [at for at in kept if start <= at < start + window]
        assert min(numbers[at] for at in inside) == min(numbers[start : start + window])


@settings(deadline=None)
@given(
    st.lists(st.sampled_from("abcdef+-*/()"), min_size=GRAM + WINDOW - 1, max_size=40), st.text("xyz =\n", max_size=80)
)
def test_what_two_texts_share_for_long_enough_leaves_one_in_common(shared: list[str], around: str) -> None:
    """Whatever stands before: any GRAM + WINDOW - 1 tokens in common are found."""
    part = " ".join("import" if sign in "abc" else "while" if sign in "def" else sign for sign in shared)
    one, other = f"{part}\n", f"{around}\nreturn\n{part}\n"
    assert codes(one) & codes(other)


@settings(deadline=None)
@given(st.text(max_size=300))
def test_any_text_has_tokens_on_lines_that_it_has(text: str) -> None:
    lines = [token.line for token in program_tokens(text)]
    assert lines == sorted(lines)
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)
