"""措辞 | What is said of a test, a result and a whole report, beside the numbers: the same words in every format."""

from __future__ import annotations

from collections.abc import Iterator

from pytest_mmedu.report.layout import clean, number
from pytest_mmedu.report.report import Report, TestReport
from pytest_mmedu.result import Outcome, Result
from pytest_mmedu.submission.isolation.levels import told
from pytest_mmedu.text import Lang, Text, listing

HINT, PLACE, NOTE = Text("提示", "Hint"), Text("位置", "Place"), Text("说明", "Note")
SCORE = Text("得分", "Score")
COLON = Text("：", ": ")
NOT_RUN = Text("没有运行", "Not run")
UNDECIDABLE = Text("无法判定", "Could not be decided")
BLOCKED = Text("不计分", "Not counted")
ERROR = Text("出错，不是学生的问题", "Error, not the student's fault")
GRADE_AGAIN = Text(
    "批改时出错，请老师处理后重新批改。", "Something went wrong while grading: the teacher should grade again."
)
FROM_CACHE = Text("训练结果来自缓存，没有重新训练。", "The run came from the cache: nothing was trained anew.")


def said(outcome: Outcome, message: Text | None) -> Text | None:
    """What is to be said besides the results."""
    word = {"not run": NOT_RUN, "blocked": BLOCKED, "error": ERROR}.get(outcome)
    if word is None or message is None:
        return word or message
    return Text(word.zh + COLON.zh + message.zh, word.en + COLON.en + message.en)


def judged(result: Result, lang: Lang) -> str:
    """The evidence, and the rule in brackets."""
    seen = clean(result.seen.in_lang(lang))
    if result.wanted is None:
        return seen
    wanted = clean(result.wanted.in_lang(lang))
    return f"{seen}（{wanted}）" if lang == "zh" else f"{seen} ({wanted})"


def in_short(test: TestReport, lang: Lang) -> str:
    """`15 / 30: Parameter epochs`: the points, and what was not right, on one line."""
    wrong = [clean(result.title.in_lang(lang)) for result in test.results if result.outcome != "passed"]
    message = said(test.outcome, test.message)
    named = clean(message.in_lang(lang)) if message else listing(dict.fromkeys(wrong)).in_lang(lang)
    if test.outcome == "undecidable":
        named = UNDECIDABLE.in_lang(lang) + COLON.in_lang(lang) + named
    earned = f"{number(test.earned)} / {number(test.points)}"
    return earned + (COLON.in_lang(lang) + named if named else "")


def remarks(report: Report) -> Iterator[Text]:
    """What is to be known about the whole report, a sentence each; its notes are not among them."""
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
