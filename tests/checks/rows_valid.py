"""Values that train() takes at all: mistake -> the exact sentences."""

from __future__ import annotations

from pytest_mmedu.asked import AskedValue
from tests.checks.made import Row, with_asked

ROWS = (
    Row(
        "no_unknown_parameters",
        "passed",
        with_asked(lr=0.01),
        seen=("参数名都对", "all names are right"),
    ),
    Row(
        "no_unknown_parameters",
        "failed",
        with_asked(unknown={"work_dir": "homework.py:12"}),
        seen=("train() 没有参数 work_dir", "train() has no parameter work_dir"),
        hint=("你是不是想写 save_fold？", "Did you mean save_fold?"),
        place="homework.py:12",
    ),
    Row(
        "no_unknown_parameters",
        "failed",
        with_asked(unknown={"epoch": "homework.py:12", "xyzzy": "homework.py:13"}),
        seen=("train() 没有参数 epoch、xyzzy", "train() has no parameter epoch, xyzzy"),
        hint=("你是不是想写 epochs？", "Did you mean epochs?"),
        place="homework.py:12",
    ),
    Row(
        "parameters_valid",
        "passed",
        with_asked(lr=0.01, epochs=5),
        seen=("都能用", "all can be used"),
    ),
    Row(
        "parameters_valid",
        "failed",
        with_asked(lr=...),
        seen=("lr 还没有填写", "lr: not filled in"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:10",
    ),
    Row(
        "parameters_valid",
        "failed",
        with_asked(device="gpu"),
        seen=("参数 device 收到 'gpu'", "Parameter device got 'gpu'"),
        wanted=("应为 'cpu' 或 'cuda'", "It takes 'cpu' or 'cuda'"),
        hint=("没有 NVIDIA 显卡的电脑用 'cpu'。", "Use 'cpu' on a computer without an NVIDIA GPU."),
        place="homework.py:10",
    ),
    Row(
        "parameters_valid",
        "failed",
        with_asked(checkpoint="model.onnx"),
        seen=("参数 checkpoint 收到 'model.onnx'", "Parameter checkpoint got 'model.onnx'"),
        wanted=(
            "应为以 .pth 结尾的路径，或 None（从头训练）",
            "It takes a path ending in .pth, or None (start from scratch)",
        ),
        hint=("请选 save_fold 里的一个 .pth 文件。", "Choose a .pth file from the save folder."),
        place="homework.py:10",
    ),
    Row(
        "parameters_valid",
        "failed",
        with_asked(epochs=0),
        seen=("参数 epochs 收到 0", "Parameter epochs got 0"),
        wanted=("应为不小于 1 的整数", "It takes a whole number from 1"),
        hint=("请写一个正整数，不加引号。", "Write a positive whole number without quotes."),
        place="homework.py:10",
    ),
    Row(
        "save_fold_inside",
        "passed",
        with_asked(save_fold="my_model"),
        seen=("my_model", "my_model"),
        wanted=("应在作业文件夹里面", "should lie inside your folder"),
        place="homework.py:10",
    ),
    Row(
        "save_fold_inside",
        "failed",
        with_asked(save_fold="../my_model"),
        seen=("../my_model，在作业文件夹外面", "../my_model, outside your folder"),
        wanted=("应在作业文件夹里面", "should lie inside your folder"),
        hint=(
            "只写文件夹的名字，不写盘符、开头的 / 和 ..：它会建在作业旁边。",
            "Write the folder's name alone, without a drive, a leading / or ..: it is made beside your work.",
        ),
        place="homework.py:10",
    ),
    Row(
        "save_fold_inside",
        "failed",
        with_asked(unknown={"model.save_flod": "homework.py:9"}),
        seen=("没有写，会存到上一级文件夹", "not mentioned: the folder above is used"),
        wanted=("应在作业文件夹里面", "should lie inside your folder"),
        hint=("你是不是想写 save_fold？", "Did you mean save_fold?"),
        place="homework.py:9",
    ),
    Row(
        "save_fold_inside",
        "undecidable",
        with_asked(save_fold=AskedValue(None, "unreadable", "homework.py:10")),
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        wanted=("应在作业文件夹里面", "should lie inside your folder"),
        hint=("写一个文件夹的名字，加引号。", "Write the name of a folder, in quotes."),
        place="homework.py:10",
    ),
)
