"""Markdown 格式 | The card as Markdown: for the summary of a GitHub step, a comment, a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from pytest_mmedu.report.causes import told_once
from pytest_mmedu.report.layout import clean, number
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.terminal import mark_of
from pytest_mmedu.report.wording import COLON, GRADE_AGAIN, HINT, NOTE, PLACE, SCORE, judged, remarks, said
from pytest_mmedu.result import Result
from pytest_mmedu.text import Lang, Text

_SPECIAL = re.compile(r"([\\`*_\[\]<>&#|~$])")
_BEGINS_A_BLOCK = re.compile(r"^(\d*)([-+=.)])(?=[-+=\s]|$)")  # a list, a rule, or a heading of the line above


def markdown(report: Report, lang: Lang) -> str:
    """A heading with the score, what is to be known of the whole, and a section for each test."""
    score = f"{SCORE.in_lang(lang)} {number(report.score)} / {number(report.max_score)}"
    parts = [f"## {_text(report.exercise.title, lang)} · {score}"]
    parts += ["\n".join(f"- {line}" for line in _remarked(report, lang))]
    parts += ["\n".join(_test(test, lang)) for test in told_once(report.tests)]
    return "\n\n".join(filter(None, parts)) + "\n"


def escaped(text: str) -> str:
    """Text of any origin that stands in Markdown for nothing but itself."""
    return _BEGINS_A_BLOCK.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", clean(text))) or "–"


def code(text: str) -> str:
    """The text in a code span, whatever backticks it holds."""
    shown = clean(text)
    longest = max((len(run) for run in re.findall("`+", shown)), default=0)
    fence = "`" * (longest + 1)
    return f"{fence} {shown} {fence}" if longest else f"`{shown or '–'}`"


def _test(test: TestReport, lang: Lang) -> Iterator[str]:
    earned = f"{number(test.earned)} / {number(test.points)}"
    yield f"### {_sign(test)}{_text(test.title, lang)} · {earned}\n"
    message = said(test.outcome, test.message)
    if message is not None:
        yield f"- {_text(message, lang)}"
    for result, after in zip_longest(test.results, test.results[1:]):
        yield f"- {_sign(result)}**{_text(result.title, lang)}** {escaped(judged(result, lang))}"
        if after is None or (after.hint, after.place) != (result.hint, result.place):
            yield from _advice(result, lang)


def _advice(result: Result, lang: Lang) -> Iterator[str]:
    if result.outcome == "passed":
        return
    if result.hint is not None:
        yield f"  - {_label(HINT, lang)}{_text(result.hint, lang)}"
    if result.place is not None:
        yield f"  - {_label(PLACE, lang)}{code(result.place)}"


def _remarked(report: Report, lang: Lang) -> Iterator[str]:
    yield from (_text(remark, lang) for remark in remarks(report))
    yield from (f"{_label(NOTE, lang)}{_text(note, lang)}" for note in report.notes)
    if report.has_errors:
        yield f"**{_text(GRADE_AGAIN, lang)}**"


def _sign(judged: TestReport | Result) -> str:
    """The mark of the card; the blank one for "not run" needs no space behind it."""
    return f"{mark_of(judged)} ".lstrip()


def _label(word: Text, lang: Lang) -> str:
    return word.in_lang(lang) + COLON.in_lang(lang)


def _text(text: Text, lang: Lang) -> str:
    return escaped(text.in_lang(lang))
