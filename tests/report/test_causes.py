"""A cause that stops several tests is told once where one reads them all, and by every test where each stands alone."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from pytest_mmedu.report.causes import told_once
from pytest_mmedu.report.gradescope import gradescope
from pytest_mmedu.report.junit import junit
from pytest_mmedu.report.markdown import markdown
from pytest_mmedu.report.pages.student_view import test_views
from pytest_mmedu.report.report import Report, TestReport, dumps
from pytest_mmedu.report.terminal import card
from pytest_mmedu.report.workflow_commands import workflow_commands
from pytest_mmedu.result import Outcome, Result, failed, passed
from pytest_mmedu.text import LANGS, Lang, Text
from tests.report.every_outcome import EVERY_OUTCOME, made

test_views.__test__ = False  # type: ignore[attr-defined]  # a name that pytest would collect
CRASHED = Text("程序出错：名字 prnt 没有定义。", "The program failed: name 'prnt' is not defined")
SPELLING = Text("检查拼写。", "Check the spelling.")
TRAINED, LEARNED = Text("训练跑完了", "The training ran to its end"), Text("模型学会了", "The model learned")


def stopped(title: Text) -> Result:
    return failed("x", title, CRASHED, hint=SPELLING, place="homework.py:12")


def report(*tests: TestReport) -> Report:
    return replace(EVERY_OUTCOME, tests=tests, score=0.0, isolation="", undecided=0.0, notes=())


FINISHED, LOG = stopped(Text("训练完成", "Training finished")), stopped(Text("日志存在", "The log exists"))
LOSS, ACCURACY = stopped(Text("损失下降", "Loss falls")), stopped(Text("验证准确率", "Validation accuracy"))
CRASH = report(
    made("test_training", TRAINED, 20.0, 0.0, "failed", FINISHED, LOG),
    made("test_learning", LEARNED, 50.0, 0.0, "failed", LOSS, ACCURACY),
)

ZH = """\
 ✘ 训练跑完了                                                             0 / 20
     ✘ 训练完成  程序出错：名字 prnt 没有定义。
     ✘ 日志存在  同上
       提示  检查拼写。
       位置  homework.py:12
 ✘ 模型学会了                                                             0 / 50
     ✘ 损失下降    见上面的「训练跑完了」
     ✘ 验证准确率  同上
 得分 0 / 100"""

EN = """\
 ✘ The training ran to its end                                            0 / 20
     ✘ Training finished  The program failed: name 'prnt' is not defined
     ✘ The log exists     as above
       Hint   Check the spelling.
       Place  homework.py:12
 ✘ The model learned                                                      0 / 50
     ✘ Loss falls           see 'The training ran to its end' above
     ✘ Validation accuracy  as above
 Score 0 / 100"""

MARKDOWN = """\
## First training run · Score 0 / 100

### ✘ The training ran to its end · 0 / 20

- ✘ **Training finished** The program failed: name 'prnt' is not defined
- ✘ **The log exists** as above
  - Hint: Check the spelling.
  - Place: `homework.py:12`

### ✘ The model learned · 0 / 50

- ✘ **Loss falls** see 'The training ran to its end' above
- ✘ **Validation accuracy** as above
"""


@pytest.mark.parametrize(("lang", "shown"), [("zh", ZH), ("en", EN)])
def test_on_the_card(lang: Lang, shown: str) -> None:
    assert card(CRASH, lang) == shown


def test_in_markdown() -> None:
    assert markdown(CRASH, "en") == MARKDOWN


def test_on_the_page() -> None:
    first, second = test_views(CRASH)
    [told], [short] = first.groups, second.groups
    assert [check.seen for check in told.checks] == [CRASHED, Text("同上", "as above")]
    assert (told.hint, told.place) == (SPELLING, "homework.py:12")
    see = Text("见上面的「训练跑完了」", "see 'The training ran to its end' above")
    assert [check.seen for check in short.checks] == [see, Text("同上", "as above")]
    assert (short.hint, short.place) == (None, None)


def test_a_line_of_the_repository_is_marked_once() -> None:
    [_, mark] = workflow_commands(CRASH, "en", str).splitlines()
    assert mark.startswith("::error file=homework.py,line=12,title=The training ran to its end · Training finished::")


@pytest.mark.parametrize("lang", LANGS)
def test_where_each_test_stands_alone_each_tells_it(lang: Lang) -> None:
    for output in (test["output"] for test in json.loads(gradescope(CRASH, lang))["tests"]):
        assert output.count(CRASHED.in_lang(lang)) == output.count(SPELLING.in_lang(lang)) == 1
    assert junit(CRASH, lang).count(CRASHED.in_lang(lang)) == 2
    assert dumps(CRASH).count(CRASHED.zh) == 4


def test_what_states_a_rule_is_evidence_of_its_own() -> None:
    wanted = Text("应在 5–30 之间", "between 5 and 30")
    tests = [made(name, TRAINED, 1.0, 0.0, "failed", replace(FINISHED, wanted=wanted)) for name in ("a", "b")]
    assert told_once(tests) == tuple(tests)


def test_what_is_right_is_said_every_time() -> None:
    right = passed("x", TRAINED, Text.same("20260101_120000.log.json"))
    tests = [made(name, TRAINED, 1.0, 1.0, "passed", right, right) for name in ("a", "b")]
    assert told_once(tests) == tuple(tests)


@pytest.mark.parametrize("outcome", ["error", "failed", "not run"])
def test_a_long_message_is_told_by_the_first_test(outcome: Outcome) -> None:
    long = Text("没有训练所需的软件。请运行 pytest-mmedu doctor --fix", "Software for training is missing: see doctor")
    first, second, third = told_once([made(name, TRAINED, 1.0, 0.0, outcome, message=long) for name in "abc"])
    assert first.message == long
    assert second.message == third.message == Text("见上面的「训练跑完了」", "see 'The training ran to its end' above")


def test_what_is_as_short_as_the_reference_is_said_again() -> None:
    short = Text("太短", "too short")
    tests = [made(name, TRAINED, 1.0, 0.0, "failed", message=short) for name in "ab"]
    assert told_once(tests) == tuple(tests)


def test_every_test_says_what_has_to_pass_first() -> None:
    before = Text("要先通过「一个名字很长很长的测试」", "'A test with a long name' has to pass first")
    tests = [made(name, TRAINED, 1.0, 0.0, "blocked", message=before) for name in "ab"]
    assert told_once(tests) == tuple(tests)
