"""Trainings in several processes: mistake -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.asked import AskedValue
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.run import Run
from tests.checks.made import Make, Row, train, with_asked, with_images, with_log

TOGETHER: Mapping[str, Any] = {"distributed": True, "batch_size": 8}


def ran(*records: Mapping[str, Any], nproc: str = "2", logs: int = 1, **asked: Any) -> Make:
    """A run of 96 pictures with these records in its log."""

    def make(folder: Path) -> Subject:
        subject = with_images(then=with_log(records, **asked))(folder)
        for number in range(logs):
            (folder / f"{number}.log.json").write_text("", "utf-8")
        (folder / "run.log.json").unlink()
        return replace(subject, run=Run(folder, environment={"nproc": nproc}))

    return make


HALF, WHOLE = train(1, 0.5, iter=6), train(1, 0.5, iter=12)
TURN_ON = (
    "默认只有一个进程：看一看参数 distributed。",
    "There is one process by default: look at the parameter distributed.",
)
COUNT = (
    "图片数除以批大小，不足一批的也算一步：日志是这次训练的吗？",
    "Pictures divided by batch size, a rest counts as a step: is it the log of this training?",
)
MULTIPLY = (
    "每个进程各看一批：把 batch_size 和进程数乘起来，再比一比。",
    "Each process has a batch of its own: multiply batch_size by the number of processes, and compare.",
)
ONE_FOLDER_EACH = (
    "一个 save_fold 只放一次训练：程序里有几个 train()？",
    "A save folder is for one training alone: how many train() calls has the program?",
)
UNTOUCHED = (
    "请交上训练留下的整个文件夹，不要改动。",
    "Hand in the whole folder of the training, unchanged.",
)
TWO = ("至少 2 个", "at least 2")
SIXTEEN = ("应为 16", "should be 16")

ROWS = (
    Row(
        "trained_in_processes",
        "passed",
        ran(HALF, **TOGETHER),
        seen=("2 个进程；日志：一轮记录到第 6 步", "2 processes; the log: an epoch is recorded up to step 6"),
        wanted=TWO,
        place="run.log.json:2",
    ),
    Row(
        "trained_in_processes",
        "failed",
        ran(WHOLE, nproc="1", distributed=False, batch_size=8),
        seen=("1 个进程", "1 process"),
        wanted=TWO,
        hint=TURN_ON,
        place="homework.py:10",
    ),
    Row(
        "trained_in_processes",
        "failed",
        ran(WHOLE, nproc="1", **TOGETHER),
        seen=("要求 2 个，run.json 里是 1", "asked for 2, run.json has 1"),
        wanted=TWO,
        hint=UNTOUCHED,
        place="run.json",
    ),
    Row(  # a claim without its proof
        "trained_in_processes",
        "failed",
        ran(WHOLE, **TOGETHER),
        seen=("2 个进程；日志：一轮记录到第 12 步", "2 processes; the log: an epoch is recorded up to step 12"),
        wanted=("96 张图片，每批 16 张", "96 pictures, 16 in a batch"),
        hint=COUNT,
        place="run.log.json:2",
    ),
    Row(
        "trained_in_processes",
        "failed",
        ran(WHOLE, **TOGETHER),
        given={"at_least": 3},
        seen=("2 个进程", "2 processes"),
        wanted=("至少 3 个", "at least 3"),
        hint=("看一看参数 nproc。", "Look at the parameter nproc."),
        place="homework.py:10",
    ),
    Row(
        "trained_in_processes",
        "failed",
        ran(WHOLE, distributed=..., batch_size=8),
        seen=("还没有填写", "not filled in"),
        wanted=TWO,
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:10",
    ),
    Row(
        "trained_in_processes",
        "undecidable",
        ran({"mode": "val", "epoch": 1, "iter": 4, "lr": 0.1, "accuracy_top-1": 50.0}, **TOGETHER),
        seen=("2 个进程；日志：日志里没有训练步数", "2 processes; the log: the log counts no steps"),
        wanted=TWO,
        hint=("请写明 batch_size 和数据集。", "State batch_size and the data set."),
        place="run.log.json",
    ),
    Row(
        "effective_batch",
        "passed",
        with_asked(**TOGETHER),
        given={"equals": 16},
        seen=("8 × 2 = 16", "8 × 2 = 16"),
        wanted=SIXTEEN,
        place="homework.py:11",
    ),
    Row(
        "effective_batch",
        "passed",
        with_asked(distributed=True, nproc=4, batch_size=4),
        given={"equals": 16},
        seen=("4 × 4 = 16", "4 × 4 = 16"),
        wanted=SIXTEEN,
        place="homework.py:12",
    ),
    Row(
        "effective_batch",
        "failed",
        with_asked(distributed=True, batch_size=16),
        given={"equals": 16},
        seen=("16 × 2 = 32", "16 × 2 = 32"),
        wanted=SIXTEEN,
        hint=MULTIPLY,
        place="homework.py:11",
    ),
    Row(
        "effective_batch",
        "failed",
        with_asked(batch_size=8),
        given={"equals": 16},
        seen=("8 × 1 = 8", "8 × 1 = 8"),
        wanted=SIXTEEN,
        hint=MULTIPLY,
        place="homework.py:10",
    ),
    Row(
        "effective_batch",
        "failed",
        with_asked(distributed=True),
        given={"equals": 16},
        seen=("64 × 2 = 128", "64 × 2 = 128"),
        wanted=SIXTEEN,
        hint=MULTIPLY,
    ),
    Row(
        "effective_batch",
        "failed",
        with_asked(batch_size="8", distributed=True),
        given={"equals": 16},
        seen=("8", "8"),
        wanted=SIXTEEN,
        hint=(
            "再读一遍练习要求里关于 batch_size 的部分；运行 pytest-mmedu params 查看它的含义。",
            "Read again what the exercise says about batch_size; pytest-mmedu params tells what it means.",
        ),
        place="homework.py:10",
    ),
    Row(
        "effective_batch",
        "undecidable",
        with_asked(batch_size=8, nproc=AskedValue(None, "unreadable", "homework.py:11")),
        given={"equals": 16},
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        wanted=SIXTEEN,
        hint=(
            "请把值直接写在 train() 的括号里，例如一个数字。",
            "Write the value itself, a number for example, inside the brackets of train().",
        ),
        place="homework.py:11",
    ),
    Row(
        "written_once",
        "passed",
        ran(HALF, **TOGETHER),
        seen=("1 份日志，0 轮的权重", "1 log, the weights of 0 epochs"),
        place="0.log.json",
    ),
    Row(
        "written_once",
        "failed",
        ran(HALF, logs=2, **TOGETHER),
        seen=("文件夹里有 2 份日志", "2 logs lie in the folder"),
        hint=ONE_FOLDER_EACH,
        place="1.log.json",
    ),
    Row(
        "written_once",
        "failed",
        ran(HALF, HALF, **TOGETHER),
        seen=("第 1 轮第 6 步写了两次", "step 6 of epoch 1 is there twice"),
        hint=ONE_FOLDER_EACH,
        place="run.log.json:3",
    ),
    Row(
        "written_once",
        "undecidable",
        lambda folder: Subject(run=Run(folder)),
        seen=("没有日志", "there is no log"),
        hint=UNTOUCHED,
    ),
)
