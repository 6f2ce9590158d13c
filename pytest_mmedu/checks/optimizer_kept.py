"""优化器检查 | Check of the optimizer: a checkpoint keeps the settings of the one that made it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from pytest_mmedu import rules
from pytest_mmedu.checkpoint import read_checkpoint
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.confirmed import SAME_TRAINING
from pytest_mmedu.checks.facts import ran_with, run_of
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.files import HAND_IN_UNTOUCHED, RUN_TO_END
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.text import Text, printable

# A checkpoint has no optimizer's name, but the settings that only it has; the same in torch 1.8 and 2.13.
_HAS = {
    "SGD": {"momentum", "nesterov"},
    "Adam": {"betas", "amsgrad"},
    "AdamW": {"betas", "amsgrad"},
    "Adagrad": {"lr_decay", "initial_accumulator_value"},
    "RMSprop": {"alpha", "centered"},
}


@check("run")
def optimizer_agrees(subject: Subject, *, equals: str | None = None) -> Verdict:
    """权重里的优化器 | Optimizer in the checkpoint

    Its kind and its learning rate, as the checkpoint of the last epoch keeps them, are those that were asked for;
    with `equals` it has to be this one.
    """
    run = run_of(subject)
    path = next(reversed(run.checkpoints.values()), run.latest)
    if path is None:
        return no(Text("没有权重文件", "there is no checkpoint"), hint=RUN_TO_END)
    settings, where = read_checkpoint(path).optimizer, printable(path.name, 80)
    optimizer, lr = ran_with(subject, "optimizer"), ran_with(subject, "lr")
    if not settings or optimizer not in _HAS or not rules.positive(lr):
        seen = Text("看不出用了哪个优化器", "it does not tell the optimizer")
        return unknown(seen, hint=HAND_IN_UNTOUCHED, place=where)
    found, rate = _name(settings, str(optimizer)), settings.get("initial_lr", settings.get("lr"))
    seen = Text(f"{found}，lr={shown(rate)}", f"{found}, lr={shown(rate)}")
    wanted = Text(f"参数是 {optimizer}，lr={shown(lr)}", f"asked for {optimizer}, lr={shown(lr)}")
    if equals is not None and found != equals:
        wanted = Text(f"应为 {equals}", f"should be {equals}")
        return no(seen, wanted, hint=advice.for_parameter("optimizer", "other"), place=where)
    same_rate = rules.positive(rate) and math.isclose(rate, lr, rel_tol=1e-6)
    if found == optimizer and same_rate:
        return yes(seen, wanted, place=where)
    return no(seen, wanted, hint=SAME_TRAINING, place=where)


def _name(settings: Mapping[str, Any], asked: str) -> str:
    """The optimizer whose settings these are, the one asked for where Adam and AdamW look alike; "?" for none."""
    fitting = [name for name, has in _HAS.items() if has <= set(settings)]
    return asked if asked in fitting else next(iter(fitting), "?")
