"""训练起点的参数 | Checks of what a training starts with: learning rate, weights, device, epochs."""

from __future__ import annotations

from pytest_mmedu import rules
from pytest_mmedu.checkpoint import Checkpoint, read_checkpoint
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.choices import unusable
from pytest_mmedu.checks.facts import chosen, chosen_value
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.start_file import short, start_file
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.params import DEVICES
from pytest_mmedu.text import Text, printable

# Lowest, highest, and the limit below which the weights of a trained network are not destroyed.
_LR = {
    "SGD": (1e-4, 0.5, 0.01),
    "Adam": (1e-5, 0.02, 0.001),
    "AdamW": (1e-5, 0.02, 0.001),
    "NAdam": (1e-5, 0.02, 0.001),
    "RAdam": (1e-5, 0.02, 0.001),
    "Adamax": (1e-5, 0.02, 0.001),
    "RMSprop": (1e-5, 0.02, 0.001),
    "Adagrad": (1e-4, 0.5, 0.01),
}
_LR_OF_OTHERS = (1e-5, 1.0, 0.01)


@check("asked")
def lr_fits_optimizer(subject: Subject) -> Verdict:
    """学习率适合优化器 | The learning rate fits the optimizer

    Adaptive optimizers take smaller steps than SGD; weights that are trained already take smaller ones again.
    """
    for name in ("lr", "optimizer"):
        empty = unusable(subject, name)
        if empty is not None:
            return empty
    lr, optimizer, where = chosen_value(subject, "lr"), chosen_value(subject, "optimizer"), chosen(subject, "lr").place
    seen = Text(f"{shown(optimizer)}，lr={shown(lr)}", f"{shown(optimizer)}, lr={shown(lr)}")
    if not rules.positive(lr):
        return no(seen, hint=POSITIVE, place=where)
    low, high, fine = _LR.get(optimizer, _LR_OF_OTHERS) if isinstance(optimizer, str) else _LR_OF_OTHERS
    tuning = isinstance(chosen_value(subject, "checkpoint"), str)
    if tuning:
        wanted = Text(f"接着训练时应小于 {shown(fine)}", f"below {shown(fine)} when going on from trained weights")
        seen = Text(f"{seen.zh}，接着训练", f"{seen.en}, from trained weights")
    else:
        wanted = Text(f"一般在 {shown(low)}–{shown(high)} 之间", f"usually between {shown(low)} and {shown(high)}")
    if lr < low:
        return no(seen, wanted, hint=advice.for_parameter("lr", "low"), place=where)
    if tuning and lr >= fine:
        return no(seen, wanted, hint=SMALLER_STEPS, place=where)
    if lr > high:
        return no(seen, wanted, hint=advice.for_parameter("lr", "high"), place=where)
    return yes(seen, wanted, place=where)


@check("asked")
def start_checkpoint(subject: Subject, *, required: bool = False, same_classes: bool = False) -> Verdict:
    """起始权重可用 | The weights to start from can be used

    With `same_classes` they have to be of the classes of this data set, as where one training is to be continued.
    """
    empty = unusable(subject, "checkpoint")
    if empty is not None:
        return empty
    value, where = chosen_value(subject, "checkpoint"), chosen(subject, "checkpoint").place
    if value is None:
        seen = Text("没有起始权重，从头训练", "no weights to start from: from scratch")
        return no(seen, hint=GIVE_WEIGHTS, place=where) if required else yes(seen, place=where)
    if not rules.path_ending(value, ".pth"):
        seen = Text(f"{shown(value)} 不是 .pth 文件", f"{shown(value)} is no .pth file")
        return no(seen, hint=GIVE_WEIGHTS, place=where)
    path = start_file(subject, value)
    if path is None:
        seen = Text(f"找不到 {printable(value, 80)}", f"{printable(value, 80)} is not there")
        return no(seen, hint=HAND_IN_WEIGHTS, place=where)
    weights = read_checkpoint(path)
    if same_classes and subject.images is not None and _of_others(weights, subject.images.classes):
        name, count = short(value), len(subject.images.classes)
        seen = Text(f"{name} 是别的类别的权重", f"{name} holds weights of other classes")
        wanted = Text(f"数据集有 {count} 类", f"the data set has {count} classes")
        return no(seen, wanted, hint=SAME_DATA, place=where)
    return yes(Text.same(short(value)), place=where)


def _of_others(weights: Checkpoint, classes: tuple[str, ...]) -> bool:
    """By the names in the file, else by the number of its outputs."""
    if weights.classes is not None:
        return weights.classes != classes
    return weights.head_size not in (None, len(classes))


@check("asked")
def device_used(subject: Subject) -> Verdict:
    """用的是所选的设备 | The chosen device was used"""
    empty = unusable(subject, "device")
    if empty is not None:
        return empty
    value, where = chosen_value(subject, "device"), chosen(subject, "device").place
    if not isinstance(value, str) or not (value in DEVICES or rules.cuda_index(value)):
        return no(Text.same(shown(value)), hint=advice.for_parameter("device", "other"), place=where)
    used = subject.run.environment.get("device") if subject.run is not None else None
    if used is None and subject.log is not None:
        used = subject.log.meta.get("device")
    if not isinstance(used, str):
        seen = Text(f"要求 {value}；没有记录用了哪个设备", f"asked for {value}; which one was used is not recorded")
        return unknown(seen, hint=RECORDED_BY_RUN, place=where)
    seen = Text(f"要求 {value}，用了 {printable(used, 20)}", f"asked for {value}, used {printable(used, 20)}")
    if used.partition(":")[0] != value.partition(":")[0]:
        return no(seen, hint=advice.for_parameter("device", "other"), place=where)
    return yes(seen, place=where)


@check("asked")
def epochs_given(subject: Subject) -> Verdict:
    """写明了训练轮数 | The number of epochs is given

    `model.train(10)` sets the random seed: it is the first argument, and the epochs stay at their default.
    """
    empty = unusable(subject, "epochs")
    if empty is not None:
        return empty
    epochs, seed = chosen(subject, "epochs"), chosen(subject, "random_seed")
    if epochs.state != "default":
        return yes(Text.same(shown(epochs.value)), place=epochs.place)
    if seed.state == "given":
        value = shown(seed.value)
        seen = Text(f"{value} 是随机种子，轮数没有写", f"{value} is the random seed; no epochs are given")
        return no(seen, hint=FIRST_IS_SEED, place=seed.place)
    seen = Text(f"没有写，用默认值 {shown(epochs.value)}", f"not given: the default {shown(epochs.value)}")
    return no(seen, hint=WRITE_EPOCHS, place=subject.asked.place)


POSITIVE = Text("请写一个正数，不加引号。", "Write a positive number without quotes.")
SMALLER_STEPS = Text(
    "模型已经训练过，步子太大会把学到的冲掉：把学习率调小。",
    "These weights are trained already, and large steps destroy what they know: lower the learning rate.",
)
GIVE_WEIGHTS = Text(
    "用参数 checkpoint 写明从哪个 .pth 文件开始。",
    "Name the .pth file to start from by the parameter checkpoint.",
)
HAND_IN_WEIGHTS = Text(
    "核对路径，并把这个权重文件一起交上。",
    "Check the path, and hand this file in as well.",
)
SAME_DATA = Text(
    "接着训练，要用同一个数据集训练出的权重。",
    "To go on, take weights that were trained on the same data set.",
)
RECORDED_BY_RUN = Text("请交上训练生成的整个文件夹。", "Hand in the whole folder of the training.")
FIRST_IS_SEED = Text(
    "train() 的第一个参数是随机种子：轮数要写成 epochs=...。",
    "The first argument of train() is the random seed: write the epochs as epochs=...",
)
WRITE_EPOCHS = Text("在 train() 里写明 epochs=...。", "Write epochs=... in train().")
