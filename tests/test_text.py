"""Text in two languages, and its width on a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_mmedu.text import Text, choose_lang, listing, pad, printable, title_of, width


def test_both_languages_stand_in_one_line() -> None:
    text = Text("损失下降", "Loss falls")
    assert str(text) == "损失下降 | Loss falls"
    assert (text.in_lang("zh"), text.in_lang("en")) == ("损失下降", "Loss falls")


def test_what_is_the_same_in_both_is_said_once() -> None:
    assert str(Text.same(0.01)) == "0.01"


def test_sentences_join_with_a_space_in_english_only() -> None:
    assert Text("一。", "One.") + Text("二。", "Two.") == Text("一。二。", "One. Two.")


@given(st.text(), st.text())
def test_json_gives_the_same_text_back(zh: str, en: str) -> None:
    assert Text.from_json(Text(zh, en).to_json()) == Text(zh, en)


def test_titles_come_from_the_first_docstring_line() -> None:
    assert title_of("练习 1 | Exercise 1\n\nMore.", "name") == Text("练习 1", "Exercise 1")
    assert title_of("Only English", "name") == Text.same("Only English")
    assert title_of(None, "test_x") == Text.same("test_x")


def test_listing() -> None:
    assert listing(["a", 2]) == Text("a、2", "a, 2")


@pytest.mark.parametrize(
    ("wanted", "environ", "lang"),
    [
        ("en", {"LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LANG": "zh_CN.UTF-8"}, "zh"),
        (None, {"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        (None, {"LC_MESSAGES": "Chinese (Simplified)_China.936"}, "zh"),
        (None, {"LANG": "C"}, "en"),
        (None, {}, "en"),
        ("auto", {"LANG": "zh_TW"}, "zh"),
    ],
)
def test_the_language_follows_the_wish_then_the_locale(wanted: str | None, environ: dict[str, str], lang: str) -> None:
    assert choose_lang(wanted, environ) == lang


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("损失", 4), ("（a）", 5), ("e\u0301", 1), ("✔", 1), ("", 0), ("\u200b", 0)]
)
def test_width_counts_terminal_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@given(st.text(max_size=30), st.integers(0, 60), st.booleans())
def test_padding_reaches_the_column_and_loses_nothing(text: str, columns: int, right: bool) -> None:
    padded = pad(text, columns, right=right)
    assert width(padded) == max(columns, width(text))
    assert padded.endswith(text) if right else padded.startswith(text)


@given(st.text(max_size=400))
def test_printable_text_cannot_steer_a_terminal(text: str) -> None:
    shown = printable(text)
    assert len(text) > 200 or "\x1b" not in shown
    assert not any(char in shown for char in "\x1b\n\r\x07\u202e\u2066")


def test_printable_cuts_long_text() -> None:
    assert printable("x" * 300) == "x" * 199 + "…"
