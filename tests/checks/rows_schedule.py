"""Schedule, interval and splits: what the log shows -> the exact sentences."""

from __future__ import annotations

from tests.checks.made import Row, course, with_log, with_text

STEP = """lr_config = dict(policy='step', step=[30, 40])
runner = dict(type='EpochBasedRunner', max_epochs=50)
log_config = dict(interval=10)
Epoch [1][10/40]	lr: 1.000e-02, eta: 0:00:10, time: 0.213, data_time: 0.202, loss: 1.0821
Epoch [1][20/40]	lr: 1.000e-02, eta: 0:00:06, time: 0.213, data_time: 0.202, loss: 0.9821
"""
SPLITS = """data = dict(samples_per_gpu=8, train=dict(data_prefix='data/train'), val=dict(data_prefix='data/val'))
Epoch [1][10/40]	lr: 1.000e-02, eta: 0:00:10, time: 0.213, data_time: 0.202, loss: 1.0821
Epoch(val) [1][8]	accuracy_top-1: 70.0000
"""


ROWS = (
    Row(
        "milestones_reachable",
        "passed",
        with_text(STEP, epochs=50),
        seen=("转折在第 30、40 轮，共 50 轮", "milestones 30, 40; 50 epochs in all"),
        place="run.log",
    ),
    Row(
        "milestones_reachable",
        "failed",
        with_text(STEP, epochs=20),
        seen=("转折在第 30、40 轮，共 20 轮", "milestones 30, 40; 20 epochs in all"),
        hint=(
            "训练结束时还没走到转折轮：把它们提前，或多训练几轮。",
            "The training ends before its milestones: move them, or train longer.",
        ),
        place="run.log",
    ),
    Row(
        "milestones_reachable",
        "undecidable",
        with_log(epochs=5),
        seen=("日志里没有写学习率的转折轮", "the log states no milestones"),
        hint=(
            "请交上开头写有完整配置的日志（.log 文本）。",
            "Hand in the text log (.log) that begins with the whole config.",
        ),
        place="run.log.json",
    ),
    Row(
        "log_interval_fits",
        "passed",
        with_text(STEP, epochs=50),
        seen=("一轮 40 步，每 10 步记一次", "40 steps in an epoch, a record every 10"),
        place="run.log",
    ),
    Row(
        "log_interval_fits",
        "failed",
        with_log(batch_size=16),
        seen=("一轮 6 步，每 10 步记一次", "6 steps in an epoch, a record every 10"),
        hint=(
            "一轮的步数少于日志间隔时不会记录损失：把 batch_size 或日志间隔（interval）调小后再训练。",
            (
                "An epoch with fewer steps than the log interval leaves no loss: lower batch_size or the "
                "interval and train again."
            ),
        ),
        place="run.log.json",
    ),
    Row(
        "log_interval_fits",
        "undecidable",
        with_log(meta={}),
        seen=("不知道一轮有几步，或日志间隔是多少", "the steps of an epoch or the interval are not known"),
        hint=(
            "请交上开头写有完整配置的日志（.log 文本）。",
            "Hand in the text log (.log) that begins with the whole config.",
        ),
        place="run.log.json",
    ),
    Row(
        "eta_falls",
        "passed",
        with_text(STEP),
        seen=("10 秒 → 6 秒", "10 s → 6 s"),
        place="run.log:5",
    ),
    Row(
        "eta_falls",
        "failed",
        with_text(STEP.replace("0:00:06", "0:10:00")),
        seen=("10 秒 → 600 秒", "10 s → 600 s"),
        hint=("请交训练自动生成的日志，不要改动它。", "Hand in the log as the training wrote it."),
        place="run.log:5",
    ),
    Row(
        "eta_falls",
        "undecidable",
        with_log(),
        seen=("日志里没有 eta", "the log has no eta"),
        hint=("eta 只在文本日志（.log）和屏幕输出里有。", "Only the text log (.log) and the screen show the eta."),
        place="run.log.json",
    ),
    Row(
        "splits_separate",
        "passed",
        with_text(SPLITS),
        seen=("训练 40 批，验证 8 批", "40 batches to train, 8 to validate"),
        place="run.log:3",
    ),
    Row(
        "splits_separate",
        "failed",
        with_text(SPLITS.replace("data/val", "data/train")),
        seen=("都是 data/train", "both are data/train"),
        hint=(
            "验证集要用训练时没见过的图片：重新分一次数据。",
            "Validate on pictures that the training has not seen: split the data anew.",
        ),
        place="run.log",
    ),
    Row(
        "splits_separate",
        "undecidable",
        with_text(SPLITS.replace("[1][8]", "[1][40]")),
        seen=("训练 40 批，验证 40 批", "40 batches to train, 40 to validate"),
        hint=(
            "验证集要用训练时没见过的图片：重新分一次数据。",
            "Validate on pictures that the training has not seen: split the data anew.",
        ),
        place="run.log:3",
    ),
    Row(
        "splits_separate",
        "undecidable",
        with_log(course([1.1, 0.7]), meta={}),
        seen=("日志里看不出", "the log does not tell"),
        hint=(
            "请交开头写有完整配置的日志（.log 文本）。",
            "Hand in the text log (.log) that begins with the whole config.",
        ),
        place="run.log.json",
    ),
    Row(
        "lr_follows_schedule",
        "passed",
        with_text(STEP),
        seen=("0.01，一直不变", "0.01 throughout"),
        place="run.log:5",
    ),
)
