"""What a student worked out or read off, and several trainings compared -> the exact sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pytest_mmedu.asked import AskedValue
from pytest_mmedu.checks.subject import Subject
from tests.checks.made import Make, Row, course, with_asked, with_images, with_log, with_no_run, with_run
from tests.checks.rows_answers import answered
from tests.handmade import pickled, raw_floats, root_of, small_weights, write_zip

NOT_FILLED_IN = ("还没有填写", "not filled in")
YOUR_ANSWER = ("把 ... 换成你的答案。", "Put your answer for the dots.")
NO_FILE = ("练习没有写明答案文件", "the exercise names no answers file")
NAME_THE_FILE = (
    '请老师在 exercise.toml 里写上 answers = "answers.toml"。',
    'The teacher should write answers = "answers.toml" in exercise.toml.',
)
ROUND_UP = (
    "图片数除以批大小，除不尽时最后一小批也算一步；和日志里的步数对一对。",
    "Pictures divided by batch size; a smaller last batch is a step too. Compare with the steps in the log.",
)
READ_LOSSES = (
    "打开每次训练的日志，比一比第一个和最后一个 loss。",
    "Open the log of each training and compare its first loss with its last.",
)
COUNT = (
    "写训练的编号：数一数它是程序里的第几个 train()。",
    "Write the number of the training: which train() of the program is it? Count them.",
)
SAME_TRAINING = (
    "日志和权重不像是同一次训练的：请把同一个 save_fold 里的文件一起交上。",
    "Log and weights do not seem to be of one training: hand in the files of one save folder together.",
)
VALIDATE = (
    "验证要打开：看一看参数 validate，并确认数据集里有 val_set。",
    "Validation has to be on: look at the parameter validate, and that the data set has a val_set.",
)
FLAT = course([1.1, 1.1, 1.09, 1.09, 1.08])
FALLS = course([1.1, 0.7, 0.4, 0.3, 0.2])
EXPLODES = course([1.2, 30.0, 60.0, 90.0, 120.0])
BETWEEN = course([1.1, 1.0, 0.9, 0.85, 0.8])
SGD = {"lr": 0.05, "initial_lr": 0.05, "momentum": 0.9, "nesterov": False, "params": [0, 1]}
ADAM = {"lr": 0.001, "betas": (0.9, 0.999), "amsgrad": False, "params": [0, 1]}


def with_answer(text: str, make: Make) -> Make:
    return lambda folder: replace(make(folder), answers=answered(text)(folder).answers)


def several(text: str, *curves: Sequence[Mapping[str, Any]], then: Sequence[Make] = ()) -> Make:
    """A program with a training for each of these curves, and then others."""

    def make(folder: Path) -> Subject:
        each = []
        for number, curve in enumerate(curves):
            place = folder / str(number)
            place.mkdir()
            each.append(with_log(curve, num_classes=3)(place))
        each += [other(folder) for other in then]
        return replace(each[-1], trainings=tuple(each), answers=answered(text)(folder).answers)

    return make


def rates(*values: Any) -> Make:
    return lambda folder: Subject(trainings=tuple(with_asked(lr=value)(folder) for value in values))


def with_optimizer(settings: Mapping[str, Any] | None, **params: Any) -> Make:
    def last(place: Path) -> None:
        weights = small_weights()
        root = root_of(weights, {"epoch": 5})
        if settings is not None:
            root["optimizer"] = {"state": {}, "param_groups": [dict(settings)]}
        write_zip(place / "epoch_5.pth", pickled(root), [raw_floats(values) for _, values in weights.values()])

    return with_run(params={"epochs": 5, **params}, extra=last)


def steps(outcome: str, text: str, seen: tuple[str, str], **more: Any) -> Row:
    make = with_images(100, then=with_answer(text, with_asked(batch_size=16)))
    return Row("steps_worked_out", outcome, make, seen=seen, place="answers.toml:1", given={"name": "q"}, **more)


def named(outcome: str, text: str, behaves: str, seen: tuple[str, str], **more: Any) -> Row:
    curves = more.pop("curves", (FLAT, FALLS, EXPLODES))
    place = more.pop("place", "answers.toml:1")
    make = several(text, *curves, then=more.pop("then", ()))
    given = {"name": "q", "behaves": behaves}
    return Row("training_named", outcome, make, seen=seen, place=place, given=given, **more)


def weights(outcome: str, text: str, seen: tuple[str, str], place: str = "answers.toml:1", **more: Any) -> Row:
    make = with_answer(text, more.pop("run", with_run()))
    return Row("best_weights_named", outcome, make, seen=seen, place=place, given={"name": "q"}, **more)


OF_BEST = ("日志里准确率最高的一轮", "of the epoch with the log's highest accuracy")

ROWS = (
    steps("passed", "q = 7\n", ("7", "7")),
    steps("failed", "q = 6\n", ("6", "6"), hint=ROUND_UP),
    steps("failed", "q = 6.25\n", ("6.25", "6.25"), wanted=("应为一个整数", "should be a whole number"), hint=ROUND_UP),
    steps("failed", 'q = "..."\n', NOT_FILLED_IN, hint=YOUR_ANSWER),
    Row(
        "steps_worked_out",
        "failed",
        with_answer("q = 7\n", with_asked(batch_size=...)),
        seen=("7", "7"),
        hint=("先选好批大小，再算一轮有几步。", "Choose the batch size first, then work out the steps of an epoch."),
        place="answers.toml:1",
        given={"name": "q"},
    ),
    Row(
        "steps_worked_out",
        "undecidable",
        with_images(then=with_asked(batch_size=16)),
        seen=NO_FILE,
        hint=NAME_THE_FILE,
        given={"name": "q"},
    ),
    named(
        "passed",
        "q = 1\n",
        "slow",
        ("第 1 次训练：1.10 → 1.08", "training 1: 1.10 → 1.08"),
        place="run.log.json:6",
    ),
    named(
        "passed",
        "q = 2\n",
        "learned",
        ("第 2 次训练：1.10 → 0.20", "training 2: 1.10 → 0.20"),
        place="run.log.json:6",
    ),
    named(
        "passed",
        "q = 3\n",
        "diverged",
        ("第 3 次训练：1.20 → 120", "training 3: 1.20 → 120"),
        place="run.log.json:6",
    ),
    named(
        "failed",
        "q = 2\n",
        "diverged",
        ("第 2 次训练：1.10 → 0.20", "training 2: 1.10 → 0.20"),
        hint=READ_LOSSES,
    ),
    named(
        "failed",
        "q = 3\n",
        "slow",
        ("第 3 次训练：1.10 → 0.80", "training 3: 1.10 → 0.80"),
        curves=(FALLS, EXPLODES, BETWEEN),
        hint=(
            "三次里没有一次是几乎不动的：把其中一个学习率调到非常小，再看损失。",
            "None of your trainings hardly moves: make one learning rate tiny and look at the loss again.",
        ),
    ),
    named(
        "failed",
        "q = 1\n",
        "diverged",
        ("第 1 次训练：1.10 → 1.08", "training 1: 1.10 → 1.08"),
        curves=(FLAT, FALLS, BETWEEN),
        hint=(
            "三次里没有一次发散：把其中一个学习率调得很大，再看损失。",
            "None of your trainings diverged: make one learning rate very large and look at the loss again.",
        ),
    ),
    named(
        "failed",
        "q = 3\n",
        "learned",
        ("第 3 次训练：1.10 → 0.80", "training 3: 1.10 → 0.80"),
        curves=(FLAT, EXPLODES, BETWEEN),
        hint=(
            "三次里没有一次学得好：在太小和太大之间再找一个学习率。",
            "None of your trainings learned well: look for a learning rate between too small and too large.",
        ),
    ),
    named(
        "failed",
        'q = "fast"\n',
        "diverged",
        ("fast", "fast"),
        wanted=("应为 1 到 3 的编号", "should be a number from 1 to 3"),
        hint=COUNT,
    ),
    named(
        "failed",
        "q = 2\n",
        "diverged",
        ("训练中断：lr 还没有填写", "the training stopped: lr is not filled in"),
        curves=(FLAT,),
        then=(with_no_run(),),
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:12",
    ),
    named(
        "failed",
        "q = 2\n",
        "diverged",
        ("没有训练日志", "there is no training log"),
        curves=(FLAT,),
        then=(with_asked(lr=1),),
        hint=READ_LOSSES,
        place=None,
    ),
    named("failed", "q = ...\n", "slow", NOT_FILLED_IN, hint=YOUR_ANSWER),
    Row(
        "training_named",
        "undecidable",
        with_log(FLAT),
        seen=NO_FILE,
        hint=NAME_THE_FILE,
        given={"name": "q", "behaves": "slow"},
    ),
    weights(
        "passed",
        'q = "m/best_accuracy_top-1_epoch_4.pth"\n',
        ("m/best_accuracy_top-1_epoch_4.pth", "m/best_accuracy_top-1_epoch_4.pth"),
        "run.log.json:9",
        wanted=OF_BEST,
    ),
    weights(
        "passed",
        'q = "m\\\\epoch_4.pth"\n',
        ("m\\epoch_4.pth", "m\\epoch_4.pth"),
        "run.log.json:9",
        wanted=OF_BEST,
    ),
    weights(
        "failed",
        'q = "m/latest.pth"\n',
        ("m/latest.pth", "m/latest.pth"),
        wanted=OF_BEST,
        hint=(
            "最后一轮不一定最好：往前看看。",
            "The last epoch need not be the best: look at the earlier ones.",
        ),
    ),
    weights(
        "failed",
        'q = "m/epoch_2.pth"\n',
        ("m/epoch_2.pth", "m/epoch_2.pth"),
        wanted=OF_BEST,
        hint=(
            "看一看日志里每轮的准确率：哪一轮最高，就用那一轮的权重。",
            "Look at the accuracy of each epoch in the log: take the weights of the highest.",
        ),
    ),
    weights(
        "failed",
        'q = "m/epoch_44.pth"\n',
        ("m/epoch_44.pth", "m/epoch_44.pth"),
        hint=(
            "写一个训练真正留下的 .pth 文件：打开 save_fold 看看里面有哪些。",
            "Name a .pth file that the training really left: open the save folder and look.",
        ),
    ),
    weights(
        "failed",
        'q = "m/epoch_4.pth"\n',
        ("日志里没有验证准确率", "the log has no accuracy"),
        "run.log.json",
        run=with_run(records=FALLS),
        hint=VALIDATE,
    ),
    weights(
        "undecidable",
        'q = "m/epoch_4.pth"\n',
        ("日志里没有验证准确率", "the log has no accuracy"),
        "run.log.json",
        run=with_run(records=[*FALLS, {"mode": "val", "epoch": 5, "iter": 4, "lr": 0.01, "f1_score": 70.0}]),
        hint=VALIDATE,
    ),
    Row(
        "values_differ",
        "passed",
        rates(0.1, 1, 0.001),
        seen=("0.1、1、0.001", "0.1, 1, 0.001"),
        place="homework.py:10",
        given={"name": "lr", "trainings": 3},
    ),
    Row(
        "values_differ",
        "failed",
        rates(0.1, 1, 0.1),
        seen=("0.1、1、0.1", "0.1, 1, 0.1"),
        hint=(
            "有两次训练用了同一个值：想比较，就要换一个。",
            "Two trainings have the same value: for a comparison one of them has to change.",
        ),
        place="homework.py:10",
        given={"name": "lr", "trainings": 3},
    ),
    Row(
        "values_differ",
        "failed",
        with_asked(lr=0.1),
        seen=("0.1", "0.1"),
        wanted=("要有 3 次训练", "there should be 3 trainings"),
        hint=("数一数：程序里要有几个 train()？", "How many train() calls does the program need? Count them."),
        place="homework.py:10",
        given={"name": "lr", "trainings": 3},
    ),
    Row(
        "values_differ",
        "failed",
        rates(0.1, ..., 0.2),
        seen=NOT_FILLED_IN,
        hint=("把 ... 换成你选的值。", "Replace the ... by a value of your choice."),
        place="homework.py:10",
        given={"name": "lr", "trainings": 3},
    ),
    Row(
        "values_differ",
        "undecidable",
        rates(0.1, AskedValue(None, "unreadable", "homework.py:7")),
        seen=("从源码里看不出它的值", "its value cannot be read from the source"),
        hint=(
            "请把值直接写在 train() 的括号里，例如一个数字。",
            "Write the value itself, a number for example, inside the brackets of train().",
        ),
        place="homework.py:7",
        given={"name": "lr", "trainings": 2},
    ),
    Row(
        "optimizer_agrees",
        "passed",
        with_optimizer(SGD, optimizer="SGD", lr=0.05),
        seen=("SGD，lr=0.05", "SGD, lr=0.05"),
        wanted=("参数是 SGD，lr=0.05", "asked for SGD, lr=0.05"),
        place="epoch_5.pth",
        given={"equals": "SGD"},
    ),
    Row(
        "optimizer_agrees",
        "passed",
        with_optimizer(ADAM, optimizer="AdamW", lr=0.001),
        seen=("AdamW，lr=0.001", "AdamW, lr=0.001"),
        wanted=("参数是 AdamW，lr=0.001", "asked for AdamW, lr=0.001"),
        place="epoch_5.pth",
    ),
    Row(
        "optimizer_agrees",
        "failed",
        with_optimizer(SGD, optimizer="Adam", lr=0.05),
        seen=("SGD，lr=0.05", "SGD, lr=0.05"),
        wanted=("参数是 Adam，lr=0.05", "asked for Adam, lr=0.05"),
        hint=SAME_TRAINING,
        place="epoch_5.pth",
    ),
    Row(
        "optimizer_agrees",
        "failed",
        with_optimizer(SGD, optimizer="SGD", lr=0.5),
        seen=("SGD，lr=0.05", "SGD, lr=0.05"),
        wanted=("参数是 SGD，lr=0.5", "asked for SGD, lr=0.5"),
        hint=SAME_TRAINING,
        place="epoch_5.pth",
    ),
    Row(
        "optimizer_agrees",
        "failed",
        with_optimizer(SGD, optimizer="SGD", lr=0.05),
        seen=("SGD，lr=0.05", "SGD, lr=0.05"),
        wanted=("应为 Adagrad", "should be Adagrad"),
        hint=(
            "再读一遍练习要求：这次要用哪个优化器？注意大小写。",
            "Read the exercise again: which optimizer is asked for? Mind the capitals.",
        ),
        place="epoch_5.pth",
        given={"equals": "Adagrad"},
    ),
    Row(
        "optimizer_agrees",
        "failed",
        with_run(epochs=0, best=None),
        seen=("没有权重文件", "there is no checkpoint"),
        hint=(
            "让训练跑完再交：看看屏幕上最后几行有没有报错。",
            "Let the training run to its end: do the last lines on the screen show an error?",
        ),
    ),
    Row(
        "optimizer_agrees",
        "undecidable",
        with_optimizer(None, optimizer="SGD", lr=0.05),
        seen=("看不出用了哪个优化器", "it does not tell the optimizer"),
        hint=(
            "请把 save_fold 文件夹原样交上，不要改动里面的文件。",
            "Hand in the save folder as it is, without changing its files.",
        ),
        place="epoch_5.pth",
    ),
)
