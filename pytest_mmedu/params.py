"""训练参数表 | The arguments of MMEdu's train() and of its model, all from one table.

The table is the dataclass `TrainParams` itself: every field carries what it accepts, what it means in both
languages, and MMEdu's error code. The command line, the documentation, the checks and the training read it from here.
Source of names, defaults and codes: MMEdu 2.0.0, `MMClassification.train`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from pytest_mmedu import rules
from pytest_mmedu.errors import ParameterError
from pytest_mmedu.text import Text, printable

BACKBONES = ("LeNet", "MobileNet", "ResNet18", "ResNet50", "RegNet")
METRICS = ("accuracy", "precision", "recall", "f1_score", "support")
DEVICES = ("cpu", "cuda")
USUAL_PROCESSES = 2  # with distributed=True, where nobody says how many

Owner = Literal["model", "train"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One row of the table. `accepts` is the rule, `allowed` says it in words; `code` is MMEdu's number."""

    name: str
    owner: Owner
    default: Any
    accepts: Callable[[Any], bool]
    allowed: Text
    meaning: Text
    todo: Text
    code: int | None = None

    def problem(self, value: Any) -> ParameterError | None:
        """What is wrong with this value, None when it is right."""
        return None if self.accepts(value) else self.refusal(value)

    def refusal(self, value: Any, name: str | None = None) -> ParameterError:
        """`name`: where a method calls this parameter something else."""
        name, shown = name or self.name, printable(_written(value), 60)
        seen = Text(f"参数 {name} 收到 {shown}。", f"Parameter {name} got {shown}.")
        allowed, todo = Text(f"应为{self.allowed.zh}。", f"It takes {self.allowed.en}."), self.todo
        if value is ...:
            seen = Text(f"参数 {name} 还没有填写。", f"Parameter {name} is not filled in.")
            todo = Text("把 ... 换成你选的值。", "Replace the ... by a value of your choice.")
        return ParameterError(seen, todo, allowed=allowed, code=self.code)


def _row(
    default: Any,
    accepts: Callable[[Any], bool],
    allowed: Text,
    meaning: Text,
    todo: Text,
    *,
    owner: Owner = "train",
    code: int | None = None,
) -> Any:
    row = {"accepts": accepts, "allowed": allowed, "meaning": meaning, "todo": todo, "owner": owner, "code": code}
    return field(default=default, metadata=row)


@dataclass(frozen=True)
class TrainParams:
    """What one training is asked to do. `TrainParams.of(**given)` checks every name and value first."""

    backbone: str = _row(
        "LeNet",
        lambda v: rules.one_of(v, BACKBONES) or rules.path_ending(v, ".py"),
        Text(
            " LeNet、MobileNet、ResNet18、ResNet50、RegNet 之一，或 mmcls 配置文件（.py）的路径",
            "LeNet, MobileNet, ResNet18, ResNet50, RegNet, or the path of an mmcls config (.py)",
        ),
        Text("网络结构", "the network"),
        Text("请核对网络名的大小写。", "Check the spelling, capitals included."),
        owner="model",
        code=-302,
    )
    num_classes: int | None = _row(
        None,
        lambda v: v is None or rules.whole(v, 2),
        Text(
            "不小于 2 的整数，或 None（按数据集的类别数）",
            "a whole number from 2, or None (as many as the data set has)",
        ),
        Text("类别数", "number of classes"),
        Text("请数一数 training_set 里有几个文件夹。", "Count the folders in training_set."),
        owner="model",
    )
    dataset: str | None = _row(
        None,
        lambda v: v is None or rules.filled_text(v),
        Text("数据集文件夹的路径（字符串）", "the path of the data set folder (a string)"),
        Text("数据集路径，即 load_dataset(path=...)", "the data set, as given to load_dataset(path=...)"),
        Text("请把路径写在引号里。", "Write the path in quotes."),
        owner="model",
        code=-201,
    )
    random_seed: int = _row(
        0,
        lambda v: rules.whole(v, 0, 2**32 - 1),
        Text(" 0 到 4294967295 的整数", "a whole number from 0 to 4294967295"),
        Text("随机种子；同一种子得到同样的训练", "random seed; one seed gives one and the same training"),
        Text("随便选一个整数，例如学号的后几位。", "Choose any whole number, the end of your student id for example."),
    )
    save_fold: str | None = _row(
        None,
        lambda v: v is None or rules.filled_text(v),
        Text("文件夹路径（字符串），或 None（默认位置）", "a folder (a string), or None (the default place)"),
        Text(
            "保存日志和权重的文件夹；默认是上一级文件夹中的 checkpoints/cls_model",
            "where log and weights are saved; by default checkpoints/cls_model beside the working folder",
        ),
        Text("请把文件夹名写在引号里。", "Write the folder's name in quotes."),
    )
    distributed: bool = _row(
        False,
        rules.truth,
        Text(" True 或 False", "True or False"),
        Text("是否用多个进程训练", "train in several processes"),
        Text("写 True 或 False，不加引号，首字母大写。", "Write True or False: no quotes, capital first letter."),
    )
    validate: bool = _row(
        True,
        rules.truth,
        Text(" True 或 False", "True or False"),
        Text("每轮之后是否在验证集上评估", "evaluate on the validation set after each epoch"),
        Text("写 True 或 False，不加引号，首字母大写。", "Write True or False: no quotes, capital first letter."),
        code=-303,
    )
    device: str = _row(
        "cpu",
        lambda v: rules.one_of(v, DEVICES) or rules.cuda_index(v),
        Text(" 'cpu' 或 'cuda'", "'cpu' or 'cuda'"),
        Text("在哪里计算：cpu，或有显卡时的 cuda", "where to compute: cpu, or cuda where there is a GPU"),
        Text("没有 NVIDIA 显卡的电脑用 'cpu'。", "Use 'cpu' on a computer without an NVIDIA GPU."),
        code=-301,
    )
    metric: str | tuple[str, ...] = _row(
        "accuracy",
        lambda v: rules.one_or_many(v, METRICS),
        Text(
            " accuracy、precision、recall、f1_score、support 中的一个或几个",
            "one or several of accuracy, precision, recall, f1_score, support",
        ),
        Text("验证时计算的指标", "what is measured at validation"),
        Text("分类任务一般用 'accuracy'。", "'accuracy' is the usual one for classification."),
    )
    save_best: str | None = _row(
        "auto",
        lambda v: v is None or rules.metric_to_save(v, METRICS),
        Text(" 'auto'、一个指标名，或 None（不保存）", "'auto', the name of a metric, or None (do not save)"),
        Text(
            "按哪个指标保存最佳权重；auto 指第一个指标",
            "the metric by which the best weights are kept; auto is the first one",
        ),
        Text("一般用 'auto'。", "'auto' is the usual choice."),
    )
    optimizer: str = _row(
        "SGD",
        rules.name,
        Text(
            " PyTorch 优化器的名字，如 SGD、Adam、Adagrad", "the name of a PyTorch optimizer: SGD, Adam, Adagrad, ..."
        ),
        Text("优化器", "the optimizer"),
        Text("请核对名字的大小写。", "Check the spelling, capitals included."),
    )
    epochs: int = _row(
        100,
        lambda v: rules.whole(v, 1),
        Text("不小于 1 的整数", "a whole number from 1"),
        Text("训练轮数：整个训练集看几遍", "number of passes over the training set"),
        Text("请写一个正整数，不加引号。", "Write a positive whole number without quotes."),
    )
    lr: float = _row(
        0.01,
        rules.positive,
        Text("大于 0 的数", "a number above 0"),
        Text("学习率：每一步走多远", "learning rate: how far each step goes"),
        Text("请写一个正数，不加引号。", "Write a positive number without quotes."),
    )
    weight_decay: float = _row(
        0.001,
        rules.not_negative,
        Text("不小于 0 的数", "a number from 0"),
        Text("权重衰减：让权重保持较小，减轻过拟合", "weight decay: keeps weights small, against over-fitting"),
        Text("请写一个不小于 0 的数，不加引号。", "Write a number from 0 upwards without quotes."),
    )
    checkpoint: str | None = _row(
        None,
        lambda v: v is None or rules.path_ending(v, ".pth"),
        Text("以 .pth 结尾的路径，或 None（从头训练）", "a path ending in .pth, or None (start from scratch)"),
        Text("从哪个权重文件接着训练", "the weights to start from"),
        Text("请选 save_fold 里的一个 .pth 文件。", "Choose a .pth file from the save folder."),
        code=-202,
    )
    batch_size: int | None = _row(
        None,
        lambda v: v is None or rules.whole(v, 1),
        Text("不小于 1 的整数，或 None（网络的默认值）", "a whole number from 1, or None (the network's default)"),
        Text(
            "批大小：一步看几张图；应大于类别数、小于样本数",
            "pictures per step; above the number of classes, below the number of pictures",
        ),
        Text("请写一个正整数，不加引号。", "Write a positive whole number without quotes."),
    )
    topk: int | tuple[int, ...] | None = _row(
        None,
        lambda v: v is None or rules.ranks(v),
        Text("正整数或它们的元组，如 (1, 5)，或 None", "a positive whole number, a tuple of them as (1, 5), or None"),
        Text(
            "准确率看前几名；默认：多于 5 类时 top-5，否则 top-1",
            "accuracy among the k most probable classes; by default top-5 above five classes, else top-1",
        ),
        Text(
            "请写正整数，不加引号；它不能超过类别数。",
            "Write positive whole numbers without quotes, not above the number of classes.",
        ),
    )
    nproc: int | None = _row(
        None,
        lambda v: v is None or rules.whole(v, 1, 16),
        Text(" 1 到 16 的整数，或 None（2 个）", "a whole number from 1 to 16, or None (two)"),
        Text(
            "distributed=True 时用几个进程；每个进程一步看 batch_size 张图。MMEdu 本身没有这个参数",
            "how many processes with distributed=True; each sees batch_size pictures per step. Not in MMEdu itself",
        ),
        Text("请写一个正整数，不加引号；一般是 2。", "Write a positive whole number without quotes; 2 is usual."),
    )

    @classmethod
    def of(cls, **given: Any) -> TrainParams:
        """The parameters with every name and value checked.

        Raises:
            ParameterError: for the first thing that is wrong; `problems(given)` lists them all.
        """
        wrong = problems(given)
        if wrong:
            raise wrong[0]
        return cls(**{name: _plain(value) for name, value in given.items()})


def _written(value: Any) -> str:
    """repr() of anything a student may pass: Python refuses to write out an int of over 4300 digits."""
    try:
        return repr(value)
    except Exception:  # noqa: BLE001 - a foreign __repr__ may raise anything
        return f"<{type(value).__name__}>"


def _plain(value: Any) -> Any:
    """Lists become tuples, so that equal parameters are equal and hash alike."""
    return tuple(value) if isinstance(value, list) else value


PARAMETERS: tuple[Parameter, ...] = tuple(
    Parameter(name=row.name, default=row.default, **row.metadata) for row in fields(TrainParams)
)
_BY_NAME: Mapping[str, Parameter] = {row.name: row for row in PARAMETERS}


def problems(given: Mapping[str, Any]) -> list[ParameterError]:
    """Everything that is wrong with these parameters, unknown names first."""
    unknown = [unknown_name(name) for name in given if name not in _BY_NAME]
    wrong = (_BY_NAME[name].problem(value) for name, value in given.items() if name in _BY_NAME)
    return unknown + [problem for problem in wrong if problem is not None]


def unknown_name(name: str, known: Sequence[str] = tuple(_BY_NAME)) -> ParameterError:
    """`work_dir` and the like: what guides in circulation teach and `train()` does not know."""
    near = _SAME_THING.get(name) or next(iter(difflib.get_close_matches(name.lower(), known, n=1, cutoff=0.6)), None)
    shown = printable(name, 60)
    seen = Text(f"没有名为 {shown} 的参数。", f"There is no parameter {shown}.")
    todo = Text("运行 pytest-mmedu params 查看全部参数。", "Run pytest-mmedu params to see them all.")
    if near:
        todo = Text(f"你是不是想写 {near}？", f"Did you mean {near}?")
    return ParameterError(seen, todo, code=-501)


# What other packages and guides in circulation call the same thing.
_SAME_THING = {
    "work_dir": "save_fold",
    "out_dir": "save_fold",
    "learning_rate": "lr",
    "epoch": "epochs",
    "max_epochs": "epochs",
    "samples_per_gpu": "batch_size",
    "seed": "random_seed",
    "load_from": "checkpoint",
    "pretrained": "checkpoint",
}
