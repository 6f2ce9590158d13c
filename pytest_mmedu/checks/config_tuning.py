"""微调的设置 | Checks of a config that starts from trained weights: smaller steps, fewer epochs."""

from __future__ import annotations

from typing import Any

from pytest_mmedu import rules
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.choices import unusable
from pytest_mmedu.checks.config_fields import no_config, not_known
from pytest_mmedu.checks.facts import chosen, chosen_value
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.parameters import NOT_FILLED_IN
from pytest_mmedu.checks.start import SMALLER_STEPS
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.config_tree import ConfigTree, Found
from pytest_mmedu.text import Text

_WEIGHTS = ("load_from", "model.backbone.init_cfg.checkpoint", "model.init_cfg.checkpoint", "model.pretrained")


@check("asked")
def starts_from_weights(subject: Subject) -> Verdict:
    """从训练过的权重开始 | Starts from trained weights

    By what the config says: the file itself is often too large to hand in.
    """
    config = subject.asked.config
    if config is None:
        return no_config(subject)
    start = _start(config)
    where = start.place or config.name
    if start.state == "not filled in":
        return no(NOT_FILLED_IN, hint=advice.FILL_IN, place=where)
    if start.state == "unreadable":
        return not_known(start)
    if not start.value:
        return no(Text("没有写，从头训练", "not stated: from scratch"), hint=NAME_WEIGHTS, place=where)
    if not rules.path_ending(start.value, ".pth"):
        seen = Text(f"{shown(start.value)} 不是 .pth 文件", f"{shown(start.value)} is no .pth file")
        return no(seen, hint=NAME_WEIGHTS, place=where)
    return yes(Text.same(shown(start.value)), place=where)


@check("asked")
def lr_for_tuning(subject: Subject, *, below: float = 0.1) -> Verdict:
    """微调的学习率调小了 | The rate is lowered for fine-tuning

    `below`: of SGD, at the batch size of the schedules that come with mmcls; Adam and its kind take a tenth of it.
    """
    adaptive = str(chosen_value(subject, "optimizer")).lower().startswith(("ada", "nada", "rada", "rms", "lamb"))
    limit = below / 10 if adaptive and not str(chosen_value(subject, "optimizer")).startswith("Adagrad") else below
    wanted = Text(f"微调时小于 {shown(limit)}", f"below {shown(limit)} when fine-tuning")
    return _judged(subject, "lr", limit, wanted, SMALLER_STEPS)


@check("asked")
def epochs_for_tuning(subject: Subject, *, below: int = 200) -> Verdict:
    """微调的轮数减少了 | Fewer epochs for fine-tuning"""
    wanted = Text(f"微调时少于 {below} 轮", f"fewer than {below} when fine-tuning")
    return _judged(subject, "epochs", below, wanted, advice.for_parameter("epochs", "high"))


def _judged(subject: Subject, name: str, limit: float, wanted: Text, hint: Text) -> Verdict:
    config = subject.asked.config
    if config is None:
        return no_config(subject)
    empty = unusable(subject, name, wanted)
    if empty is not None:
        return empty
    start = _start(config)
    if start.state == "not filled in":
        return no(NOT_FILLED_IN, wanted, hint=advice.FILL_IN, place=start.place)
    if start.state == "unreadable":
        return not_known(start, wanted)
    value, where = chosen_value(subject, name), chosen(subject, name).place
    if value is None:
        return unknown(Text("没有写", "not stated"), wanted, hint=advice.WRITE_OUT, place=where)
    seen = Text(f"{shown(value)}，从头训练", f"{shown(value)}, from scratch")
    if not start.value:
        return yes(seen, place=where)
    seen = Text(f"{shown(value)}，从训练过的权重开始", f"{shown(value)}, from trained weights")
    if _number(value) and value < limit:
        return yes(seen, wanted, place=where)
    return no(seen, wanted, hint=hint, place=where)


def _start(config: ConfigTree) -> Found:
    """The weights that the training starts from; of several ways to say so the first that names any."""
    found = [config.at(path) for path in _WEIGHTS]
    named = next((one for one in found if one.given and one.value), None)
    return named or next((one for one in found if one.state == "unreadable"), found[0])


def _number(value: Any) -> bool:
    return rules.positive(value)


NAME_WEIGHTS = Text(
    "微调要从训练过的权重开始：用 load_from 写明是哪个 .pth 文件。",
    "Fine-tuning starts from trained weights: name their .pth file by load_from.",
)
