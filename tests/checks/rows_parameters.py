"""Parameters: what a student wrote -> the exact sentences."""

from __future__ import annotations

from pytest_mmedu.asked import AskedValue
from tests.checks.made import Row, with_asked, with_no_run

ROWS = (
    Row(
        "param",
        "passed",
        with_asked(lr=0.01),
        seen=("0.01", "0.01"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "passed",
        with_asked(),
        seen=("0.01，没有写，用默认值", "0.01, the default: not mentioned"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(lr=10),
        seen=("10", "10"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=(
            "学习率太大，损失会乱跳甚至变成 NaN：调小些，再看损失曲线。",
            (
                "With too large a learning rate the loss jumps or becomes NaN: lower it and look at the loss "
                "curve again."
            ),
        ),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(lr=1e-06),
        seen=("0.000001", "0.000001"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=(
            "学习率太小，每一步几乎没走：比一比调大前后的损失曲线。",
            "The learning rate is so small that a step hardly moves: compare the loss curve with a larger one.",
        ),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(lr=...),
        seen=("还没有填写", "not filled in"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(lr="0.01"),
        seen=("'0.01' 是文字，不是数字", "'0.01' is a text, not a number"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=("数字不要加引号。", "Write numbers without quotes."),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(lr=float("nan")),
        seen=("nan", "nan"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=(
            "再读一遍练习要求里关于 lr 的部分；运行 pytest-mmedu params 查看它的含义。",
            "Read again what the exercise says about lr; pytest-mmedu params tells what it means.",
        ),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(lr=AskedValue(0.01, "given", "homework.py:10", differs=0.5)),
        seen=("0.01，但运行时收到 0.5", "0.01, but the call received 0.5"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=(
            "学习率太大，损失会乱跳甚至变成 NaN：调小些，再看损失曲线。",
            (
                "With too large a learning rate the loss jumps or becomes NaN: lower it and look at the loss "
                "curve again."
            ),
        ),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "undecidable",
        with_asked(lr=AskedValue(None, "unreadable", "homework.py:10")),
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        hint=(
            "请把值直接写在 train() 的括号里，例如一个数字。",
            "Write the value itself, a number for example, inside the brackets of train().",
        ),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "passed",
        with_asked(lr=AskedValue(None, "unreadable", "homework.py:10", differs=0.05)),
        seen=("运行时收到 0.05", "the call received 0.05"),
        wanted=("应在 0.001–0.1 之间", "should be between 0.001 and 0.1"),
        place="homework.py:10",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
    Row(
        "param",
        "failed",
        with_asked(epochs=3),
        seen=("3", "3"),
        wanted=("不小于 5", "at least 5"),
        hint=(
            "轮数太少，模型还没学完：最后几轮的损失还在下降吗？",
            "Too few epochs, the model has not finished learning: does the loss still fall in the last ones?",
        ),
        place="homework.py:10",
        given={"name": "epochs", "at_least": 5},
    ),
    Row(
        "param",
        "failed",
        with_asked(epochs=50),
        seen=("50", "50"),
        wanted=("不大于 20", "at most 20"),
        hint=(
            "轮数太多，白白花时间：从第几轮起准确率不再上升？",
            "More epochs than needed cost time: from which epoch on does the accuracy no longer rise?",
        ),
        place="homework.py:10",
        given={"name": "epochs", "at_most": 20},
    ),
    Row(
        "param",
        "failed",
        with_asked(),
        seen=("100，没有写，用默认值", "100, the default: not mentioned"),
        wanted=("应在 5–20 之间", "should be between 5 and 20"),
        hint=(
            "轮数太多，白白花时间：从第几轮起准确率不再上升？",
            "More epochs than needed cost time: from which epoch on does the accuracy no longer rise?",
        ),
        given={"name": "epochs", "between": (5, 20)},
    ),
    Row(
        "param",
        "passed",
        with_asked(optimizer="Adam"),
        seen=("Adam", "Adam"),
        wanted=("应为 Adam、AdamW 之一", "should be one of Adam, AdamW"),
        place="homework.py:10",
        given={"name": "optimizer", "one_of": ("Adam", "AdamW")},
    ),
    Row(
        "param",
        "failed",
        with_asked(optimizer="sgd"),
        seen=("sgd", "sgd"),
        wanted=("应为 Adam、AdamW 之一", "should be one of Adam, AdamW"),
        hint=(
            "再读一遍练习要求：这次要用哪个优化器？注意大小写。",
            "Read the exercise again: which optimizer is asked for? Mind the capitals.",
        ),
        place="homework.py:10",
        given={"name": "optimizer", "one_of": ("Adam", "AdamW")},
    ),
    Row(
        "param",
        "failed",
        with_asked(validate=1),
        seen=("1", "1"),
        wanted=("应为 True", "should be True"),
        hint=(
            "想一想：每轮结束后要不要在验证集上测一测？",
            "Should the model be tested on the validation set after each epoch?",
        ),
        place="homework.py:10",
        given={"name": "validate", "equals": True},
    ),
    Row(
        "param",
        "failed",
        with_asked(batch_size=4),
        seen=("4", "4"),
        wanted=("应在 10–64 之间", "should be between 10 and 64"),
        hint=(
            "批太小，每一步看到的类别不全：数一数数据集有几个类别。",
            "The batch is so small that a step does not see every class: how many classes has the data set?",
        ),
        place="homework.py:10",
        given={"name": "batch_size", "between": (10, 64)},
    ),
    Row(
        "param",
        "failed",
        with_asked(metric="recall"),
        seen=("recall", "recall"),
        wanted=("应为 accuracy", "should be accuracy"),
        hint=(
            "再读一遍练习要求里关于 metric 的部分；运行 pytest-mmedu params 查看它的含义。",
            "Read again what the exercise says about metric; pytest-mmedu params tells what it means.",
        ),
        place="homework.py:10",
        given={"name": "metric", "equals": "accuracy"},
    ),
    Row(
        "param",
        "failed",
        with_no_run(),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
        given={"name": "lr", "between": (0.001, 0.1)},
    ),
)
