"""Configs: what the file says -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.submission import find_submission, read_asked
from tests.checks.made import GOOD, Make, Row, with_asked, with_images, written

CONFIG = """\
model = dict(backbone=dict(type='ResNet', depth=18), head=dict(num_classes=3, topk=(1, 5)))
data = dict(
    samples_per_gpu=16,
    train=dict(data_prefix='data/train', ann_file='data/train.txt'),
    val=dict(data_prefix='data/val', ann_file='data/val.txt'))
optimizer = dict(type='SGD', lr=0.01, weight_decay=0.0001)
lr_config = dict(policy='step', step=[3, 8])
runner = dict(type='EpochBasedRunner', max_epochs=10)
evaluation = dict(interval=1, metric='accuracy', metric_options={'topk': (1, )}, save_best='auto')
load_from = 'checkpoints/resnet18.pth'
"""
INHERITED = "_base_ = ['./mine.py']\nmodel = dict(head=dict(topk=(1, )))\n"
UNKNOWN = (
    "继承自 ./mine.py，没有交，不知道",
    "inherited from ./mine.py, which was not handed in: unknown",
)
PARENTS = (
    "把 _base_ 里写的配置文件一起交上，或者在自己的配置里写明它。",
    "Hand in the files that _base_ names as well, or state it in your own config.",
)
FILL_IN = ("把 ... 换成你选的值。", "Replace the ... by a value of your choice.")
NAME_WEIGHTS = (
    "微调要从训练过的权重开始：用 load_from 写明是哪个 .pth 文件。",
    "Fine-tuning starts from trained weights: name their .pth file by load_from.",
)
NO_CONFIG = (
    "交上 mmcls 的配置文件（.py），里面有 model 或 _base_。",
    "Hand in the config of mmcls (a .py file) with its model or its _base_.",
)


def with_config(text: str = CONFIG, log: Mapping[str, object] | None = None, **changes: str) -> Make:
    """The config with some of its words changed: `lr="0.1"`; beside it, where asked, the log of a training."""
    for name, value in changes.items():
        before = {"lr": "lr=0.01", "epochs": "max_epochs=10", "topk": "{'topk': (1, )}"}[name]
        text = text.replace(before, before.rpartition("=")[0] + "=" + value if "=" in before else value)

    def make(folder: Path) -> Subject:
        place = folder / "handed_in"
        place.mkdir()
        (place / "config.py").write_text(text, encoding="utf-8")
        if log is not None:
            written(place, GOOD, log)
        return Subject(asked=read_asked(find_submission(place))[0], submission=place)

    return make


def data(then: Make) -> Make:
    """With the exercise's data: 3 classes."""
    return lambda folder: replace(with_images()(folder), asked=then(folder).asked)


ROWS = (
    Row(
        "field",
        "passed",
        with_config(),
        given={"path": "model.head.num_classes", "equals": 3},
        seen=("3", "3"),
        wanted=("应为 3", "should be 3"),
        place="config.py:1",
    ),
    Row(
        "field",
        "passed",
        with_config(),
        given={"path": "train_cfg.max_epochs|runner.max_epochs", "between": (5, 20)},
        seen=("10", "10"),
        wanted=("应在 5–20 之间", "should be between 5 and 20"),
        place="config.py:8",
    ),
    Row(
        "field",
        "failed",
        with_config(lr="0.5"),
        given={"path": "optimizer.lr", "at_most": 0.05},
        seen=("0.5", "0.5"),
        wanted=("不大于 0.05", "at most 0.05"),
        hint=(
            "学习率太大，损失会乱跳甚至变成 NaN：调小些，再看损失曲线。",
            "With too large a learning rate the loss jumps or becomes NaN: lower it and look at the loss curve again.",
        ),
        place="config.py:6",
    ),
    Row(
        "field",
        "failed",
        with_config(lr="'0.01'"),
        given={"path": "optimizer.lr", "at_most": 0.05},
        seen=("'0.01' 是文字，不是数字", "'0.01' is a text, not a number"),
        wanted=("不大于 0.05", "at most 0.05"),
        hint=("数字不要加引号。", "Write numbers without quotes."),
        place="config.py:6",
    ),
    Row(
        "field",
        "failed",
        with_config(),
        given={"path": "log_config.interval", "at_most": 10},
        seen=("没有写", "not stated"),
        wanted=("不大于 10", "at most 10"),
        hint=(
            "再读一遍练习要求里关于 interval 的部分，再看看配置里写的是什么。",
            "Read again what the exercise says about interval, and look at what the config says.",
        ),
        place="config.py",
    ),
    Row(
        "field",
        "failed",
        with_config(CONFIG.replace("num_classes=3", "num_classes=...")),
        given={"path": "model.head.num_classes", "equals": 3},
        seen=("还没有填写", "not filled in"),
        wanted=("应为 3", "should be 3"),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="config.py:1",
    ),
    Row(
        "field",
        "failed",
        with_asked(lr=0.1),
        given={"path": "optimizer.lr", "at_most": 0.05},
        seen=("没有交配置文件", "no config was handed in"),
        hint=NO_CONFIG,
    ),
    Row(
        "field",
        "undecidable",
        with_config(INHERITED),
        given={"path": "model.head.num_classes", "equals": 3},
        seen=UNKNOWN,
        wanted=("应为 3", "should be 3"),
        hint=PARENTS,
        place="config.py:2",
    ),
    Row(
        "field",
        "undecidable",
        with_config(CONFIG + "import random\nseed = random.random()\n"),
        given={"path": "seed", "equals": 3},
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        wanted=("应为 3", "should be 3"),
        hint=("在配置里直接写出它的值。", "Write the value itself into the config."),
        place="config.py:12",
    ),
    Row(
        "param",
        "undecidable",
        with_config(INHERITED),
        given={"name": "lr", "at_most": 0.05},
        seen=UNKNOWN,
        wanted=("不大于 0.05", "at most 0.05"),
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "topk_meaningful",
        "passed",
        data(with_config()),
        seen=("top-1，共 3 类", "top-1 of 3 classes"),
        wanted=("每个 k 都小于类别数", "every k below the number of classes"),
        place="config.py:9",
    ),
    Row(
        "topk_meaningful",
        "failed",
        data(with_config(CONFIG.replace(", metric_options={'topk': (1, )}", ""))),
        seen=("top-1、top-5，共 3 类；没有写，用默认值", "top-1, top-5 of 3 classes; not stated, the default"),
        wanted=("每个 k 都小于类别数", "every k below the number of classes"),
        hint=(
            "类别这么少，前几名里总有对的：看一看评估的 topk。",
            "With so few classes the right one is always among them: look at the topk of the evaluation.",
        ),
        place="config.py",
    ),
    Row(
        "topk_meaningful",
        "undecidable",
        with_config(CONFIG.replace("num_classes=3, ", "")),
        seen=("没有数据集可以核对", "there is no data set to compare with"),
        wanted=("每个 k 都小于类别数", "every k below the number of classes"),
        hint=("请写明 num_classes 和数据集的路径。", "State num_classes and the path of the data set."),
        place="config.py:9",
    ),
    Row(
        "class_count_fits",
        "undecidable",
        data(with_config(INHERITED)),
        seen=UNKNOWN,
        wanted=("应等于数据集的类别数", "should equal the number of classes in the data"),
        hint=PARENTS,
        place="config.py:2",
    ),
    Row(
        "class_count_fits",
        "failed",
        data(with_config(CONFIG.replace("num_classes=3", "num_classes=1000"))),
        seen=("1000；数据集有 3 类", "1000; the data set has 3"),
        wanted=("应等于数据集的类别数", "should equal the number of classes in the data"),
        hint=("数一数 training_set 里有几个文件夹。", "Count the folders in training_set."),
        place="config.py:1",
    ),
    Row(
        "save_best_fits",
        "failed",
        with_config(CONFIG.replace(", save_best='auto'", "")),
        seen=("save_best 是 None，不保存", "save_best is None: nothing is saved"),
        wanted=("每轮验证，并按验证的指标保存", "validate each epoch, and save by a metric that is measured"),
        hint=(
            "save_best 要写验证时真正计算的指标：和参数 metric 对一对。",
            "save_best names a metric that the validation measures: compare it with the parameter metric.",
        ),
        place="config.py",
    ),
    Row(
        "lr_for_tuning",
        "passed",
        with_config(),
        seen=("0.01，从训练过的权重开始", "0.01, from trained weights"),
        wanted=("微调时小于 0.1", "below 0.1 when fine-tuning"),
        place="config.py:6",
    ),
    Row(
        "lr_for_tuning",
        "passed",
        with_config(CONFIG.replace("load_from = 'checkpoints/resnet18.pth'", "load_from = None"), lr="0.1"),
        seen=("0.1，从头训练", "0.1, from scratch"),
        place="config.py:6",
    ),
    Row(
        "lr_for_tuning",
        "failed",
        with_config(lr="0.1"),
        seen=("0.1，从训练过的权重开始", "0.1, from trained weights"),
        wanted=("微调时小于 0.1", "below 0.1 when fine-tuning"),
        hint=(
            "模型已经训练过，步子太大会把学到的冲掉：把学习率调小。",
            "These weights are trained already, and large steps destroy what they know: lower the learning rate.",
        ),
        place="config.py:6",
    ),
    Row(
        "lr_for_tuning",
        "undecidable",
        with_config(INHERITED),
        seen=UNKNOWN,
        wanted=("微调时小于 0.1", "below 0.1 when fine-tuning"),
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "lr_for_tuning",
        "failed",
        with_config(CONFIG.replace("'checkpoints/resnet18.pth'", "...")),
        seen=("还没有填写", "not filled in"),
        wanted=("微调时小于 0.1", "below 0.1 when fine-tuning"),
        hint=FILL_IN,
        place="config.py:10",
    ),
    Row(
        "starts_from_weights",
        "passed",
        with_config(),
        seen=("checkpoints/resnet18.pth", "checkpoints/resnet18.pth"),
        place="config.py:10",
    ),
    Row(
        "starts_from_weights",
        "passed",
        with_config(
            CONFIG.replace("depth=18", "init_cfg=dict(type='Pretrained', checkpoint='a.pth')").partition("load_from")[0]
        ),
        seen=("a.pth", "a.pth"),
        place="config.py:1",
    ),
    Row(
        "starts_from_weights",
        "failed",
        with_config(CONFIG.replace("'checkpoints/resnet18.pth'", "None")),
        seen=("没有写，从头训练", "not stated: from scratch"),
        hint=NAME_WEIGHTS,
        place="config.py:10",
    ),
    Row(
        "starts_from_weights",
        "failed",
        with_config(CONFIG.replace("resnet18.pth", "")),
        seen=("checkpoints/ 不是 .pth 文件", "checkpoints/ is no .pth file"),
        hint=NAME_WEIGHTS,
        place="config.py:10",
    ),
    Row(
        "starts_from_weights",
        "failed",
        with_config(CONFIG.replace("'checkpoints/resnet18.pth'", "...")),
        seen=("还没有填写", "not filled in"),
        hint=FILL_IN,
        place="config.py:10",
    ),
    Row(
        "starts_from_weights",
        "failed",
        with_asked(lr=0.1),
        seen=("没有交配置文件", "no config was handed in"),
        hint=NO_CONFIG,
    ),
    Row(
        "starts_from_weights",
        "undecidable",
        with_config(INHERITED),
        seen=UNKNOWN,
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "epochs_for_tuning",
        "passed",
        with_config(),
        seen=("10，从训练过的权重开始", "10, from trained weights"),
        wanted=("微调时少于 200 轮", "fewer than 200 when fine-tuning"),
        place="config.py:8",
    ),
    Row(
        "epochs_for_tuning",
        "failed",
        with_config(epochs="1000"),
        seen=("1000，从训练过的权重开始", "1000, from trained weights"),
        wanted=("微调时少于 200 轮", "fewer than 200 when fine-tuning"),
        hint=(
            "轮数太多，白白花时间：从第几轮起准确率不再上升？",
            "More epochs than needed cost time: from which epoch on does the accuracy no longer rise?",
        ),
        place="config.py:8",
    ),
    Row(
        "epochs_for_tuning",
        "undecidable",
        with_config(INHERITED + "runner = dict(max_epochs=10)\n"),
        seen=UNKNOWN,
        wanted=("微调时少于 200 轮", "fewer than 200 when fine-tuning"),
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "paths_relative",
        "passed",
        with_config(),
        seen=("5 处路径都是相对的", "5 of 5 are relative"),
        wanted=("都是相对路径", "relative paths only"),
    ),
    Row(
        "paths_relative",
        "failed",
        with_config(CONFIG.replace("data/val'", "E:/flower/val'")),
        seen=("data.val.data_prefix=E:/flower/val", "data.val.data_prefix=E:/flower/val"),
        wanted=("都是相对路径", "relative paths only"),
        hint=(
            "别的电脑上没有这个文件夹：从配置或程序所在的文件夹算起来写。",
            "No other computer has this folder: write the path as it is seen from the folder you work in.",
        ),
        place="config.py:5",
    ),
    Row(
        "paths_relative",
        "undecidable",
        with_config(INHERITED),
        seen=UNKNOWN,
        wanted=("都是相对路径", "relative paths only"),
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "paths_relative",
        "undecidable",
        with_config("model = dict(head=dict(num_classes=3))\n"),
        seen=("配置里没有路径", "the config has no paths"),
        wanted=("都是相对路径", "relative paths only"),
        hint=("在 data 里写明图片在哪里。", "State in data where the pictures are."),
        place="config.py",
    ),
    Row(
        "paths_relative",
        "failed",
        with_config(CONFIG.replace("'data/val'", "...")),
        seen=("还没有填写", "not filled in"),
        wanted=("都是相对路径", "relative paths only"),
        hint=FILL_IN,
        place="config.py:5",
    ),
    Row(
        "splits_separate",
        "failed",
        with_config(CONFIG.replace("'data/val'", "...")),
        seen=("还没有填写", "not filled in"),
        hint=FILL_IN,
        place="config.py:5",
    ),
    Row(
        "log_interval_fits",
        "passed",
        data(with_config(CONFIG + "log_config = dict(interval=6)\n")),
        seen=("一轮 6 步，每 6 步记一次", "6 steps in an epoch, a record every 6"),
        place="config.py:11",
    ),
    Row(
        "log_interval_fits",
        "failed",
        data(with_config(CONFIG + "default_hooks = dict(logger=dict(interval=100))\n")),
        seen=("一轮 6 步，每 100 步记一次", "6 steps in an epoch, a record every 100"),
        hint=(
            "一轮的步数少于日志间隔时不会记录损失：把 batch_size 或日志间隔（interval）调小后再训练。",
            "An epoch with fewer steps than the log interval leaves no loss: "
            "lower batch_size or the interval and train again.",
        ),
        place="config.py:11",
    ),
    Row(
        "log_interval_fits",
        "failed",
        data(with_config(CONFIG + "log_config = dict(interval=...)\n")),
        seen=("还没有填写", "not filled in"),
        hint=FILL_IN,
        place="config.py:11",
    ),
    Row(
        "log_interval_fits",
        "failed",
        data(with_config(CONFIG.replace("gpu=16", "gpu=...") + "log_config = dict(interval=6)\n")),
        seen=("还没有填写", "not filled in"),
        hint=FILL_IN,
        place="config.py:3",
    ),
    Row(
        "log_interval_fits",
        "undecidable",
        data(with_config()),
        seen=("不知道一轮有几步，或日志间隔是多少", "the steps of an epoch or the interval are not known"),
        hint=("在配置里直接写出它的值。", "Write the value itself into the config."),
        place="config.py",
    ),
    Row(
        "log_interval_fits",
        "undecidable",
        data(with_config(INHERITED)),
        seen=UNKNOWN,
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "milestones_reachable",
        "passed",
        with_config(),
        seen=("转折在第 3、8 轮，共 10 轮", "milestones 3, 8; 10 epochs in all"),
        place="config.py:7",
    ),
    Row(
        "milestones_reachable",
        "failed",
        with_config(CONFIG.replace("[3, 8]", "[30, 60]")),
        seen=("转折在第 30、60 轮，共 10 轮", "milestones 30, 60; 10 epochs in all"),
        hint=(
            "训练结束时还没走到转折轮：把它们提前，或多训练几轮。",
            "The training ends before its milestones: move them, or train longer.",
        ),
        place="config.py:7",
    ),
    Row(
        "milestones_reachable",
        "passed",
        with_config(CONFIG.replace("policy='step', step=[3, 8]", "policy='CosineAnnealing', min_lr=0")),
        seen=("学习率计划里没有转折轮", "the schedule has no milestones"),
        place="config.py:7",
    ),
    Row(
        "milestones_reachable",
        "undecidable",
        with_config(CONFIG.replace("step=[3, 8]", "step=[300], by_epoch=False")),
        seen=("转折按步数算", "the milestones count steps, not epochs"),
        hint=("在配置里直接写出它的值。", "Write the value itself into the config."),
        place="config.py:7",
    ),
    Row(
        "splits_separate",
        "passed",
        with_config(),
        seen=("文件夹或列表不同", "different folders or lists"),
        place="config.py:5",
    ),
    Row(
        "splits_separate",
        "failed",
        with_config(CONFIG.replace("data/val", "data/train")),
        seen=("都是 data/train", "both are data/train"),
        hint=(
            "验证集要用训练时没见过的图片：重新分一次数据。",
            "Validate on pictures that the training has not seen: split the data anew.",
        ),
        place="config.py:5",
    ),
    Row(
        "splits_separate",
        "undecidable",
        with_config("model = dict(head=dict(num_classes=3))\n"),
        seen=("配置里没有写明训练集和验证集", "the config does not state both data sets"),
        hint=("在配置的 data 里写明 train 和 val。", "State train and val in the data of the config."),
        place="config.py",
    ),
    Row(
        "splits_separate",
        "undecidable",
        with_config(INHERITED),
        seen=UNKNOWN,
        hint=PARENTS,
        place="config.py",
    ),
    Row(
        "config_agrees_with_log",
        "passed",
        with_config(log={}),
        seen=("epochs、lr 一致", "the same epochs, lr"),
        place="run.log.json",
    ),
    Row(
        "config_agrees_with_log",
        "failed",
        with_config(epochs="3", log={}),
        seen=("epochs：配置是 3，日志里是 5", "epochs: the config has 3, the log 5"),
        hint=(
            "日志和配置不是同一次训练的：交最后一次训练的那两份。",
            "Log and config are not of one training: hand in both of your last one.",
        ),
        place="run.log.json:11",
    ),
    Row(
        "config_agrees_with_log",
        "undecidable",
        with_config(),
        seen=("没有和配置一起交的日志", "no log was handed in with it"),
        hint=(
            "把这个配置训练出的日志（.log 或 .log.json）一起交上。",
            "Hand in the log (.log or .log.json) of the training that this config made.",
        ),
    ),
    Row(
        "config_agrees_with_log",
        "undecidable",
        with_config(INHERITED, log={}),
        seen=("没有可以比较的内容", "nothing to compare"),
        hint=(
            "把这个配置训练出的日志（.log 或 .log.json）一起交上。",
            "Hand in the log (.log or .log.json) of the training that this config made.",
        ),
        place="run.log.json",
    ),
)
