"""A loss that diverged or never left its start -> the exact sentences."""

from __future__ import annotations

from tests.checks.made import Row, course, val, with_log

ROWS = (
    Row(
        "loss_finite",
        "passed",
        with_log(),
        seen=("5 条损失都是有限的数", "5 of 5 losses are finite"),
        place="run.log.json:10",
    ),
    Row(
        "loss_finite",
        "failed",
        with_log(course([1.1, 2.0, float("nan")])),
        seen=("第 3 轮起出现 NaN", "NaN from epoch 3 on"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:4",
    ),
    Row(
        "loss_finite",
        "failed",
        with_log(course([1.1, float("inf")])),
        seen=("第 2 轮起出现 Infinity", "Infinity from epoch 2 on"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:3",
    ),
    Row(
        "loss_finite",
        "undecidable",
        with_log([val(1, 70.0)], meta={}),
        seen=("日志里没有损失记录", "no loss in the log"),
        hint=(
            "多训练几轮，或把 batch_size 调小，日志里的损失记录就会多起来。",
            "Train more epochs or lower batch_size: the log then has more records of the loss.",
        ),
        place="run.log.json",
    ),
    Row(
        "not_diverged",
        "passed",
        with_log(),
        seen=("最后的损失 0.20", "the loss ends at 0.20"),
        place="run.log.json:10",
    ),
    Row(
        "not_diverged",
        "failed",
        with_log(course([16.6, 80.0, 142.0]), num_classes=10),
        seen=("最后的损失 142", "the loss ends at 142"),
        wanted=("乱猜约为 2.30", "guessing gives about 2.30"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:4",
    ),
    Row(
        "not_diverged",
        "failed",
        with_log(course([1.1, float("nan")])),
        seen=("第 2 轮起出现 NaN", "NaN from epoch 2 on"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:3",
    ),
    Row(
        "not_diverged",
        "undecidable",
        with_log([val(1, 70.0)], meta={}),
        seen=("日志里没有损失记录", "no loss in the log"),
        hint=(
            "多训练几轮，或把 batch_size 调小，日志里的损失记录就会多起来。",
            "Train more epochs or lower batch_size: the log then has more records of the loss.",
        ),
        place="run.log.json",
    ),
    Row(
        "not_stuck",
        "passed",
        with_log(num_classes=3),
        seen=("最后的损失 0.200", "the loss ends at 0.200"),
        place="run.log.json:10",
    ),
    Row(
        "not_stuck",
        "failed",
        with_log(course([2.298, 2.297, 2.296], [10.0, 10.0, 11.0]), num_classes=10),
        seen=("最后的损失 2.296", "the loss ends at 2.296"),
        wanted=("应明显低于 ln(10) = 2.303", "should be clearly below ln(10) = 2.303"),
        hint=(
            "损失几乎没有下降：核对学习率、数据的文件夹和类别数。",
            "The loss hardly falls: check the learning rate, the folders of the data and the number of classes.",
        ),
        place="run.log.json:6",
    ),
    Row(
        "not_stuck",
        "failed",
        with_log(course([2.4, 40.0, 1e300], [10.0, 10.0, 10.0]), num_classes=10),
        seen=("最后的损失 1e+300", "the loss ends at 1e+300"),
        wanted=("应明显低于 ln(10) = 2.303", "should be clearly below ln(10) = 2.303"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:6",
    ),
    Row(
        "loss_finite",
        "failed",
        with_log(course([-1.8, -1.2, -0.2])),
        seen=("第 1 轮的损失是 -1.80", "a loss of -1.80 in epoch 1"),
        hint=(
            "分类的损失不会小于 0：请交训练自动生成的日志，不要改动它。",
            "The loss of a classifier is never below 0: hand in the log as the training wrote it.",
        ),
        place="run.log.json:2",
    ),
    Row(
        "not_stuck",
        "undecidable",
        with_log([val(1, 70.0)], meta={}),
        seen=("日志里没有损失记录", "no loss in the log"),
        hint=(
            "多训练几轮，或把 batch_size 调小，日志里的损失记录就会多起来。",
            "Train more epochs or lower batch_size: the log then has more records of the loss.",
        ),
        place="run.log.json",
    ),
)
