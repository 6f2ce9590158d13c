"""成绩单 | The card: one submission's report on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from textwrap import dedent
from typing import TextIO

from pytest_mmedu.report.causes import neighbours, told_once
from pytest_mmedu.report.layout import CHINESE, COLUMNS, MARKS, block, can_show, clean, for_console, number, spread
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.report.wording import GRADE_AGAIN, HINT, NOTE, PLACE, SCORE, judged, remarks, said
from pytest_mmedu.result import Result
from pytest_mmedu.text import Lang, Text, pad, width

UNICODE_MARKS: Mapping[str, str] = {
    "passed": "✔", "failed": "✘", "half": "◐", "undecidable": "?", "blocked": "-", "error": "!", "not run": " ",
}  # fmt: skip
PLAIN_MARKS: Mapping[str, str] = {
    "passed": "[v]", "failed": "[x]", "half": "[~]", "undecidable": "[?]", "blocked": "[-]", "error": "[!]",
    "not run": "[ ]",
}  # fmt: skip

_LONGEST_TITLE = 28


def show_card(report: Report, lang: Lang, out: TextIO | None = None) -> None:
    """The card on the console, in what its encoding can show."""
    stream = out or sys.stdout
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(card_for(report, lang, encoding) + "\n")


def card_for(report: Report, lang: Lang, encoding: str | None) -> str:
    """The card for a console of this encoding; one that has no Chinese gets English and says so."""
    readable = console_lang(lang, encoding)
    text = card(report, readable, unicode=can_show(MARKS, encoding))
    if readable != lang:
        text += "\n This console cannot show Chinese, so the card is in English."
    return for_console(text, encoding)


def console_lang(lang: Lang, encoding: str | None) -> Lang:
    return lang if lang == "en" or can_show(CHINESE, encoding) else "en"


def card(report: Report, lang: Lang, unicode: bool = True) -> str:
    """The whole card as text, 80 columns wide."""
    marks = UNICODE_MARKS if unicode else PLAIN_MARKS
    lines = [line for test in told_once(report.tests) for line in _test(test, lang, marks)]
    return "\n".join([*lines, *_ending(report, lang)])


def heading(title: Text, lang: Lang, columns: int = COLUMNS) -> str:
    """A rule with the exercise's title in it; `len` would be wrong for Chinese."""
    words = f" {clean(title.in_lang(lang))} "
    left = max(2, (columns - width(words)) // 2)
    return "=" * left + words + "=" * max(2, columns - left - width(words))


def evidence(results: Sequence[Result], lang: Lang, unicode: bool = True) -> str:
    """The lines of results alone, as they stand on the card."""
    shown = tuple(neighbours(results))
    return "\n".join(_results(shown, lang, UNICODE_MARKS if unicode else PLAIN_MARKS))


def details(test: TestReport, lang: Lang) -> str:
    """What stands on the card below a test's title, for formats that show the title and the points themselves."""
    [shown] = told_once([test])
    return dedent("\n".join(_below(shown, lang, UNICODE_MARKS)))


def closing(report: Report, lang: Lang) -> str:
    """What stands on the card below the last test, without the score."""
    return dedent("\n".join(_remarked(report, lang)))


def mark_of(judged: TestReport | Result, marks: Mapping[str, str] = UNICODE_MARKS) -> str:
    """A result that earns a part has its own mark; a test has not, its points tell."""
    half = isinstance(judged, Result) and judged.outcome == "failed" and judged.share
    return marks["half" if half else judged.outcome]


def _test(test: TestReport, lang: Lang, marks: Mapping[str, str]) -> Iterator[str]:
    earned = f"{number(test.earned)} / {number(test.points)}"
    yield spread(f" {mark_of(test, marks)} {clean(test.title.in_lang(lang))}", earned)
    yield from _below(test, lang, marks)


def _below(test: TestReport, lang: Lang, marks: Mapping[str, str]) -> Iterator[str]:
    message = said(test.outcome, test.message)
    if message is not None:
        yield from block("     ", clean(message.in_lang(lang)))
    yield from _results(test.results, lang, marks)


def _results(results: Sequence[Result], lang: Lang, marks: Mapping[str, str]) -> Iterator[str]:
    titles = [clean(result.title.in_lang(lang)) for result in results]
    column = max((width(title) for title in titles if width(title) <= _LONGEST_TITLE), default=0)
    following = [*results[1:], None][: len(results)]
    for result, title, after in zip(results, titles, following, strict=False):
        mark = mark_of(result, marks)
        yield from block(f"     {mark} {pad(title, column)}  ", judged(result, lang))
        if after is None or (after.hint, after.place) != (result.hint, result.place):  # one hint for all that share it
            yield from _advice(result, lang, " " * (6 + width(mark)))


def _advice(result: Result, lang: Lang, indent: str) -> Iterator[str]:
    if result.outcome == "passed":
        return
    column = max(width(HINT.in_lang(lang)), width(PLACE.in_lang(lang)))
    if result.hint is not None:
        yield from block(f"{indent}{pad(HINT.in_lang(lang), column)}  ", clean(result.hint.in_lang(lang)))
    if result.place is not None:
        yield from block(f"{indent}{pad(PLACE.in_lang(lang), column)}  ", clean(result.place))


def _ending(report: Report, lang: Lang) -> Iterator[str]:
    if report.tests:
        yield f" {SCORE.in_lang(lang)} {number(report.score)} / {number(report.max_score)}"
    yield from _remarked(report, lang)


def _remarked(report: Report, lang: Lang) -> Iterator[str]:
    for text in remarks(report):
        yield from block(" ", clean(text.in_lang(lang)))
    for note in report.notes:
        yield from block(f" {NOTE.in_lang(lang)}  ", clean(note.in_lang(lang)))
    if report.has_errors:
        yield from block(" ", GRADE_AGAIN.in_lang(lang))
