"""The loss: what the log shows -> the exact sentences."""

from __future__ import annotations

from tests.checks.made import Row, course, train, val, with_asked, with_log, with_no_run

ROWS = (
    Row(
        "loss_falls",
        "failed",
        with_log(course([3.5, 3.0, 2.6, 2.4, 2.2]), num_classes=10),
        seen=("3.50 → 2.20，5 轮", "3.50 → 2.20, 5 epochs"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "损失一开始就比乱猜还高，步子可能太大：把学习率调小些会怎样？",
            "The loss begins above that of guessing, the steps may be too large: "
            "what does a smaller learning rate change?",
        ),
        place="run.log.json:6",
    ),
    Row(
        "loss_falls",
        "passed",
        with_log(course([1.1, 0.7, 0.4, 0.3, 0.21])),
        seen=("1.10 → 0.21，5 轮", "1.10 → 0.21, 5 epochs"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        place="run.log.json:6",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "passed",
        with_log(course([1.1, 1.2, 0.6, 0.8, 0.5, 0.3, 0.5, 0.25, 0.3, 0.2])),
        seen=("1.10 → 0.25，10 轮", "1.10 → 0.25, 10 epochs"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        place="run.log.json:11",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "passed",
        with_log(course([0.0007, 0.0009, 0.0008, 0.0006])),
        seen=("0.0007 → 0.0006，4 轮，开始时就已收敛", "0.0007 → 0.0006, 4 epochs, converged from the start"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        place="run.log.json:5",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_log(course([1.1, 1.0, 0.95, 0.9])),
        seen=("1.10 → 0.90，4 轮", "1.10 → 0.90, 4 epochs"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "损失在下降，但还不够：多训练几轮，或把学习率调大一点会怎样？",
            "The loss falls, but not enough yet: what do more epochs or a slightly larger learning rate change?",
        ),
        place="run.log.json:5",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_log(course([0.5, 0.8, 0.9, 1.0])),
        seen=("0.50 → 1.00，4 轮", "0.50 → 1.00, 4 epochs"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "损失几乎没有下降：核对学习率、数据的文件夹和类别数。",
            "The loss hardly falls: check the learning rate, the folders of the data and the number of classes.",
        ),
        place="run.log.json:5",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_log(course([1.1, float("nan"), float("nan")])),
        seen=("第 2 轮起出现 NaN", "NaN from epoch 2 on"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:3",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_log(course([478.0, 400.0, 346.0, 230.0]), num_classes=10),
        seen=("478 → 230，4 轮，远高于乱猜的水平", "478 → 230, 4 epochs, far above the level of guessing"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "训练发散了，多半是学习率太大：调小后再训练一次。",
            "The training diverged, most often from too large a learning rate: lower it and train again.",
        ),
        place="run.log.json:5",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_log(course([6.89, 3.1, 2.5, 2.31, 2.31], [10.0, 10.0, 10.0, 10.0, 10.0])),
        seen=(
            "6.89 → 2.31，5 轮，但停在 ln(10) = 2.30，等于乱猜",
            "6.89 → 2.31, 5 epochs, but ends at ln(10) = 2.30: guessing",
        ),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "模型还在乱猜：核对类别数、验证集的标签和学习率。",
            (
                "The model still guesses: check the number of classes, the labels of the validation set and the"
                " learning rate."
            ),
        ),
        place="run.log.json:10",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_log(course([2.3, 1.5, 0.9, 0.5, 0.2], [10.0, 11.0, 10.0, 9.0, 10.0]), num_classes=10),
        seen=(
            "2.30 → 0.20，5 轮，但验证准确率最高 0.11，等于乱猜",
            "2.30 → 0.20, 5 epochs, but the validation accuracy of at most 0.11 is guessing",
        ),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "模型还在乱猜：核对类别数、验证集的标签和学习率。",
            (
                "The model still guesses: check the number of classes, the labels of the validation set and the"
                " learning rate."
            ),
        ),
        place="run.log.json:10",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "failed",
        with_no_run(),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "error",
        with_no_run("error"),
        seen=("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "undecidable",
        with_log([val(1, 70.0), val(2, 80.0)], batch_size=16),
        seen=("日志里没有损失记录；一轮只有 6 步", "no loss in the log; an epoch has 6 steps"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "多训练几轮，或把 batch_size 调小，日志里的损失记录就会多起来。",
            "Train more epochs or lower batch_size: the log then has more records of the loss.",
        ),
        place="run.log.json",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "undecidable",
        with_log([train(1, 0.9)]),
        seen=("日志里只有一条损失记录", "the log has a single loss record"),
        wanted=("要求下降 50%", "must fall by 50 %"),
        hint=(
            "多训练几轮，或把 batch_size 调小，日志里的损失记录就会多起来。",
            "Train more epochs or lower batch_size: the log then has more records of the loss.",
        ),
        place="run.log.json",
        given={"by": 0.5},
    ),
    Row(
        "loss_falls",
        "undecidable",
        with_asked(),
        seen=("没有训练日志", "there is no training log"),
        hint=(
            "日志是 save_fold 文件夹里的 *.log.json，请一起交上。",
            "The log is the *.log.json in the save folder: hand it in as well.",
        ),
        given={"by": 0.5},
    ),
)
