"""报告与预期的比较 | A report against what it should be: pure functions, each difference a sentence for the teacher."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pytest_mmedu.exercise.expected import Expected
from pytest_mmedu.exercise.solution import Blank
from pytest_mmedu.report.report import Report
from pytest_mmedu.result import Result
from pytest_mmedu.text import LANGS, Text

_CLOSE = 1e-6
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_NOT_FILLED_IN = Text("没有填写", "not filled in")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One check of one test, or a test that ended by an `assert` of its own (`check` is then its function's name)."""

    test: str
    check: str
    title: str
    outcome: str

    @property
    def shown(self) -> str:
        return f"{self.check} ({self.title})"

    def is_meant_by(self, entry: str) -> bool:
        """ "param epochs" means the check `param` whose title, or whose test, has the word epochs."""
        check, *words = entry.split()
        return check == self.check and set(words) <= {*self.title.split(), self.test}


def verdicts(report: Report) -> Iterator[Verdict]:
    """Every check of the report; a test speaks for itself where it has none, or where they do not explain its end."""
    for test in report.tests:
        name = test.nodeid.rpartition("::")[2]
        outcomes = {result.outcome for result in test.results}
        yield from (Verdict(name, one.check, one.title.en, one.outcome) for one in test.results)
        if not test.results or (test.outcome == "failed" and "failed" not in outcomes):
            yield Verdict(name, name, test.title.en, test.outcome)


def no_errors(report: Report) -> Iterator[Text]:
    """What was ours or the machine's fault: nothing else in such a report means anything."""
    if not report.tests:
        yield sum(report.notes, Text("没有任何测试。", "There is no test at all."))
    for test in report.tests:
        if test.outcome == "error":
            what = test.message or next((one.seen for one in test.results if one.outcome == "error"), Text("", ""))
            yield Text(f"{test.title.zh}出错：{what.zh}", f"Error in {test.title.en}: {what.en}")


def accepted(report: Report, score: float | None = None) -> Iterator[Text]:
    """It earns everything, or the score that is given for it."""
    wanted = report.max_score if score is None else score
    if report.max_score <= 0:
        yield Text("没有任何测试有分值。", "No test has points.")
    if abs(report.score - wanted) > _CLOSE:
        yield _score(report.score, wanted)
        yield from (_unexpected(one) for one in verdicts(report) if one.outcome != "passed")


def rejected(report: Report, one: Expected) -> Iterator[Text]:
    """It gets its score, exactly its checks say no, and the words of its hint are read in both languages."""
    if one.score is not None and abs(report.score - one.score) > _CLOSE:
        yield _score(report.score, one.score)
    found = list(verdicts(report))
    yield from _named(found, "failed", one.fails)
    yield from _named(found, "undecidable", one.undecidable)
    for lang in LANGS:
        said = " ".join(text.in_lang(lang) for text in told(report)).casefold()
        for word in one.hints.get(lang, ()):
            if word.casefold() not in said:
                yield Text(f"学生看不到“{word}”这个词。", f"The student is not told “{word}”.")


def not_filled_in(report: Report) -> Iterator[Text]:
    """The untouched starter: nothing earned, and told why."""
    if report.score > _CLOSE:
        yield _score(report.score, 0.0)
        yield from (
            Text(f"没有填写却通过了 {one.shown}。", f"Not filled in, but {one.shown} passed.")
            for one in verdicts(report)
            if one.outcome == "passed"
        )
    said = told(report)
    for lang in LANGS:
        words = _NOT_FILLED_IN.in_lang(lang)
        if not any(words in text.in_lang(lang) for text in said):
            yield Text(f"学生看不到“{words}”。", f"The student is not told “{words}”.")


def same_score(script: Report, notebook: Report) -> Iterator[Text]:
    """One solution in two forms gets one score, test by test."""
    for one, other in zip(script.tests, notebook.tests, strict=True):
        if abs(one.earned - other.earned) > _CLOSE:
            yield Text(
                f"{one.title.zh}：脚本 {one.earned:g} 分，笔记本 {other.earned:g} 分。",
                f"{one.title.en}: the script earns {one.earned:g}, the notebook {other.earned:g}.",
            )


def covered(reference: Report, sent_back: Iterable[Report]) -> Iterator[Text]:
    """Every check is failed by some rejected submission in which another check passes.

    One that fails everything, such as an empty file, says nothing about any single check.
    """
    failed: set[tuple[str, str, str]] = set()
    for report in sent_back:
        found = list(verdicts(report))
        if any(one.outcome == "passed" for one in found):
            failed |= {(one.test, one.check, one.title) for one in found if one.outcome == "failed"}
    for one in verdicts(reference):
        if (one.test, one.check, one.title) not in failed:
            yield Text(f"没有一份错误作业使 {one.shown} 失败。", f"No rejected submission makes {one.shown} fail.")


def in_both_languages(report: Report) -> Iterator[Text]:
    """Every title, hint and message is there in Chinese and in English."""
    for text in told(report, evidence=False):
        if not (text.en.strip() and _CHINESE.search(text.zh)) or text.zh == text.en:
            yield Text(f"缺一种语言：{text}", f"One language is missing: {text}")


def gives_away(report: Report, blanks: Iterable[Blank]) -> Iterator[Text]:
    """No hint holds a value that students are to find. One sign alone counts where the hint names what it is for."""
    hints = [result.hint for test in report.tests for result in test.results if result.hint is not None]
    for blank in dict.fromkeys((one.name, one.value.strip("()\"' ")) for one in blanks):
        if any(_holds(hint.in_lang(lang), *blank) for hint in hints for lang in LANGS):
            yield Text(f"提示里有 {blank[0]} 的答案。", f"A hint holds the answer for {blank[0]}.")


def _holds(hint: str, name: str, value: str) -> bool:
    if not value or value.lower() in ("true", "false", "none"):  # who is to choose between two may read both
        return False
    telling = len(value) > 1 or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", hint) is not None
    return telling and re.search(rf"(?<![\w.-]){re.escape(value)}(?![\w.])", hint) is not None


def told(report: Report, *, evidence: bool = True) -> list[Text]:
    """What the student reads; `evidence` also what was seen and wanted, which may be a bare number or name."""
    texts: list[Text | None] = []
    for test in report.tests:
        texts += [test.title, test.message]
        for result in test.results:
            texts += [result.title, result.hint, *(_evidence(result) if evidence else ())]
    return [text for text in texts if text is not None]


def _evidence(result: Result) -> tuple[Text | None, ...]:
    return result.seen, result.wanted


def _named(found: Iterable[Verdict], outcome: str, entries: Iterable[str]) -> Iterator[Text]:
    """Every verdict of this outcome is meant by some entry, and every entry means some of them."""
    these = [one for one in found if one.outcome == outcome]
    for one in these:
        if not any(one.is_meant_by(entry) for entry in entries):
            yield _unexpected(one)
    for entry in entries:
        if not any(one.is_meant_by(entry) for one in these):
            what = _OUTCOMES[outcome]
            yield Text(f"{entry} 应该{what.zh}，却没有。", f"{entry} should {what.en}, but does not.")


_OUTCOMES = {
    "failed": Text("失败", "fail"),
    "undecidable": Text("无法判断", "be undecidable"),
    "blocked": Text("受阻", "be blocked"),
    "not run": Text("没有运行", "not be run"),
}


def _unexpected(one: Verdict) -> Text:
    what = _OUTCOMES.get(one.outcome, Text.same(one.outcome))
    return Text(f"没想到 {one.shown} {what.zh}。", f"Not expected of {one.shown}: to {what.en}.")


def _score(got: float, wanted: float) -> Text:
    return Text(f"得 {got:g} 分，应得 {wanted:g} 分。", f"It earns {got:g} points instead of {wanted:g}.")
