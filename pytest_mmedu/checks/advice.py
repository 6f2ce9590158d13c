"""参数的提示 | Hints about parameters: the next thing to try or to look at, never the value that is wanted."""

from __future__ import annotations

from pytest_mmedu.asked import NOT_PLAIN, AskedValue
from pytest_mmedu.text import Text

FILL_IN = Text("把 ... 换成你选的值。", "Replace the ... by a value of your choice.")
NO_QUOTES = Text("数字不要加引号。", "Write numbers without quotes.")
TAKE_QUOTES_AWAY = Text("把引号去掉。", "Take the quotes away.")
WRITE_PLAINLY = Text(
    "请把值直接写在 train() 的括号里，例如一个数字。",
    "Write the value itself, a number for example, inside the brackets of train().",
)
HAND_IN_PARENTS = Text(
    "把 _base_ 里写的配置文件一起交上，或者在自己的配置里写明它。",
    "Hand in the files that _base_ names as well, or state it in your own config.",
)
WRITE_OUT = Text("在配置里直接写出它的值。", "Write the value itself into the config.")

_HINTS: dict[tuple[str, str], Text] = {
    ("lr", "low"): Text(
        "学习率太小，每一步几乎没走：比一比调大前后的损失曲线。",
        "The learning rate is so small that a step hardly moves: compare the loss curve with a larger one.",
    ),
    ("lr", "high"): Text(
        "学习率太大，损失会乱跳甚至变成 NaN：调小些，再看损失曲线。",
        "With too large a learning rate the loss jumps or becomes NaN: lower it and look at the loss curve again.",
    ),
    ("epochs", "low"): Text(
        "轮数太少，模型还没学完：最后几轮的损失还在下降吗？",
        "Too few epochs, the model has not finished learning: does the loss still fall in the last ones?",
    ),
    ("epochs", "high"): Text(
        "轮数太多，白白花时间：从第几轮起准确率不再上升？",
        "More epochs than needed cost time: from which epoch on does the accuracy no longer rise?",
    ),
    ("batch_size", "low"): Text(
        "批太小，每一步看到的类别不全：数一数数据集有几个类别。",
        "The batch is so small that a step does not see every class: how many classes has the data set?",
    ),
    ("batch_size", "high"): Text(
        "批太大，一轮只走几步，还可能内存不够：数一数训练集有几张图片。",
        "The batch is so large that an epoch has few steps and memory may run out: how many pictures are there?",
    ),
    ("weight_decay", "high"): Text(
        "权重衰减太大，模型学不动：调小些再试。",
        "So much weight decay keeps the model from learning: try less.",
    ),
    ("validate", "other"): Text(
        "想一想：每轮结束后要不要在验证集上测一测？",
        "Should the model be tested on the validation set after each epoch?",
    ),
    ("device", "other"): Text(
        "看一看这台电脑有没有 NVIDIA 显卡，再决定用哪个设备。",
        "Has this computer an NVIDIA GPU? Choose the device accordingly.",
    ),
    ("optimizer", "other"): Text(
        "再读一遍练习要求：这次要用哪个优化器？注意大小写。",
        "Read the exercise again: which optimizer is asked for? Mind the capitals.",
    ),
    ("num_classes", "other"): Text(
        "数一数 training_set 里有几个文件夹。",
        "Count the folders in training_set.",
    ),
    ("random_seed", "other"): Text(
        "再读一遍练习要求：随机种子要怎么选？",
        "Read the exercise again: how is the random seed to be chosen?",
    ),
}


def to_be_read(asked: AskedValue) -> Text:
    """The hint for a value that the source does not show."""
    if asked.why is None:
        return WRITE_PLAINLY
    return WRITE_OUT if asked.why == NOT_PLAIN else HAND_IN_PARENTS


def for_parameter(name: str, side: str) -> Text:
    """The hint for a parameter that lies `low`, `high` or is something `other` than asked for."""
    general = {
        "low": Text(f"把 {name} 调大些，看看有什么变化。", f"Raise {name} and see what changes."),
        "high": Text(f"把 {name} 调小些，看看有什么变化。", f"Lower {name} and see what changes."),
    }
    otherwise = Text(
        f"再读一遍练习要求里关于 {name} 的部分；运行 pytest-mmedu params 查看它的含义。",
        f"Read again what the exercise says about {name}; pytest-mmedu params tells what it means.",
    )
    return _HINTS.get((name, side)) or general.get(side, otherwise)
