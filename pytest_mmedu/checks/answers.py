"""答案检查 | Checks of the answers that a student wrote down; the expected value is never told."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pytest_mmedu.answered import Answer, Answers, plain_name
from pytest_mmedu.checks.answer_rules import ANY, Rule
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, printable


@check()
def answer(
    subject: Subject,
    name: str,
    *,
    equals: Any = ANY,
    one_of: Collection[Any] | None = None,
    within: float | str | None = None,
    title: Text | None = None,
    where: Text | None = None,
) -> Verdict:
    """答案 | Answer

    `check.answer("loss_at_end", equals=log.train[-1].loss, within=0.01)`: one answer against what the test derived.

    equals  the right answer; within=0.01 allows so much, within="5%" so large a part of it
    one_of  any of several right answers
    title   what is asked, as students read it; by default the answer's name
    where   the hint for a wrong answer: where to look, how to work it out, never the value
    """
    rule = Rule.of(name, equals, one_of, within)
    shown_name = printable(name, 60)
    title = title or Text(f"答案 {shown_name}", f"Answer {shown_name}")
    return replace(_judged(subject.answers, name, rule, where or _LOOK_AGAIN), title=title)


def _judged(answers: Answers | None, name: str, rule: Rule, where: Text) -> Verdict:
    given = answered(answers, name)
    return given if isinstance(given, Verdict) else _compared(given, rule, where)


def answered(answers: Answers | None, name: str) -> Answer | Verdict:
    """The answer where there is a value to judge, else the verdict on what stands in its place."""
    if answers is None:
        return unknown(_NOT_ASKED, hint=_NAME_THE_FILE)
    if answers.seen is not None:
        return no(answers.seen, hint=answers.todo or _LOOK_AGAIN, place=answers.place)
    given = answers.get(name)
    if given is None:
        return _missing(answers, name)
    if given.state == "not filled in":
        return no(NOT_ANSWERED, hint=_FILL_IN, place=given.place)
    if given.state == "unreadable":
        return no(given.seen or _NOT_ASKED, hint=given.todo or _LOOK_AGAIN, place=given.place)
    return given


def _compared(given: Answer, rule: Rule, where: Text) -> Verdict:
    seen = Text.same(_written(given.value))
    if rule.hold(given.value):
        return yes(seen, place=given.place)
    if not rule.fits_form(given.value):
        if isinstance(given.value, str) and rule.fits_form(unicodedata.normalize("NFKC", given.value)):
            return no(seen, rule.form, hint=_HALF_WIDTH, place=given.place)
        return no(seen, rule.form, hint=_ANOTHER_FORM, place=given.place)
    return no(seen, hint=where, place=given.place)


def _missing(answers: Answers, name: str) -> Verdict:
    seen = Text(f"{answers.place} 里没有 {name}", f"{answers.place} has no {name}")
    near = difflib.get_close_matches(plain_name(name), answers.values, n=1)
    if near:
        wrong = printable(near[0], 60)
        return no(
            seen, hint=Text(f"{wrong} 是不是应该叫 {name}？", f"Is {wrong} meant to be {name}?"), place=answers.place
        )
    return no(seen, hint=Text(f"加一行 {name} = 你的答案。", f"Add a line {name} = your answer."), place=answers.place)


def _written(value: Any) -> str:
    """As a student would write it: true rather than True, lists without quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return printable("[" + ", ".join(_written(one) for one in value) + "]", 60)
    return shown(value)


NOT_ANSWERED = Text("还没有填写", "not filled in")
_FILL_IN = Text("把 ... 换成你的答案。", "Put your answer for the dots.")
_LOOK_AGAIN = Text(
    "再读一遍题目，回到它所说的文件里重新找。", "Read the question once more, and look again in the file it names."
)
_HALF_WIDTH = Text("数字要用英文输入法输入。", "Type the number with the English input method.")
_ANOTHER_FORM = Text("请按要求的写法再写一次。", "Write it once more in the form that is asked for.")
_NOT_ASKED = Text("练习没有写明答案文件", "the exercise names no answers file")
_NAME_THE_FILE = Text(
    '请老师在 exercise.toml 里写上 answers = "answers.toml"。',
    'The teacher should write answers = "answers.toml" in exercise.toml.',
)
