"""The card: character for character in both languages, 80 columns, on any console."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace

import pytest

from pytest_mmedu.report.report import Report
from pytest_mmedu.report.terminal import card, card_for, heading, show_card
from pytest_mmedu.result import failed, undecidable
from pytest_mmedu.text import Lang, Text, width

ZH = """\
 ✔ 参数合理                                                              30 / 30
     ✔ 参数 lr      0.01（应在 0.001–0.1 之间）
     ✔ 参数 epochs  10（应在 5–20 之间）
 ✘ 模型学会了                                                          52.5 / 70
     ✔ 损失下降    1.10 → 0.21，10 轮（要求下降 50%）
     ◐ 验证准确率  0.74，第 10 轮（满分 0.90，半分 0.70）
       提示  最后一轮准确率还在上升，多训练几轮会怎样？
       位置  run.log.json:21
 得分 82.5 / 100"""

EN = """\
 ✔ Sensible parameters                                                   30 / 30
     ✔ Parameter lr      0.01 (between 0.001 and 0.1)
     ✔ Parameter epochs  10 (between 5 and 20)
 ✘ The model learned                                                   52.5 / 70
     ✔ Loss falls           1.10 → 0.21, 10 epochs (must fall by 50 %)
     ◐ Validation accuracy  0.74, epoch 10 (full marks 0.90, half 0.70)
       Hint   Accuracy was still rising in the last epoch: what would more
              epochs do?
       Place  run.log.json:21
 Score 82.5 / 100"""

ASCII = """\
 [v] Sensible parameters                                                 30 / 30
     [v] Parameter lr      0.01 (between 0.001 and 0.1)
     [v] Parameter epochs  10 (between 5 and 20)
 [x] The model learned                                                 52.5 / 70
     [v] Loss falls           1.10 -> 0.21, 10 epochs (must fall by 50 %)
     [~] Validation accuracy  0.74, epoch 10 (full marks 0.90, half 0.70)
         Hint   Accuracy was still rising in the last epoch: what would more
                epochs do?
         Place  run.log.json:21
 Score 82.5 / 100"""


def test_the_card_in_chinese(report: Report) -> None:
    assert card(report, "zh") == ZH


def test_the_card_in_english(report: Report) -> None:
    assert card(report, "en") == EN


def test_a_console_without_the_marks(report: Report) -> None:
    assert card_for(report, "en", "ascii") == ASCII


def test_gbk_keeps_chinese_and_loses_only_the_marks(report: Report) -> None:
    shown = card_for(report, "zh", "cp936")
    assert shown.encode("cp936").decode("cp936") == shown
    assert " [v] 参数合理" in shown
    assert "[~] 验证准确率  0.74，第 10 轮（满分 0.90，半分 0.70）" in shown


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "no-such-encoding", None])
def test_a_console_without_chinese_gets_english_and_is_told(report: Report, encoding: str | None) -> None:
    shown = card_for(report, "zh", encoding)
    assert "Sensible parameters" in shown
    assert shown.endswith("This console cannot show Chinese, so the card is in English.")


def test_characters_that_a_console_lacks_are_replaced(with_test: Callable[..., Report]) -> None:
    shown = card_for(with_test(title=Text.same("作业 ≥ 1 – 2 → 3 …")), "en", "ascii")
    assert "?? >= 1 - 2 -> 3 ..." in shown


def test_show_card_writes_in_the_encoding_of_the_stream(report: Report) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="cp936")
    show_card(report, "zh", stream)
    stream.flush()
    assert "得分 82.5 / 100" in raw.getvalue().decode("cp936")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("unicode", [True, False])
def test_points_end_at_column_80_and_nothing_is_wider(report: Report, lang: str, unicode: bool) -> None:
    lines = card(report, lang, unicode).splitlines()  # type: ignore[arg-type]
    assert [width(line) for line in lines if " / " in line][:2] == [80, 80]
    assert all(width(line) <= 80 for line in lines)


def test_long_chinese_is_wrapped_before_no_punctuation(with_test: Callable[..., Report]) -> None:
    hint = Text.same("这是一句很长的提示，" * 8)
    shown = card(
        with_test(outcome="failed", results=(failed("x", Text.same("标题"), Text.same("值"), hint=hint),)), "zh"
    )
    lines = shown.splitlines()
    assert all(width(line) <= 80 for line in lines)
    assert not any(line.strip().startswith("，") for line in lines)
    assert "".join(line.strip() for line in lines[2:-1]).removeprefix("提示").strip() == hint.zh


@pytest.mark.parametrize(
    ("outcome", "message", "zh", "en"),
    [
        ("not run", None, "没有运行", "Not run"),
        ("not run", Text("没有显卡", "no GPU"), "没有运行：没有显卡", "Not run: no GPU"),
        (
            "blocked",
            Text("要先通过「甲」", "'A' has to pass first"),
            "不计分：要先通过「甲」",
            "Not counted: 'A' has to pass first",
        ),
        (
            "error",
            Text.same("KeyError: 'x'"),
            "出错，不是学生的问题：KeyError: 'x'",
            "Error, not the student's fault: KeyError: 'x'",
        ),
        ("failed", Text("不对", "wrong"), "不对", "wrong"),
    ],
)
def test_what_is_said_besides_results(
    with_test: Callable[..., Report], outcome: str, message: Text | None, zh: str, en: str
) -> None:
    report = with_test(outcome=outcome, message=message)
    assert card(report, "zh").splitlines()[1] == f"     {zh}"
    assert card(report, "en").splitlines()[1] == f"     {en}"


def test_an_error_asks_for_grading_again(with_test: Callable[..., Report]) -> None:
    report = with_test(outcome="error")
    assert card(report, "zh").splitlines()[-1] == " 批改时出错，请老师处理后重新批改。"
    assert card(report, "en").splitlines()[-1] == " Something went wrong while grading: the teacher should grade again."


def test_undecidable_points_cache_isolation_and_notes(report: Report) -> None:
    note = Text("没有看 homework.ipynb。", "homework.ipynb was not looked at.")
    whole = replace(report, undecided=5.0, from_cache=True, isolation="process", notes=(note,))
    assert card(whole, "zh").splitlines()[-5:] == [
        " 得分 82.5 / 100",
        " 另有 5 分无法判定，没有计入得分。",
        " 训练结果来自缓存，没有重新训练。",
        " 隔离级别：process",
        " 说明  没有看 homework.ipynb。",
    ]
    assert card(whole, "en").splitlines()[-5:] == [
        " Score 82.5 / 100",
        " 5 more points could not be decided; the score is without them.",
        " The run came from the cache: nothing was trained anew.",
        " Isolation level: process",
        " Note  homework.ipynb was not looked at.",
    ]


def test_an_undecidable_result_has_its_own_mark(with_test: Callable[..., Report]) -> None:
    one = undecidable("x", Text.same("来源"), Text.same("看不出"), hint=Text.same("写明白"))
    shown = card(with_test(outcome="undecidable", results=(one,)), "zh").splitlines()
    assert shown[0].startswith(" ? ")
    assert shown[1:3] == ["     ? 来源  看不出", "       提示  写明白"]


def test_one_hint_for_all_results_that_share_it(with_test: Callable[..., Report]) -> None:
    ones = [failed(name, Text.same(name), Text.same("空"), hint=Text.same("填上"), place="h.py:1") for name in "ab"]
    shown = card(with_test(outcome="failed", results=tuple(ones)), "zh").splitlines()
    assert shown[1:-1] == ["     ✘ a  空", "     ✘ b  空", "       提示  填上", "       位置  h.py:1"]


@pytest.mark.parametrize(("lang", "above"), [("zh", "同上"), ("en", "as above")])
def test_one_reason_for_several_results_is_told_once(with_test: Callable[..., Report], lang: Lang, above: str) -> None:
    why, hint = Text("程序没有训练。", "It trained nothing."), Text("写上 train()。", "Call train().")
    ones = [failed(name, Text.same(name), why, hint=hint, place=place) for name, place in ("ax", "bx", "cy")]
    shown = card(with_test(outcome="failed", results=tuple(ones)), lang).splitlines()
    seen = why.in_lang(lang)
    assert [line[5:] for line in shown if "✘" in line][1:] == [f"✘ a  {seen}", f"✘ b  {above}", f"✘ c  {seen}"]


def test_foreign_text_cannot_steer_the_terminal(with_test: Callable[..., Report]) -> None:
    evil = Text.same("\x1b[2Jx\r\n\u202egnp")
    one = failed("x", evil, evil, evil, hint=evil, place=evil.zh)
    shown = card(with_test(title=evil, outcome="failed", message=evil, results=(one,)), "zh")
    assert not any(char in shown for char in "\x1b\r\u202e")
    assert "\\x1b[2Jx \\x202egnp" in shown


def test_a_report_without_tests_shows_why(report: Report) -> None:
    empty = replace(report, tests=(), score=0.0, max_score=0.0, notes=(Text("没有报告", "no report"),))
    assert card(empty, "en").splitlines()[0] == " Note  no report"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_heading_is_80_columns_wide(lang: str) -> None:
    line = heading(Text("练习 1 · 第一次训练", "Exercise 1 · First training run"), lang)  # type: ignore[arg-type]
    assert width(line) == 80
