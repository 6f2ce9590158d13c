"""配置与日志 | A check whether a config and a log that were handed in together belong together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pytest_mmedu import rules
from pytest_mmedu.checks import curves
from pytest_mmedu.checks.config_fields import no_config
from pytest_mmedu.checks.facts import LR_ROUNDED, chosen, chosen_value, last_epoch, last_line, logged_rates
from pytest_mmedu.checks.figures import shown
from pytest_mmedu.checks.subject import Subject
from pytest_mmedu.checks.verdict import Verdict, check, no, unknown, yes
from pytest_mmedu.errors import LogError
from pytest_mmedu.logs import TrainLog, read_log
from pytest_mmedu.submission.plain_files import Entry, list_files
from pytest_mmedu.text import Text

_LOG = re.compile(r".*\.log(\.json)?|scalars\.json|\d{8}_\d{6}\.json", re.IGNORECASE)
_MOST_LOGS = 20
_LARGEST = 50_000_000
_FACTS = {"lr": "lr", "batch_size": "batch_size", "optimizer": "optimizer", "num_classes": "num_classes"}

Compared = tuple[str, Any, Any, int | None]


@check("asked")
def config_agrees_with_log(subject: Subject) -> Verdict:
    """交上的日志是这个配置的 | The log that was handed in is this config's

    Of several logs one that agrees is enough: the others are earlier tries.
    """
    config = subject.asked.config
    if config is None:
        return no_config(subject)
    logs = list(_logs(config.folder)) if config.folder is not None else []
    if not logs:
        return unknown(Text("没有和配置一起交的日志", "no log was handed in with it"), hint=HAND_IN_LOG)
    judged = [(log, *_compare(subject, log)) for log in logs]
    judged.sort(key=lambda one: (len(one[2]), -len(one[1])))
    log, same, different = next((one for one in judged if one[1] or one[2]), judged[0])
    if different:
        name, asked, found, line = different[0]
        seen = Text(
            f"{name}：配置是 {shown(asked)}，日志里是 {shown(found)}",
            f"{name}: the config has {shown(asked)}, the log {shown(found)}",
        )
        return no(seen, hint=THIS_ONES_LOG, place=log.place(line))
    if not same:
        return unknown(Text("没有可以比较的内容", "nothing to compare"), hint=HAND_IN_LOG, place=log.place())
    names = [name for name, *_ in same]
    return yes(Text(f"{'、'.join(names)} 一致", f"the same {', '.join(names)}"), place=log.place())


def _logs(folder: Path) -> Iterator[TrainLog]:
    files, _ = list_files(folder)
    for entry in [one for one in files if _fits(one)][:_MOST_LOGS]:
        try:
            yield read_log(folder / entry.path)
        except LogError:
            continue


def _fits(entry: Entry) -> bool:
    return _LOG.fullmatch(entry.path.name) is not None and entry.size <= _LARGEST


def _compare(subject: Subject, log: TrainLog) -> tuple[list[Compared], list[Compared]]:
    """What both know: the same, and different."""
    same: list[Compared] = []
    different: list[Compared] = []
    for one in (*_epochs(subject, log), *_stated(subject, log)):
        (same if one[1] == one[2] else different).append(one)
    return same, different


def _epochs(subject: Subject, log: TrainLog) -> Iterator[Compared]:
    asked, reached = _asked(subject, "epochs"), last_epoch(log)
    stated = log.config.get("max_epochs")
    if not rules.whole(asked, 1):
        return
    if rules.whole(stated, 1):
        yield "epochs", asked, stated, None
    elif reached:
        yield "epochs", asked, max(asked, reached), last_line(log)


def _stated(subject: Subject, log: TrainLog) -> Iterator[Compared]:
    for name, fact in _FACTS.items():
        asked, found = _asked(subject, name), log.config.get(fact)
        if asked is not None and found is not None:
            yield name, asked, found, None
    lr, rates = _asked(subject, "lr"), logged_rates(log)
    if rules.positive(lr) and "lr" not in log.config and rates:
        values = [value for value, _ in rates]
        yield "lr", lr, lr if curves.may_reach(values, lr, LR_ROUNDED) else max(values), rates[0][1]


def _asked(subject: Subject, name: str) -> Any:
    """What the config itself says; a value that cannot be read is compared with nothing."""
    asked = chosen(subject, name)
    return chosen_value(subject, name) if asked.state == "given" and asked.differs is None else None


HAND_IN_LOG = Text(
    "把这个配置训练出的日志（.log 或 .log.json）一起交上。",
    "Hand in the log (.log or .log.json) of the training that this config made.",
)
THIS_ONES_LOG = Text(
    "日志和配置不是同一次训练的：交最后一次训练的那两份。",
    "Log and config are not of one training: hand in both of your last one.",
)
