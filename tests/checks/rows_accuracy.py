"""The accuracy: what the log shows -> the exact sentences."""

from __future__ import annotations

from tests.checks.made import Row, course, val, with_log

ROWS = (
    Row(
        "accuracy",
        "passed",
        with_log(),
        seen=("0.92，第 4 轮", "0.92, epoch 4"),
        wanted=("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70"),
        place="run.log.json:9",
        given={"full": 0.90, "half": 0.70},
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1, 0.7, 0.4], [40.0, 60.0, 74.0])),
        seen=("0.74，第 3 轮", "0.74, epoch 3"),
        wanted=("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70"),
        hint=(
            "最后一轮准确率还在上升，多训练几轮会怎样？",
            "The accuracy still rises in the last epoch: what do more epochs change?",
        ),
        place="run.log.json:7",
        given={"full": 0.90, "half": 0.70},
        share=0.5,
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1, 0.7, 0.4, 0.3], [40.0, 60.0, 74.0, 70.0])),
        seen=("0.74，第 3 轮", "0.74, epoch 3"),
        wanted=("满分 0.90", "full marks from 0.90"),
        hint=(
            "准确率已不再上升：换一个学习率或批大小会怎样？",
            "The accuracy no longer rises: what does another learning rate or batch size change?",
        ),
        place="run.log.json:7",
        given={"full": 0.90},
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1, 0.7, 0.4], [33.0, 33.0, 33.0])),
        seen=("0.33，第 1 轮", "0.33, epoch 1"),
        wanted=("满分 0.90", "full marks from 0.90"),
        hint=(
            "准确率已不再上升：换一个学习率或批大小会怎样？",
            "The accuracy no longer rises: what does another learning rate or batch size change?",
        ),
        place="run.log.json:3",
        given={"full": 0.90},
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1, 0.7], [89.999, 80.0])),
        seen=("0.89999，第 1 轮", "0.89999, epoch 1"),
        wanted=("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70"),
        hint=(
            "准确率已不再上升：换一个学习率或批大小会怎样？",
            "The accuracy no longer rises: what does another learning rate or batch size change?",
        ),
        place="run.log.json:3",
        given={"full": 0.90, "half": 0.70},
        share=0.5,
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1, 1.1, 1.1], [33.0, 33.3, 33.3]), num_classes=3),
        seen=("0.33，第 2 轮", "0.33, epoch 2"),
        wanted=("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70"),
        hint=(
            "模型还在乱猜：先看损失有没有下降，再核对类别数和数据的文件夹。",
            (
                "The model still guesses: does the loss fall? Then check the number of classes and the folders "
                "of the data."
            ),
        ),
        place="run.log.json:5",
        given={"full": 0.90, "half": 0.70},
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1], [150.0])),
        seen=("150 不是可能的准确率", "150 is no possible accuracy"),
        wanted=("满分 0.90", "full marks from 0.90"),
        hint=(
            "准确率应在 0 到 100 之间：请交训练时自动生成的日志，不要改动它。",
            "An accuracy lies between 0 and 100: hand in the log as the training wrote it.",
        ),
        place="run.log.json:3",
        given={"full": 0.90},
    ),
    Row(
        "accuracy",
        "failed",
        with_log(course([1.1, 0.7])),
        seen=("日志里没有验证记录", "the log has no validation"),
        wanted=("满分 0.90", "full marks from 0.90"),
        hint=(
            "验证要打开：看一看参数 validate，并确认数据集里有 val_set。",
            "Validation has to be on: look at the parameter validate, and that the data set has a val_set.",
        ),
        place="run.log.json",
        given={"full": 0.90},
    ),
    Row(
        "accuracy",
        "undecidable",
        with_log([val(1, None, **{"accuracy_top-5": 95.0})]),
        seen=("日志里没有 accuracy_top-1，只有 accuracy_top-5", "the log has no accuracy_top-1, only accuracy_top-5"),
        wanted=("满分 0.90", "full marks from 0.90"),
        hint=(
            "看一看参数 topk 和 metric：它们决定日志里记录哪种准确率。",
            "Look at the parameters topk and metric: they decide which accuracy is logged.",
        ),
        place="run.log.json",
        given={"full": 0.90},
    ),
    Row(  # what MMEdu logs above five classes is enough to say no
        "accuracy",
        "failed",
        with_log([val(1, None, **{"accuracy_top-5": 60.0}), val(2, None, **{"accuracy_top-5": 68.0})]),
        seen=("top-5 最高 0.68，top-1 不会更高", "top-5 of 0.68 at best; top-1 is never above it"),
        wanted=("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70"),
        hint=(
            "最后一轮准确率还在上升，多训练几轮会怎样？",
            "The accuracy still rises in the last epoch: what do more epochs change?",
        ),
        place="run.log.json:3",
        given={"full": 0.90, "half": 0.70},
    ),
    Row(  # and not enough where half of the points are within reach
        "accuracy",
        "undecidable",
        with_log([val(1, None, **{"accuracy_top-5": 85.0})]),
        seen=("日志里没有 accuracy_top-1，只有 accuracy_top-5", "the log has no accuracy_top-1, only accuracy_top-5"),
        wanted=("满分 0.90，半分 0.70", "full marks from 0.90, half from 0.70"),
        hint=(
            "看一看参数 topk 和 metric：它们决定日志里记录哪种准确率。",
            "Look at the parameters topk and metric: they decide which accuracy is logged.",
        ),
        place="run.log.json",
        given={"full": 0.90, "half": 0.70},
    ),
    Row(
        "better_than_chance",
        "passed",
        with_log(num_classes=3),
        seen=("最高 0.92", "0.92 at best"),
        wanted=("乱猜约 0.33", "guessing gives about 0.33"),
        place="run.log.json:9",
    ),
    Row(
        "better_than_chance",
        "failed",
        with_log(course([2.3, 1.0, 0.5], [10.0, 11.0, 9.0]), num_classes=10),
        seen=("最高 0.11", "0.11 at best"),
        wanted=("乱猜约 0.10", "guessing gives about 0.10"),
        hint=(
            "模型还在乱猜：先看损失有没有下降，再核对类别数和数据的文件夹。",
            (
                "The model still guesses: does the loss fall? Then check the number of classes and the folders "
                "of the data."
            ),
        ),
        place="run.log.json:5",
    ),
    Row(
        "better_than_chance",
        "failed",
        with_log(course([2.3, 2.2], []), num_classes=10),
        seen=("日志里没有验证记录", "the log has no validation"),
        wanted=("高于乱猜", "above guessing"),
        hint=(
            "验证要打开：看一看参数 validate，并确认数据集里有 val_set。",
            "Validation has to be on: look at the parameter validate, and that the data set has a val_set.",
        ),
        place="run.log.json",
    ),
    Row(
        "better_than_chance",
        "undecidable",
        with_log(),
        seen=("不知道有几个类别", "the number of classes is not known"),
        hint=("请写明 num_classes。", "State num_classes."),
    ),
    Row(
        "better_than_chance",
        "undecidable",
        with_log([val(1, None, **{"accuracy_top-5": 100.0})], num_classes=5),
        seen=("5 类的 top-5 总是 1.00", "top-5 of 5 classes is always 1.00"),
        wanted=("乱猜约 1.00", "guessing gives about 1.00"),
        hint=(
            "看一看参数 topk 和 metric：它们决定日志里记录哪种准确率。",
            "Look at the parameters topk and metric: they decide which accuracy is logged.",
        ),
        place="run.log.json:2",
    ),
)
