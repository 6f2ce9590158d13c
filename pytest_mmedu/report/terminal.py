"""成绩单 | The card: one submission's report on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TextIO

from pytest_mmedu.report.layout import CHINESE, COLUMNS, MARKS, block, can_show, clean, for_console, number, spread
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.submission.isolation.levels import told
from pytest_mmedu.text import Lang, Text, pad, width

UNICODE_MARKS: Mapping[str, str] = {
    "passed": "✔", "failed": "✘", "half": "◐", "undecidable": "?", "blocked": "-", "error": "!", "not run": " ",
}  # fmt: skip
PLAIN_MARKS: Mapping[str, str] = {
    "passed": "[v]", "failed": "[x]", "half": "[~]", "undecidable": "[?]", "blocked": "[-]", "error": "[!]",
    "not run": "[ ]",
}  # fmt: skip

HINT, PLACE, NOTE = Text("提示", "Hint"), Text("位置", "Place"), Text("说明", "Note")
SCORE = Text("得分", "Score")
AS_ABOVE = Text("同上", "as above")
NOT_RUN = Text("没有运行", "Not run")
BLOCKED = Text("不计分", "Not counted")
ERROR = Text("出错，不是学生的问题", "Error, not the student's fault")
GRADE_AGAIN = Text(
    "评分时出错，请老师处理后重新批改。", "Something went wrong while grading: the teacher should grade again."
)
FROM_CACHE = Text("训练结果来自缓存，没有重新训练。", "The run came from the cache: nothing was trained anew.")
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
    lines = [line for test in report.tests for line in _test(test, lang, marks)]
    return "\n".join([*lines, *_ending(report, lang)])


def heading(title: Text, lang: Lang, columns: int = COLUMNS) -> str:
    """A rule with the exercise's title in it; `len` would be wrong for Chinese."""
    words = f" {clean(title.in_lang(lang))} "
    left = max(2, (columns - width(words)) // 2)
    return "=" * left + words + "=" * max(2, columns - left - width(words))


def evidence(results: Sequence[Result], lang: Lang, unicode: bool = True) -> str:
    """The lines of results alone, as they stand on the card."""
    return "\n".join(_results(results, lang, UNICODE_MARKS if unicode else PLAIN_MARKS))


def _test(test: TestReport, lang: Lang, marks: Mapping[str, str]) -> Iterator[str]:
    earned = f"{number(test.earned)} / {number(test.points)}"
    yield spread(f" {marks[test.outcome]} {clean(test.title.in_lang(lang))}", earned)
    message = _message(test.outcome, test.message)
    if message is not None:
        yield from block("     ", clean(message.in_lang(lang)))
    yield from _results(test.results, lang, marks)


def _message(outcome: Outcome, message: Text | None) -> Text | None:
    """What is to be said besides the results."""
    word = {"not run": NOT_RUN, "blocked": BLOCKED, "error": ERROR}.get(outcome)
    if word is None or message is None:
        return word or message
    return Text(f"{word.zh}：{message.zh}", f"{word.en}: {message.en}")


def _results(results: Sequence[Result], lang: Lang, marks: Mapping[str, str]) -> Iterator[str]:
    titles = [clean(result.title.in_lang(lang)) for result in results]
    column = max((width(title) for title in titles if width(title) <= _LONGEST_TITLE), default=0)
    above: list[Result | None] = [None, *results[:-1]]
    following = [*results[1:], None][: len(results)]
    for result, title, before, after in zip(results, titles, above, following, strict=False):
        mark = marks["half" if result.outcome == "failed" and result.share else result.outcome]
        judged = _judged(result, lang)
        if before is not None and _one_reason(before, result):
            judged = min(judged, AS_ABOVE.in_lang(lang), key=len)
        yield from block(f"     {mark} {pad(title, column)}  ", judged)
        if after is None or (after.hint, after.place) != (result.hint, result.place):  # one hint for all that share it
            yield from _advice(result, lang, " " * (6 + width(mark)))


def _one_reason(before: Result, result: Result) -> bool:
    """Whether both say no for the same reason, no training for example: it is told once."""
    reasons = {(one.outcome, one.seen, one.wanted, one.hint, one.place) for one in (before, result)}
    return len(reasons) == 1 and result.outcome != "passed" and result.hint is not None


def _judged(result: Result, lang: Lang) -> str:
    """The evidence, and the rule in brackets."""
    seen = clean(result.seen.in_lang(lang))
    if result.wanted is None:
        return seen
    wanted = clean(result.wanted.in_lang(lang))
    return f"{seen}（{wanted}）" if lang == "zh" else f"{seen} ({wanted})"


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
    for text in _remarks(report):
        yield from block(" ", clean(text.in_lang(lang)))
    for note in report.notes:
        yield from block(f" {NOTE.in_lang(lang)}  ", clean(note.in_lang(lang)))
    if report.has_errors:
        yield from block(" ", GRADE_AGAIN.in_lang(lang))


def _remarks(report: Report) -> Iterator[Text]:
    if report.undecided:
        n = number(report.undecided)
        yield Text(
            f"另有 {n} 分无法判定，没有计入得分。", f"{n} more points could not be decided; the score is without them."
        )
    if report.from_cache:
        yield FROM_CACHE
    if report.isolation:
        yield _isolation(report)
    if report.refused is not None:
        yield report.refused


def _isolation(report: Report) -> Text:
    """The level, and what it holds on this machine."""
    level, held = report.isolation, told(report.guarantees)
    if not report.guarantees:
        return Text(f"隔离级别：{level}", f"Isolation level: {level}")
    return Text(f"隔离级别：{level}（{held.zh}）", f"Isolation level: {level} ({held.en})")
