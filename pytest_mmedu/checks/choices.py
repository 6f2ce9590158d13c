"""参数与数据的配合 | Checks of parameters that depend on the data set: batch size, classes, top-k."""

from __future__ import annotations

from typing import Any

from pytest_mmedu import rules
from pytest_mmedu.asked import NOT_PLAIN
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.facts import (
    LENET_BATCH,
    OTHER_BATCH,
    chosen,
    chosen_value,
    class_count,
    data_classes,
    split_size,
    training_pictures,
)
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.parameters import NOT_FILLED_IN
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import NO_IMAGES, Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, listing


def unusable(subject: Subject, name: str, wanted: Text | None = None) -> Verdict | None:
    """The verdict on a value that is still `...` or cannot be read; None where there is a value to judge."""
    asked = chosen(subject, name)
    if asked.state == "not filled in":
        return no(NOT_FILLED_IN, wanted, hint=advice.FILL_IN, place=asked.place)
    if chosen_value(subject, name) is ...:
        return unknown(asked.why or NOT_PLAIN, wanted, hint=advice.to_be_read(asked), place=asked.place)
    return None


@check("asked")
def batch_size_fits(subject: Subject) -> Verdict:
    """批大小合适 | The batch size fits

    Above the number of classes, below the number of pictures. A power of two is good for a GPU and no more than that.
    """
    wanted = Text("大于类别数，小于训练图片数", "above the classes, below the training pictures")
    empty = unusable(subject, "batch_size", wanted)
    if empty is not None:
        return empty
    value, where = chosen_value(subject, "batch_size"), chosen(subject, "batch_size").place
    lenet = chosen_value(subject, "backbone") == "LeNet"
    size = value if value is not None else LENET_BATCH if lenet else OTHER_BATCH
    classes, pictures = class_count(subject), training_pictures(subject)
    if not rules.whole(size, 1):
        return no(Text.same(shown(size)), wanted, hint=WHOLE_NUMBER, place=where)
    if classes is None or pictures is None:
        return unknown(Text(f"{size}；{NO_IMAGES.zh}", f"{size}; {NO_IMAGES.en}"), wanted, hint=NAME_DATA, place=where)
    seen = Text(
        f"{size}；{classes} 个类别，{pictures} 张图片",
        f"{size}; {classes} classes, {pictures} pictures",
    )
    if size <= classes:
        return no(seen, wanted, hint=advice.for_parameter("batch_size", "low"), place=where)
    if size >= pictures:
        return no(seen, wanted, hint=advice.for_parameter("batch_size", "high"), place=where)
    if lenet and pictures % size == 1:
        alone = Text("；最后一批只剩 1 张，LeNet 会出错", "; the last batch has one picture, which LeNet cannot take")
        return no(Text(seen.zh + alone.zh, seen.en + alone.en), wanted, hint=LAST_ALONE, place=where)
    if size & (size - 1):
        odd = Text("；能用，2 的幂在显卡上更快", "; good, though a power of two is faster on a GPU")
        seen = Text(seen.zh + odd.zh, seen.en + odd.en)
    return yes(seen, wanted, place=where)


@check("asked")
def class_count_fits(subject: Subject) -> Verdict:
    """类别数与数据集一致 | The number of classes is the data set's

    Also where the accuracy is fine: a head of 1000 left in place learns five classes, and wastes the rest.
    """
    real = data_classes(subject)
    wanted = Text("应等于数据集的类别数", "should equal the number of classes in the data")
    if real is None:
        return unknown(NO_IMAGES, wanted, hint=NAME_DATA)
    asked, where = chosen(subject, "num_classes"), chosen(subject, "num_classes").place
    if asked.state == "not filled in":
        return no(NOT_FILLED_IN, wanted, hint=advice.FILL_IN, place=where)
    found = chosen_value(subject, "num_classes")
    if asked.why is not None and found is ...:  # the config inherits it from a file that nobody has
        return unknown(asked.why, wanted, hint=advice.to_be_read(asked), place=where)
    if not rules.whole(found, 1) and subject.log is not None:
        found, where = subject.log.config.get("num_classes"), subject.log.place()
    if not rules.whole(found, 1):
        seen = Text(f"没有写，按数据集的 {real} 类", f"not stated: the {real} of the data are taken")
        return yes(seen, wanted, place=where)
    seen = Text(f"{found}；数据集有 {real} 类", f"{found}; the data set has {real}")
    if found != real:
        return no(seen, wanted, hint=advice.for_parameter("num_classes", "other"), place=where)
    return yes(seen, wanted, place=where)


@check("asked")
def topk_fits(subject: Subject) -> Verdict:
    """top-k 不超过类别数 | Top-k within the number of classes

    Of the evaluation. In the network's head a larger k is harmless.
    """
    wanted = Text("k 小于类别数才有意义", "k has a meaning below the number of classes")
    empty = unusable(subject, "topk", wanted)
    if empty is not None:
        return empty
    classes, where = class_count(subject), chosen(subject, "topk").place
    value = chosen_value(subject, "topk")
    if value is None and subject.log is not None and "topk" in subject.log.config:
        value, where = subject.log.config["topk"], subject.log.place()
    if classes is None:
        return unknown(NO_IMAGES, wanted, hint=NAME_DATA, place=where)
    ranks = _ranks(value, classes)
    if ranks is None:
        return no(Text.same(shown(value)), wanted, hint=WHOLE_NUMBER, place=where)
    listed = listing(f"top-{rank}" for rank in ranks)
    seen = Text(f"{listed.zh}，共 {classes} 类", f"{listed.en} of {classes} classes")
    if max(ranks) > classes:
        return no(seen, wanted, hint=TOPK_TOO_LARGE, place=where)
    if max(ranks) == classes:
        always = Text("；k 等于类别数时总是 100%", "; always 100 % where k is the number of classes")
        seen = Text(seen.zh + always.zh, seen.en + always.en)
    return yes(seen + _about_head(subject, classes), wanted, place=where)


def _ranks(value: Any, classes: int) -> tuple[int, ...] | None:
    if value is None:  # MMEdu's default
        return (5,) if classes > 5 else (1,)
    if not rules.ranks(value):
        return None
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _about_head(subject: Subject, classes: int) -> Text:
    head = subject.log.config.get("head_topk") if subject.log is not None else None
    if not rules.ranks(head) or max(head if isinstance(head, (list, tuple)) else (head,)) <= classes:
        return Text("", "")
    return Text("；head 里的 topk 更大，没有害处", "(the larger topk of the head does no harm)")


@check("asked")
def save_best_fits(subject: Subject) -> Verdict:
    """能选出最佳权重 | A best checkpoint can be chosen"""
    wanted = Text("每轮验证，并按验证的指标保存", "validate each epoch, and save by a metric that is measured")
    for name in ("validate", "save_best", "metric"):
        empty = unusable(subject, name, wanted)
        if empty is not None:
            return empty
    best, metric = chosen_value(subject, "save_best"), chosen_value(subject, "metric")
    if chosen_value(subject, "validate") is not True:
        place = chosen(subject, "validate").place
        return no(Text("没有打开验证", "validation is off"), wanted, hint=NO_VALIDATION, place=place)
    where = chosen(subject, "save_best").place
    if best is None:
        seen = Text("save_best 是 None，不保存", "save_best is None: nothing is saved")
        return no(seen, wanted, hint=BY_METRIC, place=where)
    measured = list(metric) if isinstance(metric, (list, tuple)) else [metric]
    seen = Text.same(f"save_best={shown(best)}, metric={', '.join(shown(each) for each in measured)}")
    if best == "auto" or any(isinstance(each, str) and str(best).startswith(each) for each in measured):
        return yes(seen, wanted, place=where)
    return no(seen, wanted, hint=BY_METRIC, place=where)


@check("images")
def split_sizes(subject: Subject, *, val_share: tuple[float, float] = (0.1, 0.4)) -> Verdict:
    """训练集与验证集的比例 | The share of the validation set"""
    train, val = split_size(subject, "training_set") or 0, split_size(subject, "val_set") or 0
    low, high = val_share
    wanted = Text(f"验证集占 {low:.0%}–{high:.0%}", f"validation takes {low:.0%} to {high:.0%}")
    seen = Text(f"{train} 张训练，{val} 张验证", f"{train} to train, {val} to validate")
    if val and low <= val / (train + val) <= high:
        return yes(seen, wanted)
    return no(seen, wanted, hint=SPLIT_AGAIN)


NAME_DATA = Text("请写明 num_classes 和数据集的路径。", "State num_classes and the path of the data set.")
WHOLE_NUMBER = Text("请写正整数，不加引号。", "Write positive whole numbers without quotes.")
LAST_ALONE = Text(
    "换一个批大小，让最后一批不止一张图片。",
    "Choose another batch size, so that more than one picture is left for the last batch.",
)
TOPK_TOO_LARGE = Text(
    "前 k 名不能多于类别数：看一看参数 topk。",
    "There cannot be more ranks than classes: look at the parameter topk.",
)
NO_VALIDATION = Text(
    "没有验证就不知道哪一轮最好：看一看参数 validate。",
    "Without validation nobody knows which epoch is best: look at the parameter validate.",
)
BY_METRIC = Text(
    "save_best 要写验证时真正计算的指标：和参数 metric 对一对。",
    "save_best names a metric that the validation measures: compare it with the parameter metric.",
)
SPLIT_AGAIN = Text(
    "数一数 training_set 和 val_set 里的图片，重新分一次。",
    "Count the pictures in training_set and val_set, and split them anew.",
)
