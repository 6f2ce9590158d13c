"""What else a log shows: mistake -> the exact sentences."""

from __future__ import annotations

import json
from pathlib import Path

from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.logs import read_log
from tests.checks.made import Row, course, train, with_log, with_text, written


def json_log() -> str:
    return "".join(json.dumps(record) + "\n" for record in course([1.1, 0.7, 0.4]))


def bare_log(folder: Path) -> Subject:
    """A log alone: nobody says what was asked for."""
    return Subject(log=read_log(written(folder, course([1.1, 0.7]), {})))


ROWS = (
    Row(
        "log_complete",
        "passed",
        with_log(epochs=5),
        seen=("5 轮都有记录", "5 epochs, all recorded"),
        place="run.log.json:11",
    ),
    Row(
        "log_complete",
        "failed",
        with_log(epochs=20),
        seen=("只到第 5 轮，共 20 轮", "ends at epoch 5 of 20"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        place="run.log.json:11",
    ),
    Row(
        "log_complete",
        "failed",
        with_log([train(1, 1.0), train(3, 0.5)]),
        seen=("缺少第 2 轮的记录", "the records of epoch 2 are missing"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="run.log.json:3",
    ),
    Row(
        "log_complete",
        "failed",
        with_log([]),
        seen=("日志里没有训练记录", "the log has no record of an epoch"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
        place="run.log.json",
    ),
    Row(
        "log_complete",
        "failed",
        with_text(json_log() + '{"mode": "tra'),
        seen=(
            '最后一行没写完（停在“{"mode": "tra”），没写完的部分没有采用',
            'The last line is cut off (it stops at "{"mode": "tra"); what is incomplete was not used',
        ),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="run.log:4",
    ),
    Row(
        "iterations_per_epoch",
        "passed",
        with_log(batch_size=8),
        seen=("一轮记录到第 10 步", "an epoch is recorded up to step 10"),
        wanted=("96 张图片，每批 8 张", "96 pictures, 8 in a batch"),
        place="run.log.json:2",
    ),
    Row(
        "iterations_per_epoch",
        "failed",
        with_log(batch_size=32),
        seen=("一轮记录到第 10 步", "an epoch is recorded up to step 10"),
        wanted=("96 张图片，每批 32 张", "96 pictures, 32 in a batch"),
        hint=(
            "图片数除以批大小，不足一批的也算一步：日志是这次训练的吗？",
            "Pictures divided by batch size, a rest counts as a step: is it the log of this training?",
        ),
        place="run.log.json:2",
    ),
    Row(
        "iterations_per_epoch",
        "undecidable",
        with_log(meta={}),
        seen=("不知道图片数或批大小", "the number of pictures or the batch size is not known"),
        hint=("请写明 batch_size 和数据集。", "State batch_size and the data set."),
        place="run.log.json",
    ),
    Row(
        "parameters_agree",
        "passed",
        with_log(backbone="LeNet", lr=0.01, epochs=5),
        seen=("backbone、lr、epochs 一致", "the same backbone, lr, epochs"),
        place="run.log.json",
    ),
    Row(
        "parameters_agree",
        "failed",
        with_log(lr=0.1),
        seen=("lr：要求 0.1，日志里是 0.01", "lr: asked for 0.1, the log has 0.01"),
        hint=(
            "请交这次训练的日志，参数和日志要对得上。",
            "Hand in the log of this very training: parameters and log belong together.",
        ),
        place="run.log.json:2",
    ),
    Row(
        "parameters_agree",
        "failed",
        with_log(backbone="ResNet18"),
        seen=("backbone：要求 ResNet18，日志里是 LeNet", "backbone: asked for ResNet18, the log has LeNet"),
        hint=(
            "请交这次训练的日志，参数和日志要对得上。",
            "Hand in the log of this very training: parameters and log belong together.",
        ),
        place="run.log.json:1",
    ),
    Row(
        "parameters_agree",
        "failed",
        with_log(epochs=3),
        seen=("epochs：要求 3，日志里是 5", "epochs: asked for 3, the log has 5"),
        hint=(
            "请交这次训练的日志，参数和日志要对得上。",
            "Hand in the log of this very training: parameters and log belong together.",
        ),
        place="run.log.json:11",
    ),
    Row(
        "parameters_agree",
        "undecidable",
        bare_log,
        seen=("没有可以比较的参数", "nothing to compare"),
        hint=("请写明 batch_size 和数据集。", "State batch_size and the data set."),
        place="run.log.json",
    ),
    Row(
        "lr_follows_schedule",
        "passed",
        with_log(lr=0.01),
        seen=("0.01，一直不变", "0.01 throughout"),
        place="run.log.json:10",
    ),
    Row(
        "lr_follows_schedule",
        "passed",
        with_log([train(1, 1.0, lr=0.001), train(2, 0.9), train(3, 0.8, lr=0.001)]),
        seen=("0.001 → 0.01 → 0.001", "0.001 → 0.01 → 0.001"),
        place="run.log.json:4",
    ),
    Row(
        "lr_follows_schedule",
        "failed",
        with_log(lr=0.1),
        seen=("0.01，一直不变", "0.01 throughout"),
        wanted=("要求 0.1", "asked for 0.1"),
        hint=(
            "日志里的学习率不是所写的那个：日志是这次训练的吗？",
            "The log's learning rate is not the one written: is it the log of this training?",
        ),
        place="run.log.json:2",
    ),
    Row(
        "lr_follows_schedule",
        "failed",
        with_log([train(1, 1.0), train(2, 0.9, lr=0.001), train(3, 0.8, lr=0.005)]),
        seen=("0.001 → 0.005", "0.001 → 0.005"),
        wanted=("升到最高后只降不升", "falls after its peak"),
        hint=(
            "学习率中途变大：看看日志里是不是接连有两次训练。",
            "The learning rate grows on the way: does the log hold two trainings, one after the other?",
        ),
        place="run.log.json:4",
    ),
    Row(
        "lr_follows_schedule",
        "undecidable",
        with_log([train(1, 1.0, lr=None)]),
        seen=("日志里没有记录学习率", "the log records no learning rate"),
        hint=(
            "请交训练自动生成的日志，不要删去内容。",
            "Hand in the log as the training wrote it, with nothing removed.",
        ),
        place="run.log.json",
    ),
    Row(
        "time_not_below_data_time",
        "passed",
        with_log([train(1, 1.0, time=0.3, data_time=0.2)]),
        seen=("1 条记录都对", "right in 1 record"),
        place="run.log.json:2",
    ),
    Row(
        "time_not_below_data_time",
        "failed",
        with_log([train(1, 1.0, time=0.2, data_time=0.3)]),
        seen=("time 0.2, data_time 0.3", "time 0.2, data_time 0.3"),
        hint=("请交训练自动生成的日志，不要改动它。", "Hand in the log as the training wrote it."),
        place="run.log.json:2",
    ),
    Row(
        "time_not_below_data_time",
        "undecidable",
        with_log(),
        seen=("日志里没有 time 和 data_time", "the log has no time and data_time"),
        hint=("请交训练自动生成的日志，不要改动它。", "Hand in the log as the training wrote it."),
        place="run.log.json",
    ),
)
