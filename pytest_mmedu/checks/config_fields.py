"""配置的字段 | A check of any field of a config, by its dotted path; and what several checks of configs ask."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from pytest_mmedu.asked import NOT_PLAIN
from pytest_mmedu.checks import advice
from pytest_mmedu.checks.bounds import Bounds, text_for_number
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.parameters import NOT_FILLED_IN
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, because, check, no, unknown, yes
from pytest_mmedu.config_tree import Found
from pytest_mmedu.text import Text


@check()
def field(
    subject: Subject,
    path: str,
    *,
    between: tuple[float, float] | None = None,
    one_of: Collection[Any] | None = None,
    equals: Any = Bounds.ANY,
    at_least: float | None = None,
    at_most: float | None = None,
) -> Verdict:
    """配置字段 | Config field

    `check.field("model.head.num_classes", equals=5)`: one field of the config with its parents, by its dotted path;
    of several paths with `|` between them the first that is there: `"optimizer.lr|optim_wrapper.optimizer.lr"`.
    """
    bounds = Bounds.of(path, between=between, one_of=one_of, equals=equals, at_least=at_least, at_most=at_most)
    title = Text(f"配置 {path}", f"Config {path}")
    config = subject.asked.config
    if config is None:
        return replace(no_config(subject), title=title)
    found = config.first(*path.split("|"))
    if found.state == "not filled in":
        return no(NOT_FILLED_IN, bounds.wanted, hint=advice.FILL_IN, place=found.place, title=title)
    if found.state == "unreadable":
        return replace(not_known(found, bounds.wanted), title=title)
    seen = Text.same(shown(found.value))
    if found.state == "missing":
        seen = Text("没有写", "not stated")
    where = found.place or config.name
    if bounds.hold(found.value):
        return yes(seen, bounds.wanted, place=where, title=title)
    if isinstance(found.value, str) and bounds.allowed is None:
        return no(text_for_number(found.value), bounds.wanted, hint=advice.NO_QUOTES, place=where, title=title)
    return no(seen, bounds.wanted, hint=_hint(path, bounds.side(found.value)), place=where, title=title)


def no_config(subject: Subject) -> Verdict:
    """The verdict where something else than a config was handed in, or one that cannot be read."""
    if subject.no_run is not None and subject.asked.place is None:
        return because(subject.no_run)
    return no(Text("没有交配置文件", "no config was handed in"), hint=HAND_IN_CONFIG)


def not_known(found: Found, wanted: Text | None = None) -> Verdict:
    """Of a field that is inherited from a file that was not handed in, or computed in a way that nobody can read."""
    hint = advice.WRITE_OUT if found.why in (None, NOT_PLAIN) else advice.HAND_IN_PARENTS
    return unknown(found.why or NOT_PLAIN, wanted, hint=hint, place=found.place)


def _hint(path: str, side: str) -> Text:
    name = path.partition("|")[0].rpartition(".")[2]
    known = _NAMES.get(name)
    if known is not None:
        return advice.for_parameter(known, side)
    if side in ("low", "high"):
        return advice.for_parameter(name, side)
    return Text(
        f"再读一遍练习要求里关于 {name} 的部分，再看看配置里写的是什么。",
        f"Read again what the exercise says about {name}, and look at what the config says.",
    )


_NAMES = {
    "lr": "lr",
    "max_epochs": "epochs",
    "total_epochs": "epochs",
    "samples_per_gpu": "batch_size",
    "batch_size": "batch_size",
    "num_classes": "num_classes",
    "weight_decay": "weight_decay",
}
HAND_IN_CONFIG = Text(
    "交上 mmcls 的配置文件（.py），里面有 model 或 _base_。",
    "Hand in the config of mmcls (a .py file) with its model or its _base_.",
)
