"""What a training starts with: mistake -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.asked import AskedValue
from pytest_mmedu.checks.subject import Subject
from tests.checks.made import Make, Row, with_asked, with_log
from tests.handmade import small_weights, write_checkpoint


def with_submission(files: Mapping[str, bytes | None], **values: Any) -> Make:
    """A submission that holds these files; None stands for sound weights."""

    def make(folder: Path) -> Subject:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                write_checkpoint(path, small_weights())
            else:
                path.write_bytes(content)
        return replace(with_asked(**values)(folder), submission=folder)

    return make


ROWS = (
    Row(
        "epochs_given",
        "passed",
        with_asked(epochs=5),
        seen=("5", "5"),
        place="homework.py:10",
    ),
    Row(
        "epochs_given",
        "failed",
        with_asked(random_seed=10),
        seen=("10 是随机种子，轮数没有写", "10 is the random seed; no epochs are given"),
        hint=(
            "train() 的第一个参数是随机种子：轮数要写成 epochs=...。",
            "The first argument of train() is the random seed: write the epochs as epochs=...",
        ),
        place="homework.py:10",
    ),
    Row(
        "epochs_given",
        "failed",
        with_asked(),
        seen=("没有写，用默认值 100", "not given: the default 100"),
        hint=("在 train() 里写明 epochs=...。", "Write epochs=... in train()."),
        place="homework.py:9",
    ),
    Row(
        "epochs_given",
        "failed",
        with_asked(epochs=...),
        seen=("还没有填写", "not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:10",
    ),
    Row(
        "epochs_given",
        "undecidable",
        with_asked(epochs=AskedValue(None, "unreadable", "homework.py:10")),
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        hint=(
            "请把值直接写在 train() 的括号里，例如一个数字。",
            "Write the value itself, a number for example, inside the brackets of train().",
        ),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "passed",
        with_asked(lr=0.01),
        seen=("SGD，lr=0.01", "SGD, lr=0.01"),
        wanted=("一般在 0.0001–0.5 之间", "usually between 0.0001 and 0.5"),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "passed",
        with_asked(lr=0.001, optimizer="Adam"),
        seen=("Adam，lr=0.001", "Adam, lr=0.001"),
        wanted=("一般在 0.00001–0.02 之间", "usually between 0.00001 and 0.02"),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "failed",
        with_asked(lr=0.1, optimizer="Adam"),
        seen=("Adam，lr=0.1", "Adam, lr=0.1"),
        wanted=("一般在 0.00001–0.02 之间", "usually between 0.00001 and 0.02"),
        hint=(
            "学习率太大，损失会乱跳甚至变成 NaN：调小些，再看损失曲线。",
            (
                "With too large a learning rate the loss jumps or becomes NaN: lower it and look at the loss "
                "curve again."
            ),
        ),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "failed",
        with_asked(lr=1e-06),
        seen=("SGD，lr=0.000001", "SGD, lr=0.000001"),
        wanted=("一般在 0.0001–0.5 之间", "usually between 0.0001 and 0.5"),
        hint=(
            "学习率太小，每一步几乎没走：比一比调大前后的损失曲线。",
            "The learning rate is so small that a step hardly moves: compare the loss curve with a larger one.",
        ),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "failed",
        with_asked(lr=0.01, checkpoint="my_model/latest.pth"),
        seen=("SGD，lr=0.01，接着训练", "SGD, lr=0.01, from trained weights"),
        wanted=("接着训练时应小于 0.01", "below 0.01 when going on from trained weights"),
        hint=(
            "模型已经训练过，步子太大会把学到的冲掉：把学习率调小。",
            "These weights are trained already, and large steps destroy what they know: lower the learning rate.",
        ),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "failed",
        with_asked(lr=-1),
        seen=("SGD，lr=-1", "SGD, lr=-1"),
        hint=("请写一个正数，不加引号。", "Write a positive number without quotes."),
        place="homework.py:10",
    ),
    Row(
        "lr_fits_optimizer",
        "undecidable",
        with_asked(lr=AskedValue(None, "unreadable", "homework.py:10")),
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        hint=(
            "请把值直接写在 train() 的括号里，例如一个数字。",
            "Write the value itself, a number for example, inside the brackets of train().",
        ),
        place="homework.py:10",
    ),
    Row(
        "start_checkpoint",
        "passed",
        with_asked(),
        seen=("没有起始权重，从头训练", "no weights to start from: from scratch"),
    ),
    Row(
        "start_checkpoint",
        "failed",
        with_asked(),
        seen=("没有起始权重，从头训练", "no weights to start from: from scratch"),
        hint=(
            "用参数 checkpoint 写明从哪个 .pth 文件开始。",
            "Name the .pth file to start from by the parameter checkpoint.",
        ),
        given={"required": True},
    ),
    Row(
        "start_checkpoint",
        "failed",
        with_asked(checkpoint="model.onnx"),
        seen=("model.onnx 不是 .pth 文件", "model.onnx is no .pth file"),
        hint=(
            "用参数 checkpoint 写明从哪个 .pth 文件开始。",
            "Name the .pth file to start from by the parameter checkpoint.",
        ),
        place="homework.py:10",
    ),
    Row(
        "start_checkpoint",
        "failed",
        with_asked(checkpoint="old/latest.pth"),
        seen=("找不到 old/latest.pth", "old/latest.pth is not there"),
        hint=("核对路径，并把这个权重文件一起交上。", "Check the path, and hand this file in as well."),
        place="homework.py:10",
    ),
    Row(
        "start_checkpoint",
        "failed",
        with_submission({"old/latest.pth": b"<!DOCTYPE html><html>"}, checkpoint="old/latest.pth"),
        seen=("latest.pth 是网页，不是权重", "latest.pth is a web page, not weights"),
        hint=(
            "多半是下载时存成了网页：请下载文件本身。",
            "The page was saved in place of the file: download the file itself.",
        ),
        place="latest.pth",
    ),
    Row(
        "start_checkpoint",
        "passed",
        with_submission({"latest.pth": None}, checkpoint="../old/latest.pth"),
        seen=("../old/latest.pth", "../old/latest.pth"),
        place="homework.py:10",
    ),
    Row(
        "start_checkpoint",
        "undecidable",
        with_asked(checkpoint=AskedValue(None, "unreadable", "homework.py:10")),
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        hint=(
            "请把值直接写在 train() 的括号里，例如一个数字。",
            "Write the value itself, a number for example, inside the brackets of train().",
        ),
        place="homework.py:10",
    ),
    Row(
        "device_used",
        "passed",
        with_log(device="cpu"),
        seen=("要求 cpu，用了 cpu", "asked for cpu, used cpu"),
        place="homework.py:10",
    ),
    Row(
        "device_used",
        "failed",
        with_log(device="cuda"),
        seen=("要求 cuda，用了 cpu", "asked for cuda, used cpu"),
        hint=(
            "看一看这台电脑有没有 NVIDIA 显卡，再决定用哪个设备。",
            "Has this computer an NVIDIA GPU? Choose the device accordingly.",
        ),
        place="homework.py:10",
    ),
    Row(
        "device_used",
        "failed",
        with_asked(device="gpu"),
        seen=("gpu", "gpu"),
        hint=(
            "看一看这台电脑有没有 NVIDIA 显卡，再决定用哪个设备。",
            "Has this computer an NVIDIA GPU? Choose the device accordingly.",
        ),
        place="homework.py:10",
    ),
    Row(
        "device_used",
        "undecidable",
        with_asked(device="cuda"),
        seen=("要求 cuda；没有记录用了哪个设备", "asked for cuda; which one was used is not recorded"),
        hint=("请交上训练生成的整个文件夹。", "Hand in the whole folder of the training."),
        place="homework.py:10",
    ),
)
