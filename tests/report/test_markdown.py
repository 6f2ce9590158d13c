"""Markdown: a CommonMark parser finds our structure in it, and nothing in it that a stranger's text could have made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pytest_mmedu.report.layout import clean
from pytest_mmedu.report.markdown import code, escaped, markdown
from pytest_mmedu.text import LANGS, Lang
from tests.report.every_outcome import EVERY_OUTCOME, everywhere

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"text", "softbreak", "strong_open", "strong_close", "code_inline", "text_special"}
ANY = st.text(st.characters(exclude_categories=()), max_size=40)


def inline(tokens: Iterable[Token]) -> Iterator[Token]:
    return (child for token in tokens if token.type == "inline" for child in token.children or ())


def shape(text: str) -> list[str]:
    return [token.type for token in PARSER.parse(text) if token.type != "inline"]


@given(text=ANY)
@settings(deadline=None)
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    tokens = PARSER.parse(f"- **{escaped(text)}** end")
    shown = "".join(token.content for token in inline(tokens))
    assert shown == f"{clean(text) or '–'} end"
    assert sum(token.type == "strong_open" for token in inline(tokens)) == 1


@given(text=ANY)
@settings(deadline=None)
def test_a_code_span_holds_the_whole_text(text: str) -> None:
    [span] = [token for token in inline(PARSER.parse(f"- x: {code(text)}")) if token.type == "code_inline"]
    assert span.content == (clean(text) or "–")


@given(text=ANY)
@example(text="-")
@example(text="1. a")
@settings(deadline=None)
def test_no_text_changes_the_structure(text: str) -> None:
    document = markdown(everywhere(text), "en")
    assert shape(document) == shape(markdown(everywhere("word"), "en"))
    assert {token.type for token in inline(PARSER.parse(document))} <= OURS


@pytest.mark.parametrize("lang", LANGS)
def test_a_section_for_each_test_below_the_score(lang: Lang) -> None:
    tokens = PARSER.parse(markdown(EVERY_OUTCOME, lang))
    headings = [(token.tag, after.content) for token, after in pairwise(tokens) if token.type == "heading_open"]
    score = {"zh": "第一次训练 · 得分 35 / 100", "en": "First training run · Score 35 / 100"}[lang]
    assert headings[0] == ("h2", score)
    assert [tag for tag, _ in headings[1:]] == ["h3"] * len(EVERY_OUTCOME.tests)
