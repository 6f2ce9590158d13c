"""A report with a test of every outcome, and what each writer makes of it in `written/`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pytest_mmedu.report.report import ExerciseName, Report, SubmissionName, TestReport
from pytest_mmedu.result import Outcome, Result, failed, passed, undecidable
from pytest_mmedu.text import Text

WRITTEN = Path(__file__).with_name("written")

EPOCHS = failed(
    "param",
    Text("参数 epochs", "Parameter epochs"),
    Text.same("1"),
    Text("应在 5–30 之间", "should be between 5 and 30"),
    hint=Text("轮数太少：损失还在下降吗？", "Too few epochs: does the loss still fall?"),
    place="homework.py:10",
)
SAVED = passed("save_fold", Text("保存位置", "Save folder"), Text.same("first, 100% <new> *a*_b_ `c`"))
ACCURACY = failed(
    "accuracy",
    Text("验证准确率", "Validation accuracy"),
    Text("0.66，第 1 轮", "0.66, epoch 1"),
    Text("满分 0.80，半分 0.50", "full marks from 0.80, half from 0.50"),
    hint=Text("只验证了一次：多训练几轮会怎样？", "A single validation: what do more epochs change?"),
    place="20260101_120000.log.json:4",
    share=0.5,
)
SEED = undecidable(
    "seed",
    Text("随机种子", "Random seed"),
    Text("是算出来的，看不出", "is computed, cannot be told"),
    hint=Text("直接写一个数。", "Write a number."),
    place="homework.ipynb[3]:2",
)


def made(
    name: str,
    title: Text,
    points: float,
    earned: float,
    outcome: Outcome,
    *results: Result,
    message: Text | None = None,
) -> TestReport:
    nodeid = f"exercises/01_first/test_exercise.py::{name}"
    return TestReport(nodeid, title, points, earned, outcome, results, message)


TESTS = (
    made("test_files", Text("文件齐全", "All files"), 10.0, 10.0, "passed", SAVED),
    made("test_parameters", Text("你填的参数", "The parameters you chose"), 30.0, 15.0, "failed", EPOCHS, SAVED),
    made("test_learning[val]", Text("模型学会了", "The model learned"), 20.0, 10.0, "failed", ACCURACY),
    made("test_seed", Text("种子", "The seed"), 10.0, 0.0, "undecidable", SEED),
    made(
        *("test_after", Text("再训练", "Going on"), 5.0, 0.0, "blocked"),
        message=Text("要先通过「你填的参数」", "'The parameters you chose' has to pass first"),
    ),
    made("test_disk", Text("磁盘", "Disk"), 5.0, 0.0, "error", message=Text.same("OSError: no space")),
    made("test_gpu", Text("显卡", "GPU"), 10.0, 0.0, "not run", message=Text("没有显卡", "no GPU")),
    made("test_words", Text("总结", "Summary"), 10.0, 0.0, "failed", message=Text("太短", "too short")),
)
EVERY_OUTCOME = Report(
    exercise=ExerciseName("01_first", Text("第一次训练", "First training run")),
    submission=SubmissionName("wang", "0" * 64),
    tests=TESTS,
    score=35.0,
    max_score=100.0,
    undecided=10.0,
    isolation="process",
    notes=(Text("没有看 old.py。", "old.py was not looked at."),),
    seconds=12.3456,
    versions={"pytest-mmedu": "0"},
    guarantees={"files": "not provided", "memory": "watched"},
)
ALL_EARNED = replace(EVERY_OUTCOME, tests=TESTS[:1], score=10.0, max_score=10.0, undecided=0.0, notes=())
REFUSED = replace(ALL_EARNED, refused=Text("没有运行：隔离不够。", "Not run: too little isolation."))
EMPTY = replace(ALL_EARNED, tests=(), score=0.0, max_score=0.0, notes=(Text("进程退出了。", "The process ended."),))


def everywhere(text: str) -> Report:
    """The text in every place where a stranger's words may stand."""
    same = Text.same(text)
    result = failed("x", same, same, same, hint=same, place=text)
    test = replace(TESTS[1], nodeid=text, title=same, results=(result,), message=same)
    return replace(
        EVERY_OUTCOME,
        exercise=ExerciseName(text, same),
        submission=SubmissionName(text, None, text),
        tests=(test, replace(test, outcome="error"), replace(test, outcome="undecidable")),
        notes=(same,),
        refused=same,
    )
